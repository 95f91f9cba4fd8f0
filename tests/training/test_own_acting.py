"""An actor's own way takes the mean's place where ears follow it better."""

import shutil

import numpy as np
import pytest

from emotts.checkpoints import resolve
from emotts.models.change import GlobalChange
from emotts.synthesis.models import load_models, voice_changes
from emotts.training import own_acting
from emotts.training.own_acting import best_share, replaced


def test_more_of_its_own_must_be_heard_better():
    assert best_share({0.0: (1.7, 0.95), 0.25: (1.75, 0.95), 0.5: (1.74, 0.95)}) == 0.25
    assert best_share({0.0: (1.7, 0.95), 0.25: (1.7, 0.95), 0.5: (1.6, 1.0)}) == 0.0


def test_likeness_is_worth_order():
    assert best_share({0.0: (1.70, 0.92), 0.5: (1.72, 0.87)}) == 0.0
    assert best_share({0.0: (1.70, 0.92), 0.5: (1.73, 0.87)}) == 0.5


def test_one_emotion_is_replaced_and_the_others_stay():
    models = load_models(resolve(None))
    voice, directions = models.voices["actor04"], models.space.directions
    change = GlobalChange(pitch=3.0, tempo=0.1).vector()
    matrix, before = replaced(models, voice, "angry", change), models.change_matrix(voice)
    np.testing.assert_allclose(matrix @ directions["angry"], change, atol=1e-3)
    for name in set(directions) - {"angry"}:
        np.testing.assert_allclose(matrix @ directions[name], before @ directions[name], atol=1e-3)


def test_hearing_leaves_the_models_as_they_were():
    models = load_models(resolve(None))

    class Deaf:
        def said(self, voice, emotion):
            assert voice_changes(voice.name) in models.changes
            raise RuntimeError("deaf")

    ears = Deaf()
    ears.models = models
    before = dict(models.changes)
    change = GlobalChange(pitch=3.0).vector()
    with pytest.raises(RuntimeError, match="deaf"):
        own_acting.order(ears, models.voices["actor04"], "angry", change)
    assert models.changes == before


def test_the_set_that_ships_tells_what_is_its_voices_own():
    folder = resolve(None)
    shares = own_acting._listed((folder / "prosody.md").read_text(encoding="utf-8"), "own_acting")
    own = {k for k in load_models(folder).changes if k.startswith("voice.")}
    assert own == {voice_changes(name) for name in shares}


@pytest.mark.slow
def test_what_is_found_is_stored_with_its_share(tmp_path, monkeypatch):
    folder = tmp_path / "set"
    shutil.copytree(resolve(None), folder)
    own = GlobalChange(pitch=9.0, tempo=0.2).vector()
    monkeypatch.setattr(own_acting, "FeatureStore", lambda data: None)
    monkeypatch.setattr(own_acting, "AcousticClips", lambda store, corpora: None)
    monkeypatch.setattr(own_acting, "ActedListener", lambda clips: None)
    monkeypatch.setattr(own_acting, "Ears", lambda *given: type("E", (), {})())
    monkeypatch.setattr(own_acting, "_own", lambda *given: {"angry": own})
    heard = iter([(1.7, 0.9), (1.8, 0.9), (1.7, 0.9), (1.8, 0.9), (1.7, 0.9), (1.7, 0.9)])
    monkeypatch.setattr(own_acting, "order", lambda *given: next(heard))
    before = load_models(folder)
    found = own_acting.follow(folder, tmp_path, ["angry"], ["actor02"])
    assert found["actor02"] == {"angry": 0.25}
    after = load_models(folder)
    angry = after.space.directions["angry"]
    made, was = (m.change_matrix(m.voices["actor02"]) @ angry for m in (after, before))
    assert made[0] != pytest.approx(was[0], abs=0.05)
    assert np.array_equal(after.changes["ravdess"], before.changes["ravdess"])
    card = (folder / "prosody.md").read_text(encoding="utf-8")
    assert own_acting._listed(card, "own_acting")["actor02"] == {"angry": 0.25}
    assert own_acting.COMMAND in card and "emotts.training.unheard" in card
    again = own_acting.follow(folder, tmp_path, ["angry"], ["actor02"])  # less is better by now
    assert again["actor02"] == {"angry": 0} and again["actor04"] == found["actor04"]
    last = load_models(folder)
    assert last.change_matrix(last.voices["actor02"]) @ angry == pytest.approx(was, abs=0.02)
