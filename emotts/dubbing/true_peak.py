"""True peaks: what a converter makes between the samples, measured and kept below a ceiling.

ITU-R BS.1770-4, annex 2, with twice its oversampling. Windows that cannot hold the highest peak,
by the most that the interpolating filter can make of their samples, are not looked at.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np

from emotts.errors import EmottsError

CEILING_DBTP = -1.0
OVERSAMPLING = 8  # twice what the standard asks for: four reads up to 0.7 dB too little
HALF_TAPS = 24
RELEASE_SECONDS = 0.01
MARGIN_DB = 0.05
ROUNDS = 6
_EDGE = HALF_TAPS + 1
_WINDOW, _AT_ONCE = 256, 256


def highest_peak(samples: np.ndarray) -> float:
    """The highest true peak of all channels of samples (n,) or (n, 1 or 2); 0 for silence."""
    channels = columns(samples)
    floor = max((float(np.abs(x).max(initial=0.0)) for x in channels), default=0.0)
    for channel in channels:
        found = [float(x.max()) for _, x in _envelopes(channel, floor, rising=True)]
        floor = max([floor, *found])
    return floor


def true_peak_db(samples: np.ndarray, rate: int) -> float:
    """The highest true peak of all channels in dB relative to full scale.

    True for what lies below nine tenths of half the rate; peaks of the little above are read too
    low, though less so than by the standard's own filter.
    """
    return decibels(highest_peak(samples))


def limit_true_peak(samples: np.ndarray, rate: int, ceiling_db: float = CEILING_DBTP) -> np.ndarray:
    """Samples whose true peaks stay under a ceiling: the gain of all channels falls smoothly
    before a peak and rises after it. Untouched where nothing is too loud."""
    out, aim_db = samples, ceiling_db - MARGIN_DB
    ceiling = 10 ** (ceiling_db / 20)
    for _ in range(ROUNDS):
        if not _passes(out, ceiling):
            return out
        out = _limited(out, rate, aim_db)
        aim_db -= MARGIN_DB
    return out * np.float32(10 ** (-max(0.0, true_peak_db(out, rate) - aim_db) / 20))


def decibels(amplitude: float) -> float:
    """20 log₁₀, −inf for nothing."""
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf


def columns(samples: np.ndarray) -> list[np.ndarray]:
    """The channels of samples (n,) or (n, 1 or 2). Raises EmottsError for other shapes."""
    rows = samples[:, None] if samples.ndim == 1 else samples
    if rows.ndim != 2 or rows.shape[1] > 2:
        raise EmottsError(f"loudness is measured of one or two channels, not {samples.shape}")
    return [rows[:, k] for k in range(rows.shape[1])]


def _passes(samples: np.ndarray, ceiling: float) -> bool:
    return any(
        bool((envelopes > ceiling).any())
        for channel in columns(samples)
        for _, envelopes in _envelopes(channel, ceiling)
    )


@cache
def _interpolator() -> tuple[np.ndarray, float]:
    """Low-pass of OVERSAMPLING times the rate, and the most it can make of samples of ±1."""
    from scipy.signal import firwin

    taps = firwin(2 * HALF_TAPS * OVERSAMPLING + 1, 1 / OVERSAMPLING, window=("kaiser", 6.0))
    taps = taps * OVERSAMPLING
    bound = max(np.abs(taps[k::OVERSAMPLING]).sum() for k in range(OVERSAMPLING))
    return taps, float(bound)


def _envelopes(
    channel: np.ndarray, floor: float, rising: bool = False
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield numbers (k,) and true peaks beside each sample (k, _WINDOW) of windows, the loudest
    first, as long as one may pass a floor; rising: or what was found so far."""
    count = max(1, -(-len(channel) // _WINDOW))
    padded = np.zeros(count * _WINDOW + 2 * _EDGE, dtype=channel.dtype)
    padded[_EDGE : _EDGE + len(channel)] = channel
    views = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW + 2 * _EDGE)[::_WINDOW]
    loudest = np.abs(padded[_EDGE : len(padded) - _EDGE]).reshape(count, _WINDOW).max(axis=1)
    around = np.concatenate([[0.0], loudest, [0.0]])
    most = np.max([around[:-2], loudest, around[2:]], axis=0) * _interpolator()[1]
    order = np.argsort(-most, kind="stable")
    for first in range(0, count, _AT_ONCE):
        numbers = order[first : first + _AT_ONCE]
        numbers = numbers[most[numbers] > floor]
        if not len(numbers):
            return
        envelopes = _between(views[numbers])
        if rising:
            floor = max(floor, float(envelopes.max()))
        yield numbers, envelopes


def _between(pieces: np.ndarray) -> np.ndarray:
    """True peaks (k, _WINDOW) beside the inner samples of pieces (k, _WINDOW + 2 _EDGE)."""
    from scipy.signal import upfirdn

    taps, _ = _interpolator()
    fine = np.abs(upfirdn(taps, pieces.astype(np.float64), OVERSAMPLING, axis=1))
    fine = fine[:, HALF_TAPS * OVERSAMPLING :][:, : pieces.shape[1] * OVERSAMPLING]
    peaks = fine.reshape(len(pieces), -1, OVERSAMPLING).max(axis=2)
    peaks[:, 1:] = np.maximum(peaks[:, 1:], peaks[:, :-1])  # a peak lies between two samples
    return peaks[:, _EDGE : _EDGE + _WINDOW]


def _limited(samples: np.ndarray, rate: int, ceiling_db: float) -> np.ndarray:
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    ceiling = 10 ** (ceiling_db / 20)
    gain = np.ones((-(-len(samples) // _WINDOW), _WINDOW), dtype=np.float32)
    for channel in columns(samples):
        for numbers, envelopes in _envelopes(channel, ceiling):
            needed = np.minimum(1.0, ceiling / np.maximum(envelopes, 1e-9)).astype(np.float32)
            gain[numbers] = np.minimum(gain[numbers], needed)
    gain = gain.reshape(-1)[: len(samples)]
    width = 2 * int(RELEASE_SECONDS * rate / 2) + 1
    gain = uniform_filter1d(minimum_filter1d(gain, 2 * width + 1), width)
    return samples * (gain if samples.ndim == 1 else gain[:, None])
