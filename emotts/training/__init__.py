"""Objectives, data, loop, resume."""
