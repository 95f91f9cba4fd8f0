"""Curves on the frames of one mel, moved to those of another."""

import numpy as np

from emotts.audio.f0 import fill_gaps
from emotts.audio.mel_config import MEL_24K, MelConfig


def f0_at(f0: np.ndarray, mel: MelConfig, frames: int) -> np.ndarray:
    """F0 of 24 kHz features on the frames of another mel.

    f0: (n,) Hz, 0 where unvoiced. Returns (frames,) float32: voiced as the nearest frame is, its
    logarithm interpolated between frame centres.
    """
    voiced = f0 > 0
    if not voiced.any() or not frames:
        return np.zeros(frames, dtype=np.float32)
    times = (np.arange(frames) + (0.5 if mel.padding == "same" else 0.0)) / mel.frame_rate
    places = times * MEL_24K.frame_rate - 0.5
    filled = fill_gaps(np.log(np.maximum(f0, 1.0)), voiced)
    curve = np.exp(np.interp(places, np.arange(len(f0)), filled))
    nearest = np.clip(np.floor(places + 0.5).astype(int), 0, len(f0) - 1)
    return np.where(voiced[nearest], curve, 0.0).astype(np.float32)
