"""Networks only: no files, no printing."""
