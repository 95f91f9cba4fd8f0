"""Training-free use of the checkpoints."""
