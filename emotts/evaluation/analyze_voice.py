"""What a recording tells of a voice: pitch, its steadiness, pace, loudness and likely sex.

A row as VANPY (Koushnir et al. 2025) makes it. F0 is SwiftF0's; jitter, shimmer, harmonics to
noise and loudness are eGeMAPS' by openSMILE.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from emotts.audio.activity import level_dbfs
from emotts.audio.constants import FRAME_RATE
from emotts.errors import EmottsError

MINIMUM_VOICED_FRAMES = 10
QUANTILES = (5, 25, 50, 75, 95)
DIP_DB = 2.0
UNDER_LOUDEST_DB = 25.0
SMOOTHING_FRAMES = 1.0


@dataclass(frozen=True)
class VoiceStatistics:
    """Figures of one recording; those of F0 and the sex are None where too little is voiced.

    f0_*: over voiced frames, Hz. f0_range_semitones: 95th over 5th percentile. jitter: mean
    difference of successive periods, as a share of the period. shimmer_db: the same for peak
    amplitudes. hnr_db: harmonics to noise. speech_ratio: speech over the whole. syllables: nuclei
    found by `syllable_nuclei`, a second of recording (speaking_rate) and of speech
    (articulation_rate). level_dbfs: root mean square of speech. loudness: eGeMAPS' mean, in sone-
    like units after the level is brought to −36 dBFS, so it tells of spectrum and not of gain.
    """

    seconds: float
    speech_seconds: float
    speech_ratio: float
    f0_mean_hz: float | None
    f0_std_hz: float | None
    f0_min_hz: float | None
    f0_max_hz: float | None
    f0_p05_hz: float | None
    f0_p25_hz: float | None
    f0_p50_hz: float | None
    f0_p75_hz: float | None
    f0_p95_hz: float | None
    f0_range_semitones: float | None
    jitter: float | None
    shimmer_db: float | None
    hnr_db: float | None
    syllables: int
    speaking_rate: float
    articulation_rate: float
    level_dbfs: float
    peak_dbfs: float
    loudness: float
    sex: str | None
    sex_probability: float | None

    def row(self) -> dict[str, float | int | str | None]:
        """Field by field."""
        return asdict(self)


def syllable_nuclei(level: np.ndarray, voiced: np.ndarray, active: np.ndarray) -> np.ndarray:
    """Frames of syllable nuclei: voiced peaks of level with dips around them.

    level: dBFS; voiced, active: flags; all (frames,) at 93.75 a second. A peak stands 2 dB over
    the deeper of its two neighbouring dips and lies less than 25 dB under the loudest one (de Jong
    & Wempe 2009, "Praat script to detect syllable nuclei"). On 100 training clips of
    kathleen and lj it finds 90 % as many as espeak has vowels, correlated .98 over clips.
    """
    from scipy.ndimage import gaussian_filter1d
    from scipy.signal import find_peaks

    if not len(level):
        return np.zeros(0, dtype=int)
    smooth = gaussian_filter1d(np.asarray(level, dtype=np.float64), SMOOTHING_FRAMES)
    peaks, _ = find_peaks(smooth, height=np.percentile(smooth, 99) - UNDER_LOUDEST_DB,
                          prominence=DIP_DB)  # fmt: skip
    return peaks[voiced[peaks] & active[peaks]]


def measure_voice(
    samples: np.ndarray, f0: np.ndarray, voiced: np.ndarray, active: np.ndarray
) -> VoiceStatistics:
    """Measure a recording.

    samples: (n,) at 24 kHz. f0: Hz; voiced, active: flags; (frames,) at 93.75 a second, as
    `track_f0` and `speech_activity` give them. Raises EmottsError without openSMILE, and where
    nothing is active.
    """
    if not active.any():
        raise EmottsError("a voice can be measured only where somebody speaks")
    level = level_dbfs(samples)
    speech_db = float(10 * np.log10(np.mean(10 ** (level[active] / 10))))
    nuclei = syllable_nuclei(level, voiced, active)
    seconds, spoken = len(samples) / 24000, active.sum() / FRAME_RATE
    return VoiceStatistics(
        seconds=seconds, speech_seconds=float(spoken),
        speech_ratio=float(active.mean()), **_pitch(f0[voiced & active]),
        syllables=len(nuclei), speaking_rate=len(nuclei) / seconds,
        articulation_rate=float(len(nuclei) / spoken), level_dbfs=speech_db,
        peak_dbfs=float(20 * np.log10(np.abs(samples).max())),
        **_functionals(samples, speech_db, bool((voiced & active).sum() >= MINIMUM_VOICED_FRAMES)),
    )  # fmt: skip


def _pitch(f0: np.ndarray) -> dict[str, float | None]:
    names = [f"f0_{name}_hz" for name in ("mean", "std", "min", "max")]
    names += [f"f0_p{q:02d}_hz" for q in QUANTILES]
    if len(f0) < MINIMUM_VOICED_FRAMES:
        return dict.fromkeys([*names, "f0_range_semitones"])
    low, *_, high = quantiles = np.percentile(f0, QUANTILES)
    values = [f0.mean(), f0.std(), f0.min(), f0.max(), *quantiles]
    found = {name: float(value) for name, value in zip(names, values, strict=True)}
    return found | {"f0_range_semitones": float(12 * np.log2(high / low))}


def _functionals(samples: np.ndarray, speech_db: float, voiced: bool) -> dict:
    from importlib.util import find_spec

    if find_spec("opensmile") is None:
        raise EmottsError("measuring a voice needs openSMILE: pip install 'emotts[eval]'")
    from emotts.evaluation import egemaps
    from emotts.evaluation.analyze_sex import estimate_sex

    names = egemaps.feature_names()
    values = egemaps.functionals(samples, egemaps.NEUTRAL_DBFS - speech_db)
    at = dict(zip(names, values.tolist(), strict=True))
    sex = estimate_sex(values, names) if voiced else None
    return {
        "jitter": at["jitterLocal_sma3nz_amean"] if voiced else None,
        "shimmer_db": at["shimmerLocaldB_sma3nz_amean"] if voiced else None,
        "hnr_db": at["HNRdBACF_sma3nz_amean"] if voiced else None,
        "loudness": at["loudness_sma3_amean"],
        "sex": sex and sex.name,
        "sex_probability": sex and sex.probability,
    }
