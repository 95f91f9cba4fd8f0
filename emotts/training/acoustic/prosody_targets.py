"""Targets of the prosody flow: what is left once speaker, phones and average emotion are off."""

from __future__ import annotations

import numpy as np

from emotts.models.change import GlobalChange
from emotts.models.contours import token_values
from emotts.training.acoustic.clips import AcousticClip

DURATION_UNIT, ENERGY_UNIT = 0.45, 5.0
OFFSET = 0.5  # pairs added before the logarithm, so that a pause of none has a value


def prosody_targets(
    clip: AcousticClip, voice: dict, change: GlobalChange, phone_means: np.ndarray,
    phone_energy: np.ndarray, pause: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """(n, 4): log-duration, pitch of both halves, energy, each of about unit variance.

    voice: as measured by `voice_statistics`; pause: (n,) bool.
    """
    t = clip.tokens
    values = token_values(t.durations, clip.semitones, clip.energy)
    duration = np.log(t.durations + OFFSET) - phone_means[t.ids]
    duration = duration - np.where(pause, 0.0, voice["tempo"] + change.tempo)
    spread = voice["pitch_deviation"] * np.exp(change.pitch_range)
    pitch = (values[:, :2] - change.pitch) / spread
    energy = (values[:, 2] - phone_energy[t.ids]) / ENERGY_UNIT
    energy = energy - change.level_db / ENERGY_UNIT
    out = np.concatenate([duration[:, None] / DURATION_UNIT, pitch, energy[:, None]], axis=1)
    return np.clip(out, -6.0, 6.0).astype(np.float32)
