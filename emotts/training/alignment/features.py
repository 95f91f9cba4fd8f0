"""Cepstral features for the aligner, one row a pair of mel frames."""

from __future__ import annotations

import numpy as np
from scipy.fft import dct

from emotts.errors import EmottsError

N_CEPSTRA = 13
FEATURE_SIZE = 3 * N_CEPSTRA


def mfcc_pairs(mel: np.ndarray) -> np.ndarray:
    """Cepstra, deltas and delta-deltas of a log-mel spectrogram, averaged over pairs of frames.

    mel: (bands, frames), natural log. Returns (frames // 2, 39) float32; column 0 is the zeroth
    cepstrum, the log energy. An odd last frame is left out. Raises EmottsError on a NaN.
    """
    mel = np.asarray(mel, dtype=np.float32)
    if mel.ndim != 2 or mel.shape[0] < N_CEPSTRA:
        raise EmottsError(
            f"a log-mel spectrogram is (bands, frames) with at least {N_CEPSTRA} bands, "
            f"not {mel.shape}"
        )
    if not np.isfinite(mel).all():
        raise EmottsError("the log-mel spectrogram holds NaN or infinite values")
    n_pairs = mel.shape[1] // 2
    pairs = mel[:, : 2 * n_pairs].reshape(len(mel), n_pairs, 2).mean(axis=2)
    cepstra = dct(pairs, type=2, norm="ortho", axis=0)[:N_CEPSTRA].T
    first = deltas(cepstra)
    return np.concatenate([cepstra, first, deltas(first)], axis=1).astype(np.float32)


def deltas(rows: np.ndarray, reach: int = 1) -> np.ndarray:
    """Regression slope of each column over ±reach rows, the borders repeated.

    rows: (n, d). Returns (n, d). Young et al., The HTK Book, eq. 5.16.
    """
    if len(rows) == 0:
        return rows
    padded = np.pad(rows, ((reach, reach), (0, 0)), mode="edge")
    n = len(rows)
    slope = sum(
        k * (padded[reach + k : reach + k + n] - padded[reach - k : reach - k + n])
        for k in range(1, reach + 1)
    )
    return slope / (2 * sum(k * k for k in range(1, reach + 1)))


def speaker_statistics(features: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of all of a speaker's features.

    features: each (pairs, d). Returns two (d,) float32 arrays; the deviation is at least 1e-3.
    """
    if not any(len(rows) for rows in features):
        raise EmottsError("a speaker's statistics need at least one pair of frames")
    count = sum(len(rows) for rows in features)
    mean = sum(rows.sum(axis=0, dtype=np.float64) for rows in features) / count
    square = sum(((rows - mean) ** 2).sum(axis=0, dtype=np.float64) for rows in features) / count
    return mean.astype(np.float32), np.maximum(np.sqrt(square), 1e-3).astype(np.float32)


def normalise_speakers(features: list[np.ndarray], speakers: list[str]) -> list[np.ndarray]:
    """Bring every speaker's features to zero mean and unit variance.

    features: each (pairs, d); speakers: the name that belongs to each. Returns the same order.
    """
    if len(features) != len(speakers):
        raise EmottsError(
            f"there are {len(features)} feature arrays but {len(speakers)} speaker names"
        )
    by_speaker: dict[str, list[np.ndarray]] = {}
    for rows, speaker in zip(features, speakers, strict=True):
        by_speaker.setdefault(speaker, []).append(rows)
    statistics = {name: speaker_statistics(rows) for name, rows in by_speaker.items()}
    return [
        (rows - statistics[speaker][0]) / statistics[speaker][1]
        for rows, speaker in zip(features, speakers, strict=True)
    ]
