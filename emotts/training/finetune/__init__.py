"""Fine-tuning of a finished set on recordings of one's own."""
