"""Features of one clip, at one gain a speaker: audio, log-mel, F0."""

from dataclasses import dataclass

import numpy as np

from emotts.audio.constants import HOP_LENGTH, NEUTRAL_LEVEL_DBFS
from emotts.audio.f0 import track_f0
from emotts.audio.mel import log_mel


@dataclass(frozen=True)
class ClipFeatures:
    """Frames are cut to pairs: audio (512 p,), mel (2 p, 80), f0 (2 p,) in Hz, 0 if unvoiced."""

    audio: np.ndarray
    mel: np.ndarray
    f0: np.ndarray


def active_level_db(samples: np.ndarray) -> float:
    """RMS in dBFS over the frames within 30 dB of the loud ones (95th percentile)."""
    frames = samples[: len(samples) // HOP_LENGTH * HOP_LENGTH].reshape(-1, HOP_LENGTH)
    power = np.mean(np.square(frames, dtype=np.float64), axis=1) + 1e-12
    active = power[power > np.percentile(power, 95) * 1e-3]
    return float(10.0 * np.log10(active.mean()))


def speaker_gain_db(levels: list[float]) -> float:
    """Gain that brings a speaker's neutral clips (active levels in dBFS) to the shared level."""
    return NEUTRAL_LEVEL_DBFS - float(np.median(levels))


def clip_features(samples: np.ndarray, gain_db: float) -> ClipFeatures:
    """samples: (n,) at 24 kHz, as recorded. The gain is the speaker's, never the clip's."""
    pairs = len(samples) // (2 * HOP_LENGTH)
    audio = samples[: pairs * 2 * HOP_LENGTH] * np.float32(10.0 ** (gain_db / 20.0))
    f0, _ = track_f0(audio)
    return ClipFeatures(audio, log_mel(audio).T, f0)
