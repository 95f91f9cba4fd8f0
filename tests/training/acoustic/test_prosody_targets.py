"""What training takes off, synthesis puts back."""

import numpy as np
import pytest

from emotts.models.change import GlobalChange
from emotts.models.contours import token_values
from emotts.synthesis import phrasing
from emotts.training.acoustic.clips import AcousticClip
from emotts.training.acoustic.prosody_targets import prosody_targets
from emotts.training.alignment.corpus import AlignedTokens

VOICE = {"pitch_deviation": 2.5, "tempo": 0.1}
DURATIONS = np.array([4, 3, 0, 6, 2, 5])
PAUSE = np.array([True, False, True, False, False, True])


@pytest.fixture
def clip():
    g = np.random.default_rng(0)
    frames = 2 * DURATIONS.sum()
    ids = np.array([0, 5, 1, 6, 7, 2])
    tokens = AlignedTokens(ids, 0 * ids, 0 * ids, DURATIONS, 0, 0.0)
    return AcousticClip(
        g.normal(size=(frames, 80)), g.normal(0, 2, frames), np.ones(frames, bool),
        g.normal(0, 4, frames), tokens,
    )  # fmt: skip


@pytest.fixture
def means():
    return np.linspace(0, 2, 10), np.linspace(-3, 3, 10)


def test_synthesis_undoes_what_training_did(clip, means):
    """Durations, pitch and energy (without the emotion's level) come back by phrasing's rules."""
    durations, energies = means
    change = GlobalChange(pitch=1.5, pitch_range=0.3, tempo=-0.2, colour=np.full((2, 80), 0.4))
    found = prosody_targets(clip, VOICE, change, durations, energies, PAUSE)
    assert found.shape == (6, 4) and np.abs(found).max() < 6
    ids = clip.tokens.ids
    shift = np.where(PAUSE, 0.0, VOICE["tempo"] + change.tempo)
    pairs = np.exp(durations[ids] + found[:, 0] * phrasing.DURATION_UNIT + shift)
    np.testing.assert_allclose(pairs - phrasing.DURATION_OFFSET, DURATIONS, atol=1e-4)
    values = token_values(DURATIONS, clip.semitones, clip.energy)
    spread = VOICE["pitch_deviation"] * np.exp(change.pitch_range)
    np.testing.assert_allclose(found[:, 1:3] * spread + change.pitch, values[:, :2], atol=1e-4)
    energy = energies[ids] + found[:, 3] * phrasing.ENERGY_UNIT
    np.testing.assert_allclose(energy + change.level_db, values[:, 2], atol=1e-4)


def test_outliers_are_bounded(clip, means):
    clip.semitones[:] = 500.0
    found = prosody_targets(clip, VOICE, GlobalChange(), *means, PAUSE)
    assert (found[:, 1:3] == 6).all()
