"""Average changes of emotions, on clips whose change is planted."""

from types import SimpleNamespace

import numpy as np
import pytest

from emotts.models.change import SIZE
from emotts.training.acoustic import labels
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acoustic.labels import LabelChanges, measure_changes, phone_durations

HAPPY = np.linspace(-1, 2, SIZE).astype(np.float32)


def planted(monkeypatch, rows):
    """Clips (speaker, emotion, level) whose statistics are the speaker's own plus their share of
    HAPPY."""
    own = {"anna": 3.0, "bert": -5.0}
    share = {"strong": 1.0, "normal": 0.6, "": 0.8}

    def statistics(clips, index, phone_means):
        speaker, emotion, level = rows[index]
        change = 0 if emotion == "neutral" else share[level] * HAPPY
        return np.full(SIZE, own[speaker], np.float32) + change

    monkeypatch.setattr(labels, "utterance_statistics", statistics)
    utterances = [
        SimpleNamespace(corpus="made", speaker=s, emotion=e, level=level) for s, e, level in rows
    ]
    return SimpleNamespace(store=SimpleNamespace(utterances=utterances), train=range(len(rows)))


def test_a_planted_change_is_measured_whatever_the_levels(monkeypatch):
    clips = planted(monkeypatch, [
        ("anna", "neutral", "normal"), ("anna", "happy", "strong"), ("anna", "happy", "normal"),
        ("bert", "neutral", "normal"), ("bert", "happy", ""),
    ])  # fmt: skip
    found = measure_changes(clips, None, "made")
    assert set(found) == {"happy"}
    np.testing.assert_allclose(found["happy"], HAPPY, atol=1e-5)


def test_speakers_without_a_neutral_are_left_out(monkeypatch):
    clips = planted(monkeypatch, [("anna", "happy", "strong")])
    assert measure_changes(clips, None, "made") == {}
    assert measure_changes(clips, None, "other") == {}


def test_changes_go_with_the_acted_level(store):
    clips = AcousticClips(store, None)
    changes = LabelChanges(clips, phone_durations(clips))
    found = {}
    for i in clips.train:
        u = store.utterances[i]
        if (u.corpus, u.emotion) == ("ravdess", "happy"):
            found[u.level] = changes.of(i).vector()
        if u.emotion == "neutral":
            assert not changes.of(i).vector().any()
    np.testing.assert_allclose(found["normal"], 0.6 * found["strong"], rtol=1e-4, atol=1e-6)
    assert np.abs(found["strong"]).max() > 0.01


def test_unheard_phones_last_as_long_as_the_average_one(store):
    clips = AcousticClips(store, None)
    means = phone_durations(clips)
    assert np.isfinite(means).all()
    neutral = [i for i in clips.train if store.utterances[i].emotion == "neutral"]
    sizes = np.concatenate([np.log(clips.tokens[i].durations + 0.5) for i in neutral])
    assert means[-1] == pytest.approx(sizes.mean(), abs=1e-4)
