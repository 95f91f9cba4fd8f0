"""Dubbing: scripts with times, voices and emotions become finished tracks."""
