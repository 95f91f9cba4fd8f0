"""What a change costs a voice is heard, voice by voice."""

from types import SimpleNamespace

import numpy as np
import pytest

from emotts.checkpoints import resolve
from emotts.models.change import GlobalChange
from emotts.synthesis.models import load_models
from emotts.training import strength_ears
from emotts.training.strength_ears import LIKE, UNLIKE_COST, Ears


@pytest.fixture
def ears(monkeypatch):
    """Ears that hear sadness in everything, of two voices."""
    ears = object.__new__(Ears)
    ears.models = load_models(resolve(None))
    ears.acted, ears.texts = None, ("One.", "Two.")
    ears.voices = [ears.models.voices[name] for name in ("kathleen", "lj")]
    ears.own = {"kathleen": 1.0, "lj": 1.0}
    monkeypatch.setattr(strength_ears, "speak", lambda *given: None)
    return ears


def heard(ears, **likeness):
    ears.hearing = SimpleNamespace(
        models=ears.models, likeness=lambda spoken, voice: likeness[voice.name],
        probabilities=lambda spoken, voice: {"sad": 0.5},
    )  # fmt: skip
    return ears.hear("sad", GlobalChange())


def test_a_voice_that_loses_itself_is_dearer(ears):
    assert heard(ears, kathleen=0.99, lj=LIKE) == pytest.approx(np.log(0.5))
    lost = np.log(0.5) - 0.12 * UNLIKE_COST
    assert heard(ears, kathleen=LIKE - 0.12, lj=LIKE - 0.12) == pytest.approx(lost)


def test_one_voice_cannot_pay_for_another(ears):
    assert heard(ears, kathleen=0.8, lj=1.2) < heard(ears, kathleen=0.97, lj=0.97)


def test_listening_leaves_the_models_as_they_were(ears):
    before = dict(ears.models.changes)
    heard(ears, kathleen=1.0, lj=1.0)
    assert ears.models.changes == before
    ears.hearing = SimpleNamespace(models=ears.models)
    with pytest.raises(AttributeError):
        ears.hear("sad", GlobalChange())
    assert ears.models.changes == before
