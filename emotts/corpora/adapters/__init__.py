"""One adapter a corpus: its licence, its layout as distributed, its splits, and `read`."""
