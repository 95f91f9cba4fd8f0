"""Judges and metrics: what recordings and synthesis are scored with, never steered by."""
