"""Corpora: one adapter a file, manifests, features on disk."""
