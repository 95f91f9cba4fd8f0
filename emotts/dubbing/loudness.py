"""Loudness as ITU-R BS.1770-4 measures it, and sound brought to a loudness.

Everything goes in blocks, so an hour of sound needs no second copy.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from emotts.dubbing.true_peak import (
    CEILING_DBTP,
    columns,
    decibels,
    highest_peak,
    limit_true_peak,
    true_peak_db,
)
from emotts.errors import EmottsError

LUFS = -23.0
GATE_SECONDS, STEP_SECONDS = 0.4, 0.1
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0
ROUNDS = 6
NEAR_LU = 0.02
_STEPS = 16  # of a block


@dataclass(frozen=True)
class Mastered:
    """samples: (n,) or (n, channels); gain_db: what was added before limiting; lufs and
    true_peak_db: as measured on them."""

    samples: np.ndarray
    gain_db: float
    lufs: float
    true_peak_db: float


def integrated_loudness(samples: np.ndarray, rate: int) -> float:
    """Gated loudness in LUFS of samples (n,) or (n, 1 or 2), −inf where nothing passes the gates.

    The filters are pyloudnorm's. Sound shorter than one gate is measured as it is, ungated.
    """
    return _gated(_gate_powers(samples, rate))


def master(
    samples: np.ndarray, rate: int, lufs: float = LUFS, ceiling_db: float = CEILING_DBTP
) -> Mastered:
    """Bring sound to a loudness with its true peaks under a ceiling; silence stays silent.

    Limiting takes loudness away, so the gain is corrected until both hold, or until a sound of
    nothing but peaks shows that they cannot.
    """
    power = _gate_powers(samples, rate)
    own, peak_db = _gated(power), decibels(highest_peak(samples))
    if own == -math.inf:
        return Mastered(samples, 0.0, own, peak_db)
    gain_db, made, got = lufs - own, samples, own
    for _ in range(ROUNDS):
        made = samples * np.float32(10 ** (gain_db / 20))
        if peak_db + gain_db <= ceiling_db:
            return Mastered(made, gain_db, _gated(power * 10 ** (gain_db / 10)), peak_db + gain_db)
        made = limit_true_peak(made, rate, ceiling_db)
        got = integrated_loudness(made, rate)
        if abs(lufs - got) <= NEAR_LU:
            break
        gain_db += lufs - got
    return Mastered(made, gain_db, got, true_peak_db(made, rate))


def _gated(power: np.ndarray) -> float:
    """Loudness of what passes the gates, of the powers of `_gate_powers`."""
    with np.errstate(divide="ignore"):
        loudness = -0.691 + 10 * np.log10(power)
    loud = loudness >= ABSOLUTE_GATE
    if not loud.any():
        return -math.inf
    threshold = -0.691 + 10 * math.log10(power[loud].mean()) + RELATIVE_GATE
    kept = power[loud & (loudness > threshold)]
    return -0.691 + 10 * math.log10(kept.mean())


@cache
def _weighting(rate: int) -> np.ndarray:
    """K-weighting: pyloudnorm's two filters as second-order sections (2, 6)."""
    try:
        from pyloudnorm.iirfilter import IIRfilter
    except ImportError as error:
        raise EmottsError(
            "loudness needs the package pyloudnorm: pip install 'emotts[dub]'"
        ) from error
    shelf = IIRfilter(4.0, 1 / math.sqrt(2), 1500.0, rate, "high_shelf")
    cut = IIRfilter(0.0, 0.5, 38.0, rate, "high_pass")
    return np.array([np.concatenate([f.b, f.a]) / f.a[0] for f in (shelf, cut)])


def _gate_powers(samples: np.ndarray, rate: int) -> np.ndarray:
    """Mean square of the weighted channels, summed, in every gate of 400 ms, 100 ms apart."""
    step, gate = round(STEP_SECONDS * rate), round(GATE_SECONDS / STEP_SECONDS)
    channels = columns(samples)
    count = len(samples) // step
    if count < gate:
        squares = sum(np.square(x).sum() for c in channels for x in _weighted(c, rate))
        return np.array([squares / max(len(samples), 1)])
    sums = np.zeros(count)
    for channel in channels:
        for number, block in enumerate(_weighted(channel, rate)):
            squares = np.square(block)[: len(block) // step * step].reshape(-1, step).sum(axis=1)
            first = number * _STEPS
            sums[first : first + len(squares)] += squares
    return np.convolve(sums, np.ones(gate), "valid") / (gate * step)


def _weighted(channel: np.ndarray, rate: int) -> Iterator[np.ndarray]:
    """The weighted channel in blocks of _STEPS steps."""
    from scipy.signal import sosfilt

    sections, size = _weighting(rate), _STEPS * round(STEP_SECONDS * rate)
    state = np.zeros((len(sections), 2))
    for start in range(0, len(channel), size):
        block, state = sosfilt(sections, channel[start : start + size].astype(np.float64), zi=state)
        yield block
