"""The judge of record with Whisper's layers beside, over made statistics."""

import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation import ser_b, ser_b_whisper
from emotts.evaluation.corpus_features import TEXT_COLUMNS, CorpusFeatures
from emotts.evaluation.egemaps import feature_names
from emotts.evaluation.ser_b_whisper import COMPONENTS, LAYERS, SerBWhisper

pytest.importorskip("scipy")
pytest.importorskip("opensmile")
WIDTH = COMPONENTS + 8


def made(seed=0, speakers=6, each=5):
    """Functionals that tell neutral from the rest alone, and layers that tell the emotions."""
    rng = np.random.default_rng(seed)
    functionals, layers, rows = [], [], []
    for corpus, emotions in (("ravdess", ser_b.CATEGORIES), ("nemo", ser_b.POLISH)):
        for speaker in range(speakers):
            split = "test" if speaker == speakers - 1 else "train"
            own = rng.uniform(40, 60, 88), rng.normal(size=(len(LAYERS), WIDTH))
            for emotion in emotions:
                for take in range(each):
                    plain = own[0] + rng.normal(size=88)
                    plain[:20] += 8 * (emotion != "neutral")
                    layer = own[1] + 0.3 * rng.normal(size=own[1].shape)
                    layer[:, ser_b.CATEGORIES.index(emotion)] += 3 * (emotion != "neutral")
                    functionals.append(plain)
                    layers.append(layer.ravel())
                    rows.append(
                        (f"{corpus}/{speaker}/{emotion}{take}", corpus, f"{corpus}{speaker}",
                         "en-us" if corpus == "ravdess" else "pl", emotion, "", split, "")
                    )  # fmt: skip
    columns = {name: np.array([row[i] for row in rows]) for i, name in enumerate(TEXT_COLUMNS)}
    names = feature_names()
    return (
        CorpusFeatures(np.array(functionals), names, columns),
        CorpusFeatures(np.array(layers), [], columns),
    )


@pytest.fixture(scope="module")
def judge():
    functionals, layers = made()
    return ser_b_whisper.fit(ser_b.fit(functionals), layers)


def heard(judge, functionals, layers):
    rows = functionals["corpus"] == "ravdess"
    functionals, layers = functionals.where(rows), layers.where(rows)
    neutral = functionals["emotion"] == "neutral"
    p = judge.probabilities(functionals.values, layers.values, functionals["voice"], neutral)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    return p, functionals["emotion"]


def test_layers_say_which_emotion_and_functionals_whether_there_is_one(judge):
    functionals, layers = made(seed=5)
    p, asked = heard(judge, functionals, layers)
    said = np.array(ser_b.CATEGORIES)[p.argmax(axis=1)]
    assert (said == asked).mean() > 0.8
    record, _ = heard(judge, functionals, CorpusFeatures(0 * layers.values, [], layers.columns))
    np.testing.assert_allclose(p[:, 0], record[:, 0])


def test_nothing_of_the_test_split_is_learnt(judge):
    _, layers = made()
    layers.values[layers["split"] == "test"] = 1e9
    again = ser_b_whisper.fit(judge.record, layers)
    np.testing.assert_array_equal(again.projections, judge.projections)
    for one, other in zip(again.models, judge.models, strict=True):
        np.testing.assert_array_equal(one.weights, other.weights)


def test_planted_shifts_of_voices_that_were_not_trained_on_are_left_out(judge):
    _, layers = made()
    unseen = layers.where(layers["split"] == "test")
    again = ser_b_whisper.fit(judge.record, layers, planted=unseen)
    np.testing.assert_array_equal(again.models[0].weights, judge.models[0].weights)
    known = layers.where((layers["split"] == "train") & (layers["corpus"] == "ravdess"))
    other = ser_b_whisper.fit(judge.record, layers, planted=known)
    assert np.abs(other.models[0].weights - judge.models[0].weights).max() > 1e-3


def test_what_is_kept_hears_the_same(judge, tmp_path):
    judge.record.save(tmp_path)
    judge.save(tmp_path)
    functionals, layers = made(seed=5)
    again, _ = heard(SerBWhisper.load(tmp_path), functionals, layers)
    np.testing.assert_allclose(again, heard(judge, functionals, layers)[0], atol=1e-3)


def test_a_head_that_is_absent_or_of_an_older_kind_is_named(judge, tmp_path, monkeypatch):
    with pytest.raises(EmottsError, match="No Whisper head at .* fit it with"):
        SerBWhisper.load(tmp_path)
    monkeypatch.setattr(ser_b_whisper, "FORMAT", 1)
    judge.save(tmp_path)
    monkeypatch.undo()
    with pytest.raises(EmottsError, match="older kind"):
        SerBWhisper.load(tmp_path)
