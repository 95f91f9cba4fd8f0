"""Data of the acoustic model: aligned, relative to each speaker's neutral speech."""
