"""Audio in and out: reading, writing, mel spectrogram, F0. NumPy in, NumPy out."""
