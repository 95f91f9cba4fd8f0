"""Fundamental frequency by SwiftF0 (MIT), on the frames of the mel spectrogram."""

from functools import lru_cache

import numpy as np

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE
from emotts.errors import EmottsError

MIN_HZ, MAX_HZ = 55.0, 900.0
SURMISE = 0.1  # confidence at which a frame may have pitch: onsets and ends, where speech is creaky


@lru_cache(maxsize=1)
def _detector():
    try:
        from swift_f0 import SwiftF0
    except ImportError as error:
        raise EmottsError(
            "Tracking F0 needs the package swift-f0: pip install 'emotts[train]'."
        ) from error
    return SwiftF0(threads=1, spin=False)


def track_f0(
    samples: np.ndarray, rate: int = SAMPLE_RATE, confidence: float = 0.5
) -> tuple[np.ndarray, np.ndarray]:
    """Track F0 at 93.75 frames a second.

    samples: (n,) float at `rate`. Returns f0 in Hz (n // 256,) float32, 0 where unvoiced,
    and the voiced flag (n // 256,) bool. Gaps are not filled.
    """
    import soxr

    frames = len(samples) * SAMPLE_RATE // rate // HOP_LENGTH
    f0 = np.zeros(frames, dtype=np.float32)
    if frames < 4:
        return f0, f0 > 0
    peak = float(np.max(np.abs(samples))) or 1.0
    mono = soxr.resample(np.asarray(samples, dtype=np.float32) * (0.5 / peak), rate, 16000)
    found = _detector().detect(mono, 16000, fmin=MIN_HZ, fmax=MAX_HZ)
    times = (np.arange(frames) + 0.5) * HOP_LENGTH / SAMPLE_RATE
    index = np.clip(np.searchsorted(found.timestamps, times), 1, len(found.timestamps) - 1)
    index -= times - found.timestamps[index - 1] < found.timestamps[index] - times
    known = found.confidence >= confidence
    voiced = known[index]
    hz = found.pitch_hz
    if known.any():
        curve = np.exp(np.interp(times, found.timestamps[known], np.log(hz[known])))
        f0[voiced] = curve[voiced]
    return f0, f0 > 0


def fill_gaps(log_f0: np.ndarray, voiced: np.ndarray, default: float = 0.0) -> np.ndarray:
    """Interpolate a curve through its unvoiced frames, held at both ends."""
    if not voiced.any():
        return np.full_like(log_f0, default)
    frames = np.arange(len(log_f0))
    return np.interp(frames, frames[voiced], log_f0[voiced]).astype(np.float32)
