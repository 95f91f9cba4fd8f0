"""Metrics that are computed, not judged: numpy in, numbers out."""
