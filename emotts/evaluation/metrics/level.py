"""Level: how loud, how wide the swing, how much is clipped."""

from __future__ import annotations

import numpy as np

from emotts.errors import EmottsError

FRAME_SECONDS = 0.02
QUIETEST_DBFS = -120.0
ACTIVE_DB = 40.0  # frames further below the loudest are pauses
FULL_SCALE = 0.999
CLIPPED_RUN = 3  # samples at full scale in a row: a peak that merely touches it is not clipped


def decibels(mean_square: np.ndarray | float) -> np.ndarray:
    """dB relative to full scale of a mean square, not below −120."""
    return 10 * np.log10(np.maximum(mean_square, 10 ** (QUIETEST_DBFS / 10)))


def level_statistics(samples: np.ndarray, rate: int) -> dict[str, float]:
    """Of samples (n,) at `rate` Hz, in dB relative to full scale.

    level_dbfs: root mean square of the frames of 20 ms within 40 dB of the loudest, so that
    pauses do not count; level_span_db: their 5th to 95th percentile; peak_dbfs.
    """
    samples = np.asarray(samples, dtype=np.float64)
    if samples.ndim != 1 or not len(samples):
        raise EmottsError("A level needs one row of samples.")
    size = max(1, round(FRAME_SECONDS * rate))
    count = max(1, len(samples) // size)
    power = np.array([np.mean(frame**2) for frame in np.array_split(samples, count)])
    active = power[power >= power.max() * 10 ** (-ACTIVE_DB / 10)]
    low, high = np.percentile(decibels(active), [5, 95])
    return {
        "level_dbfs": float(decibels(active.mean())),
        "level_span_db": float(high - low),
        "peak_dbfs": float(decibels(np.abs(samples).max() ** 2)),
    }


def clipped_share(samples: np.ndarray) -> float:
    """Share of samples (n,) that lie in runs of three or more at full scale of one sign."""
    samples = np.asarray(samples)
    if not len(samples):
        return 0.0
    state = np.where(samples >= FULL_SCALE, 1, np.where(samples <= -FULL_SCALE, -1, 0))
    starts = np.flatnonzero(np.diff(state, prepend=2))
    lengths = np.diff(starts, append=len(state))
    clipped = lengths[(state[starts] != 0) & (lengths >= CLIPPED_RUN)]
    return float(clipped.sum() / len(state))
