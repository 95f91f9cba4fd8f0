"""One task a file; each has a class `Training`."""
