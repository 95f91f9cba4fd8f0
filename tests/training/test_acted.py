"""The acted ear hears a planted change."""

from types import SimpleNamespace

import numpy as np
import pytest

from emotts.models.change import SCALARS, SIZE, GlobalChange
from emotts.training import acted
from emotts.training.acted import ActedListener, features

LOUD, HIGH = 2.0, 6.0


@pytest.fixture
def ear(monkeypatch):
    """An ear taught on clips of which the angry are louder and the happy higher."""
    generator = np.random.default_rng(0)
    emotions = ["neutral", "angry", "happy"] * 20
    speakers = ["anna"] * 30 + ["bert"] * 30
    rows = generator.normal(0, 0.2, (60, SIZE)).astype(np.float32)
    for row, emotion, speaker in zip(rows, emotions, speakers, strict=True):
        row += 5.0 * (speaker == "bert")
        row[0] += HIGH * (emotion == "happy")
        row[len(SCALARS) :] += LOUD * (emotion == "angry")
    monkeypatch.setattr(acted, "clip_statistics", lambda clip, phone_means: rows[clip])
    monkeypatch.setattr(acted, "phone_durations", lambda clips: None)
    utterances = [
        SimpleNamespace(emotion=e, speaker=s) for e, s in zip(emotions, speakers, strict=True)
    ]
    store = SimpleNamespace(utterances=utterances)
    return ActedListener(SimpleNamespace(store=store, train=range(60), clip=lambda i: i))


def test_a_planted_change_is_named(ear):
    loud = GlobalChange(colour=np.full((2, 80), LOUD, dtype=np.float32)).vector()
    high = GlobalChange(pitch=HIGH).vector()
    assert ear.log_probability("angry", loud) > np.log(0.5) > ear.log_probability("happy", loud)
    assert ear.log_probability("happy", high) > np.log(0.5)
    assert ear.log_probability("neutral", np.zeros(SIZE, np.float32)) > np.log(0.5)


def test_more_of_a_change_is_never_heard_as_less(ear):
    heard = [ear.log_probability("happy", GlobalChange(pitch=p).vector()) for p in (0, 2, 4, 6, 8)]
    assert np.all(np.diff(heard) > 0)


def test_colour_is_heard_apart_from_level():
    flat = GlobalChange(colour=np.full((2, 80), 1.5, dtype=np.float32)).vector()[None]
    found = features(flat)[0]
    assert found.shape == (25,)
    assert found[len(SCALARS)] == pytest.approx(1.5)
    assert np.allclose(found[len(SCALARS) + 1 :], 0, atol=1e-6)
