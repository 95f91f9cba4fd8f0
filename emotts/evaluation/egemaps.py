"""eGeMAPS functionals relative to a voice's own neutral: what the judge of record hears.

Eyben et al. 2016, "The Geneva Minimalistic Acoustic Parameter Set", 88 functionals (v02).
openSMILE reads 16-bit integers and wraps what does not fit, and its voicing depends on level,
so each voice gets one gain that brings its neutral speech to one level; loudness differences
between a voice's neutral and emotional clips stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from emotts.errors import EmottsError

RATE = 24000
NEUTRAL_DBFS = -36.0  # ravdess' strong anger is 20 dB above neutral and peaks near full scale here
N_FEATURES = 88
F0 = "F0semitoneFrom27.5Hz_sma3nz"
LEVELS = ("loudness_", "spectralFlux", "equivalentSoundLevel")
TEMPO = (
    "loudnessPeaksPerSec", "VoicedSegmentsPerSec", "MeanVoicedSegmentLengthSec",
    "StddevVoicedSegmentLengthSec", "MeanUnvoicedSegmentLength", "StddevUnvoicedSegmentLength",
)  # fmt: skip


@lru_cache(maxsize=1)
def _smile():
    import opensmile

    return opensmile.Smile(
        feature_set=opensmile.FeatureSet.eGeMAPSv02,
        feature_level=opensmile.FeatureLevel.Functionals,
    )


def feature_names() -> list[str]:
    """The 88 names, in the order of `functionals`."""
    return list(_smile().feature_names)


def level_dbfs(samples: np.ndarray) -> float:
    """Root mean square of samples (n,) in dB relative to full scale."""
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12))


def neutral_gain_db(neutral: Sequence[np.ndarray]) -> float:
    """The one gain of a voice: brings its neutral clips' mean level to NEUTRAL_DBFS."""
    if not len(neutral):
        raise EmottsError("A voice without a neutral clip cannot be judged relative to neutral.")
    return NEUTRAL_DBFS - float(np.mean([level_dbfs(samples) for samples in neutral]))


def functionals(samples: np.ndarray, gain_db: float = 0.0) -> np.ndarray:
    """88 functionals of samples (n,) at 24 kHz after a gain; float64, natural units of the set."""
    samples = np.asarray(samples, dtype=np.float32)
    if samples.ndim != 1 or len(samples) < RATE // 10 or not np.isfinite(samples).all():
        raise EmottsError("The emotion judge needs mono, finite speech of at least 0.1 s.")
    loud = np.clip(samples * 10 ** (gain_db / 20), -1.0, 32767 / 32768)
    values = _smile().process_signal(loud, RATE).to_numpy()[0].astype(np.float64)
    return np.nan_to_num(values)


def condition(features: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Make functionals (n, 88) additive, so that a difference from neutral means the same for all.

    Loudness, flux, jitter, shimmer, tempo and the spread of F0 and formants become logarithms
    (their ratios are what is heard, and what a factor on the range of a voice moves alike), and
    another deviation divided by a mean that may cross zero is multiplied by that mean again.
    """
    given = np.asarray(features, dtype=np.float64)
    features = given.copy()
    index = {name: i for i, name in enumerate(names)}
    for name, i in index.items():
        mean = index.get(name.replace("stddevNorm", "amean"))
        positive = name.startswith(("loudness", "spectralFlux", "jitter", "shimmer", "F0", "HNR"))
        if name.endswith("stddevNorm") and mean is not None and not positive:
            features[:, i] *= features[:, mean]
    for name, i in index.items():
        floor = _log_floor(name)
        if floor is not None:
            features[:, i] = np.log(np.maximum(given[:, i], 0) + floor)
    spread, mean = index.get(f"{F0}_stddevNorm"), index.get(f"{F0}_amean")
    if spread is not None and mean is not None:
        features[:, spread] = np.log(np.maximum(given[:, spread] * given[:, mean], 0) + 0.2)
    return features


def _log_floor(name: str) -> float | None:
    """What is added before the logarithm, in the functional's unit; None where none is taken."""
    spread = name.endswith("stddevNorm")
    if name.startswith(("loudness_", "spectralFlux", "jitter", "shimmer")) and not spread:
        return 1e-3
    if name.startswith(("F1", "F2", "F3")) and spread and "amplitude" not in name:
        return 1e-3
    if name.startswith(F0) and "Slope" in name:
        return 5.0  # semitones a second
    if name == f"{F0}_pctlrange0-2":
        return 0.3  # semitones
    return 0.02 if name in TEMPO else None


def blocks(names: Sequence[str]) -> dict[str, list[int]]:
    """Columns by what they tell of: pitch, level, tempo and colour, in this order."""
    found: dict[str, list[int]] = {"pitch": [], "level": [], "tempo": [], "colour": []}
    for i, name in enumerate(names):
        if name.startswith("F0"):
            found["pitch"].append(i)
        elif name in TEMPO:
            found["tempo"].append(i)
        elif name.startswith(LEVELS) and name != "loudness_sma3_stddevNorm":
            found["level"].append(i)
        else:
            found["colour"].append(i)
    return found


def relative_to_neutral(
    features: np.ndarray, voices: Sequence[str], neutral: np.ndarray
) -> np.ndarray:
    """Subtract from each row (n, d) the mean of its voice's rows where neutral (n,) is true."""
    voices = np.asarray(voices)
    neutral = np.asarray(neutral, dtype=bool)
    out = np.empty_like(features)
    for voice in np.unique(voices):
        mine = voices == voice
        if not (mine & neutral).any():
            raise EmottsError(f"Voice {voice} has no neutral clip to be judged against.")
        out[mine] = features[mine] - features[mine & neutral].mean(axis=0)
    return out
