"""Pitch: errors against a reference after time warping, and statistics of one recording."""

from __future__ import annotations

import numpy as np

from emotts.evaluation.metrics.mcd import SpokenFrames, align, distortion, spoken_frames

EGEMAPS_HZ = 27.5  # semitones are counted from here, as in eGeMAPS


def semitones(f0: np.ndarray) -> np.ndarray:
    """Semitones above 27.5 Hz of F0 in Hz, above 0, of any shape."""
    return 12 * np.log2(np.asarray(f0, dtype=np.float64) / EGEMAPS_HZ)


def f0_errors(f0: np.ndarray, reference: np.ndarray) -> dict[str, float | None]:
    """Errors of aligned F0 (k,) in Hz, 0 where unvoiced.

    f0rmse in Hz and f0corr (Pearson) are VERSA's; log_f0_rmse is of natural logarithms and
    log_f0_corr their Pearson correlation, all over frames voiced in both; vuv_error is the share
    of frames voiced in one alone. None where fewer than two frames, or no change, leave it open.
    """
    f0, reference = np.asarray(f0, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    both = (f0 > 0) & (reference > 0)
    x, y = f0[both], reference[both]
    return {
        "f0rmse": _rmse(x, y),
        "f0corr": _correlation(x, y),
        "log_f0_rmse": _rmse(np.log(x), np.log(y)),
        "log_f0_corr": _correlation(np.log(x), np.log(y)),
        "vuv_error": float(((f0 > 0) != (reference > 0)).mean()) if len(f0) else None,
    }


def _rmse(x: np.ndarray, y: np.ndarray) -> float | None:
    return float(np.sqrt(np.mean((x - y) ** 2))) if len(x) else None


def _correlation(x: np.ndarray, y: np.ndarray) -> float | None:
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])


def against_reference(samples: np.ndarray, reference: np.ndarray) -> dict[str, float | None]:
    """`mcd` and `f0_errors` of samples (n,) against a reference (m,), both at 24 kHz.

    One path, warped on mel cepstra of the speech frames, serves both. Raises EmottsError as
    `spoken_frames` and `align` do.
    """
    return compare_frames(spoken_frames(samples), spoken_frames(reference))


def compare_frames(first: SpokenFrames, second: SpokenFrames) -> dict[str, float | None]:
    """The same of analysed speech."""
    i, j = align(first, second)
    return {
        "mcd": distortion(first.cepstra[i], second.cepstra[j]),
        **f0_errors(first.f0[i], second.f0[j]),
    }


def pitch_statistics(f0: np.ndarray) -> dict[str, float | None]:
    """Of one recording's F0 (frames,) in Hz, 0 where unvoiced; None where nothing is voiced.

    f0_mean_semitones (above 27.5 Hz), f0_spread_semitones (standard deviation),
    f0_span_semitones (5th to 95th percentile) and voiced_share.
    """
    f0 = np.asarray(f0, dtype=np.float64)
    voiced = semitones(f0[f0 > 0])
    if not len(voiced):
        names = ("f0_mean_semitones", "f0_spread_semitones", "f0_span_semitones")
        return {**dict.fromkeys(names), "voiced_share": 0.0 if len(f0) else None}
    low, high = np.percentile(voiced, [5, 95])
    return {
        "f0_mean_semitones": float(voiced.mean()),
        "f0_spread_semitones": float(voiced.std()),
        "f0_span_semitones": float(high - low),
        "voiced_share": len(voiced) / len(f0),
    }
