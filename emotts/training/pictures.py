"""Mel spectrograms with F0 as pictures for TensorBoard."""

import numpy as np

from emotts.audio.constants import N_FFT, SAMPLE_RATE
from emotts.audio.mel import mel_filters

DARK, LIGHT = np.array([0.05, 0.03, 0.2]), np.array([1.0, 0.95, 0.7])
F0_COLOUR = np.array([0.1, 0.9, 1.0])


def mel_picture(mel: np.ndarray, f0: np.ndarray | None = None, height: int = 3) -> np.ndarray:
    """mel: (frames, 80) natural log; f0: (frames,) Hz, 0 where unvoiced, drawn ten times as high.

    Returns (3, 80 * height, frames) in 0..1, low bands at the bottom.
    """
    level = np.clip((mel.T[::-1] + 9.0) / 10.0, 0.0, 1.0).repeat(height, axis=0)
    picture = DARK[:, None, None] * (1 - level) + LIGHT[:, None, None] * level
    if f0 is not None:
        centres = mel_filters().argmax(axis=1) * SAMPLE_RATE / N_FFT
        for frame in np.flatnonzero(f0 > 0):
            band = int(np.searchsorted(centres, 10.0 * f0[frame]))
            row = max(0, (79 - min(band, 79)) * height)
            picture[:, row : row + height, frame] = F0_COLOUR[:, None]
    return picture
