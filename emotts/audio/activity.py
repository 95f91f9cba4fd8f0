"""Where somebody speaks: level against the recording's own background, and voicing.

Levels are compared with the recording's quiet (10th percentile) and loud (95th percentile) frames,
so that no absolute level is assumed; voiced frames count from a lower level. Short gaps, such as a
stop consonant's closure, belong to the speech around them, and short bursts are no speech.
"""

from __future__ import annotations

import numpy as np

from emotts.audio.constants import FRAME_RATE, HOP_LENGTH, SAMPLE_RATE
from emotts.audio.f0 import track_f0

WINDOW_SECONDS = 0.032
SILENT_DBFS = -80.0
OVER_BACKGROUND_DB = 6.0
UNDER_LOUD_DB = 32.0
VOICED_UNDER_LOUD_DB = 38.0
LITTLE_CONTRAST_DB = 14.0
LONGEST_GAP_SECONDS = 0.2
SHORTEST_BURST_SECONDS = 0.08


def level_dbfs(samples: np.ndarray, rate: int = SAMPLE_RATE) -> np.ndarray:
    """Level over 32 ms at 93.75 frames a second.

    samples: (n,) at `rate`. Returns (n // 256 at 24 kHz,) in dB relative to full scale, ≥ −120.
    """
    frames = len(samples) * SAMPLE_RATE // rate // HOP_LENGTH
    power = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    centres = (np.arange(frames) + 0.5) * HOP_LENGTH / SAMPLE_RATE * rate
    first = np.clip(np.round(centres - WINDOW_SECONDS / 2 * rate).astype(int), 0, len(samples))
    last = np.clip(np.round(centres + WINDOW_SECONDS / 2 * rate).astype(int), 0, len(samples))
    mean = (power[last] - power[first]) / np.maximum(last - first, 1)
    return 10 * np.log10(np.maximum(mean, 1e-12))


def speech_activity(
    samples: np.ndarray, rate: int = SAMPLE_RATE, voiced: np.ndarray | None = None
) -> np.ndarray:
    """Whether somebody speaks, at 93.75 frames a second.

    samples: (n,) at `rate`. voiced: flags of `track_f0` where they are known already. Returns
    bool (n // 256 at 24 kHz,); none is true in silence or in a steady noise without voice.
    """
    level = level_dbfs(samples, rate)
    voiced = track_f0(samples, rate)[1] if voiced is None else np.asarray(voiced, dtype=bool)
    if not len(level) or level.max() < SILENT_DBFS:
        return np.zeros(len(level), dtype=bool)
    background, loud = np.percentile(level, [10, 95])
    if loud - background < LITTLE_CONTRAST_DB:  # level cannot tell speech from noise, voice can
        return _without_bursts(_closed(voiced & (level > loud - VOICED_UNDER_LOUD_DB)))
    threshold = max(background + OVER_BACKGROUND_DB, loud - UNDER_LOUD_DB)
    voiced_threshold = max(background + OVER_BACKGROUND_DB / 2, loud - VOICED_UNDER_LOUD_DB)
    heard = (level > threshold) | (voiced & (level > voiced_threshold))
    return _without_bursts(_closed(heard))


def spans(active: np.ndarray) -> list[tuple[float, float]]:
    """Stretches where flags (frames,) at 93.75 a second are true: (start, end) in seconds."""
    return [(start / FRAME_RATE, end / FRAME_RATE) for start, end in _runs(active)]


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    edges = np.diff(np.concatenate([[0], np.asarray(flags, dtype=np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _closed(active: np.ndarray) -> np.ndarray:
    """Gaps between two active stretches filled where they are short."""
    active = active.copy()
    runs = _runs(active)
    for (_, end), (start, _) in zip(runs, runs[1:], strict=False):
        if start - end <= LONGEST_GAP_SECONDS * FRAME_RATE:
            active[end:start] = True
    return active


def _without_bursts(active: np.ndarray) -> np.ndarray:
    active = active.copy()
    for start, end in _runs(active):
        if end - start < SHORTEST_BURST_SECONDS * FRAME_RATE:
            active[start:end] = False
    return active
