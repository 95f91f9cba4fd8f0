"""Mel-cepstral distortion after dynamic time warping, and the alignment that F0 metrics share.

The exact definition, since published figures differ by it (Kubichek 1993):
- speech at 24 kHz on the frames of the mel spectrogram (hop 256), F0 by SwiftF0;
- spectral envelope by WORLD's CheapTrick (Morise 2015), mel cepstrum c_0…c_34 by frequency
  transformation with α = 0.466, as SPTK's `sp2mc`;
- frames more than 20 dB below the file's mean frame power are left out;
- exact dynamic time warping over Euclidean distances of c_1…c_34, steps (1,1), (1,0), (0,1);
- (10 / ln 10) · sqrt(2 Σ (c_d − c'_d)²) over d = 1…34, the mean along the path, in dB.
c_0 is left out, so that level does not count; VERSA and ESPnet count it and give larger values.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from types import ModuleType
from typing import NamedTuple

import numpy as np

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE
from emotts.errors import EmottsError

ORDER = 34
ALPHA = 0.466
SILENCE_DB = -20.0  # relative to the mean frame power
MAX_PAIRS = 40_000_000  # frame pairs, about a minute of speech against a minute
LOWEST_F0 = 55.0
DECIBELS = 10 / np.log(10) * np.sqrt(2)


class SpokenFrames(NamedTuple):
    """Frames of speech only: mel cepstra (n, 35) and F0 (n,) in Hz, 0 where unvoiced."""

    cepstra: np.ndarray
    f0: np.ndarray


@lru_cache(maxsize=4)
def _warping(bins: int, order: int, alpha: float) -> np.ndarray:
    """(bins, order + 1): the linear map from a log power spectrum to its mel cepstrum.

    The log amplitude is read off on a uniform grid of warped frequency, through the exact cosine
    series of its bins, and its cosine coefficients there are taken.
    """
    count = bins - 1
    warped = np.pi * (np.arange(8 * count) + 0.5) / (8 * count)
    plain = warped - 2 * np.arctan2(alpha * np.sin(warped), 1 + alpha * np.cos(warped))
    # The series of a real even spectrum of 2·count points: log|H|² = Σ a_n cos(n ω).
    lags = np.arange(bins)
    edges = np.where((lags == 0) | (lags == count), 0.5, 1.0)
    grid = np.pi * lags / count
    series = 2 / count * edges[:, None] * np.cos(np.outer(lags, grid)) * edges[None, :]
    on_warped = np.cos(np.outer(plain, lags)) @ series
    orders = np.arange(order + 1)
    analysis = 2 / len(warped) * np.cos(np.outer(orders, warped))
    analysis[0] /= 2
    return 0.5 * (analysis @ on_warped).T


def mel_cepstrum(power: np.ndarray, order: int = ORDER, alpha: float = ALPHA) -> np.ndarray:
    """Mel cepstrum (frames, order + 1) of a power spectrum (frames, bins), natural log amplitude.

    log|H(ω)| = Σ c_m cos(m β(ω)) with β the phase of an all-pass of coefficient alpha
    (Tokuda et al. 1994).
    """
    power = np.atleast_2d(np.asarray(power, dtype=np.float64))
    return np.log(np.maximum(power, 1e-20)) @ _warping(power.shape[1], order, alpha)


def world() -> ModuleType:
    """pyworld, without its warning about how it finds its own version."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyworld
    return pyworld


def spoken_frames(samples: np.ndarray) -> SpokenFrames:
    """Analyse samples (n,) at 24 kHz; needs the package pyworld.

    Raises EmottsError for silence and for less than four frames of sound.
    """
    from emotts.audio.f0 import track_f0

    pyworld = world()
    samples = np.ascontiguousarray(samples, dtype=np.float64)
    f0 = track_f0(samples.astype(np.float32))[0].astype(np.float64)
    if len(f0) < 4 or not np.abs(samples).max() > 1e-4:
        raise EmottsError("Mel-cepstral distortion needs sound: this is silent or too short.")
    times = (np.arange(len(f0)) + 0.5) * HOP_LENGTH / SAMPLE_RATE
    size = pyworld.get_cheaptrick_fft_size(SAMPLE_RATE, LOWEST_F0)
    power = pyworld.cheaptrick(samples, f0, times, SAMPLE_RATE, f0_floor=LOWEST_F0, fft_size=size)
    loudness = power.mean(axis=1)
    spoken = 10 * np.log10(loudness / loudness.mean()) > SILENCE_DB
    return SpokenFrames(mel_cepstrum(power[spoken]), f0[spoken])


def align(first: SpokenFrames, second: SpokenFrames) -> tuple[np.ndarray, np.ndarray]:
    """Frame numbers (k,) of both along the warping path, in time order; needs librosa."""
    import librosa

    pairs = len(first.f0) * len(second.f0)
    if pairs > MAX_PAIRS:
        raise EmottsError(
            f"Time warping takes at most {MAX_PAIRS:,} frame pairs (about a minute against a "
            f"minute), not {pairs:,}; cut the recordings into sentences."
        )
    _, path = librosa.sequence.dtw(first.cepstra[:, 1:].T, second.cepstra[:, 1:].T)
    return path[::-1, 0], path[::-1, 1]


def distortion(first: np.ndarray, second: np.ndarray) -> float:
    """Mel-cepstral distortion in dB of aligned cepstra (k, order + 1); c_0 does not count."""
    difference = np.asarray(first, dtype=np.float64)[:, 1:] - np.asarray(second)[:, 1:]
    return float(DECIBELS * np.sqrt((difference**2).sum(axis=1)).mean())


def mel_cepstral_distortion(samples: np.ndarray, reference: np.ndarray) -> float:
    """MCD-DTW in dB of samples (n,) against a reference (m,), both at 24 kHz; 0 is identical."""
    first, second = spoken_frames(samples), spoken_frames(reference)
    i, j = align(first, second)
    return distortion(first.cepstra[i], second.cepstra[j])
