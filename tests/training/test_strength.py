"""The search finds what an ear asks for, at no more cost to the voice than that needs."""

import shutil

import numpy as np
import pytest

from emotts.checkpoints import load_checkpoint, resolve
from emotts.emotion.emotion import Emotion
from emotts.models.change import GlobalChange
from emotts.synthesis.models import load_models
from emotts.training import strength
from emotts.training.strength import Factors, search, strain


class Planted:
    """In the place of ears: the nearer pitch and tempo are to these, the surer."""

    def __init__(self, pitch: float, tempo: float, patience: float = 1.0):
        self.pitch, self.tempo, self.patience = pitch, tempo, patience

    def hear(self, emotion, change):
        off = abs(change.pitch - self.pitch) + 10 * abs(change.tempo - self.tempo)
        return -self.patience * off


def changes(**scalars) -> np.ndarray:
    return GlobalChange(**scalars).vector()


def test_what_the_ear_wants_is_found():
    measured = changes(pitch=10.0, tempo=0.1)
    change = search(Planted(4.0, 0.2, 5), "sad", measured, measured).apply(measured, measured)
    assert (change.pitch, change.tempo) == pytest.approx((4.0, 0.2))


def test_the_polish_way_is_taken_where_it_is_heard():
    assert search(Planted(-2.0, 0, 5), "sad", changes(pitch=4.0), changes(pitch=-8.0)).polish > 0
    assert search(Planted(4.0, 0, 5), "sad", changes(pitch=4.0), changes(pitch=-2.0)) == Factors()


def test_an_ear_that_does_not_care_gets_the_least_change():
    measured = changes(pitch=8.0, tempo=0.1)
    least = 8.0 * min(strength.VALUES["pitch"])
    for patience, pitch in ((0.0, least), (9.0, 8.0)):
        found = search(Planted(8.0, 0.1, patience), "happy", measured, measured)
        assert found.apply(measured, measured).pitch == pytest.approx(pitch)


@pytest.mark.parametrize("more", [{"pitch": 12.0}, {"pitch": -12.0}, {"tempo": 0.6}])
def test_going_farther_is_never_cheaper(more):
    half = {name: value / 2 for name, value in more.items()}
    assert 0 == strain(GlobalChange()) < strain(GlobalChange(**half)) < strain(GlobalChange(**more))


def test_a_level_alone_is_no_colour():
    louder = np.full((2, 80), 0.4, np.float32)  # 3.5 dB everywhere
    assert strain(GlobalChange(colour=louder)) == pytest.approx(0.0, abs=1e-6)
    bright = np.tile(np.linspace(-1, 1, 80, dtype=np.float32), (2, 1))
    assert strain(GlobalChange(colour=bright)) > 0.5


def test_factors_move_what_they_name():
    english, polish = changes(pitch=2.0, tempo=0.1), changes(pitch=6.0, tempo=-0.1)
    half = Factors(polish=0.5, pitch=0.5, tempo=2.0).apply(english, polish)
    assert (half.pitch, half.tempo) == pytest.approx((2.0, 0.0))
    assert Factors(polish=1.0).apply(english, polish).pitch == pytest.approx(6.0)


@pytest.mark.slow
def test_only_the_emotions_asked_for_change(tmp_path, monkeypatch):
    monkeypatch.setattr(strength, "VALUES", {"colour": (0.4, 2.0)})
    monkeypatch.setattr(strength, "VOICES", ("kathleen",))
    folder = tmp_path / "set"
    shutil.copytree(resolve(None), folder)
    before = load_models(folder)
    found = strength.tune(folder, folder, only=["sad"])["ravdess"]
    after = load_models(folder)
    assert set(found) == {"sad"}
    for name in ("happy", "angry", "calm"):
        direction = before.space.vector(Emotion(name))
        was, now = (m.changes["ravdess"] @ direction for m in (before, after))
        assert np.allclose(was, now, atol=0.02)
    assert found["sad"].colour in (0.4, 1.0, 2.0)
    config = load_checkpoint(folder, "prosody").config
    assert config == load_checkpoint(resolve(None), "prosody").config


@pytest.mark.slow
def test_a_voice_can_have_changes_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(strength, "VALUES", {"level": (0.25,)})
    folder = tmp_path / "set"
    shutil.copytree(resolve(None), folder)
    before = load_models(folder)
    found = strength.tune(folder, folder, only=["angry"], voices=["lj"])
    assert set(found) == {"voice.lj"}
    after = load_models(folder)
    for name in ("kathleen", "actor01", "EB0"):
        was, now = (m.change_matrix(m.voices[name]) for m in (before, after))
        assert np.array_equal(was, now)
    angry = after.space.directions["angry"]
    own = GlobalChange.from_vector(after.change_matrix(after.voices["lj"]) @ angry)
    shared = GlobalChange.from_vector(after.change_matrix(after.voices["kathleen"]) @ angry)
    assert own.level_db != pytest.approx(shared.level_db, abs=0.1)
