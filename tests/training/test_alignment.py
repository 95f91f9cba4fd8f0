"""The aligner finds borders it could not have been told, whatever the number of threads."""

import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.training.alignment import (
    AlignerModel,
    AlignmentItem,
    align,
    mfcc_pairs,
    normalise_speakers,
    train_aligner,
)
from emotts.training.alignment.align import quiet_pairs

N_PHONES, START, END, BORDER = 13, 10, 11, 12
DIMENSION = 8


def made_corpus(n_utterances: int, seed: int = 0):
    """Draw utterances from known phone models; return items and their true durations."""
    rng = np.random.default_rng(seed)
    voices = np.random.default_rng(7).normal(0, 2.0, (10, 3, DIMENSION))
    voices[:, :, 0] = 2.0 + 0.3 * voices[:, :, 0]
    items, truths = [], []
    for _ in range(n_utterances):
        ids, durations, rows = [START], [int(rng.integers(3, 12))], []
        n_words = int(rng.integers(2, 5))
        for word in range(n_words):
            for phone in rng.integers(0, 10, int(rng.integers(2, 5))):
                ids.append(int(phone))
                durations.append(int(rng.integers(2, 9)))
            last = word == n_words - 1
            ids.append(END if last else BORDER)
            heard = last or rng.random() < 0.3
            durations.append(int(rng.integers(4, 15)) if heard else 0)
        for token, duration in zip(ids, durations, strict=True):
            if token < 10:
                thirds = np.arange(duration) * 3 // duration
                rows.append(voices[token][thirds] + rng.normal(0, 0.7, (duration, DIMENSION)))
            else:
                silence = rng.normal(0, 0.5, (duration, DIMENSION))
                silence[:, 0] -= 3.0
                rows.append(silence)
        ids = np.array(ids)
        features = np.concatenate(rows).astype(np.float32)
        items.append(AlignmentItem(features, ids, ids >= 10))
        truths.append(np.array(durations))
    return items, truths


@pytest.fixture(scope="module")
def corpus():
    return made_corpus(150)


@pytest.fixture(scope="module")
def model(corpus):
    return train_aligner(corpus[0], N_PHONES, passes=8)


def test_borders_of_made_speech_are_recovered(corpus, model):
    errors = []
    for item, truth in zip(*corpus, strict=True):
        found = align(model, item)
        assert found.durations.sum() == len(item.features)
        assert (found.durations[~item.pause] >= 1).all()
        errors.append(np.abs(np.cumsum(found.durations) - np.cumsum(truth))[:-1])
    assert np.mean(np.concatenate(errors) <= 2) > 0.9
    assert np.mean(np.concatenate(errors) <= 1) > 0.85


def test_optional_silence_is_found_where_it_is_and_only_there(corpus, model):
    right = []
    for item, truth in zip(*corpus, strict=True):
        borders = item.ids == BORDER
        right.append((align(model, item).durations[borders] > 0) == (truth[borders] > 0))
    assert np.concatenate(right).mean() > 0.95


def test_models_carry_over_to_unheard_utterances(model):
    errors = []
    for item, truth in zip(*made_corpus(20, seed=1), strict=True):
        errors.append(np.abs(np.cumsum(align(model, item).durations) - np.cumsum(truth)))
    assert np.mean(np.concatenate(errors) <= 2) > 0.9


def test_more_threads_change_nothing_and_progress_is_told(corpus, model):
    told = []
    again = train_aligner(
        corpus[0], N_PHONES, passes=8, workers=2, progress=lambda *step: told.append(step)
    )
    np.testing.assert_array_equal(again.weights, model.weights)
    np.testing.assert_array_equal(again.log_use, model.log_use)
    assert [step[:2] for step in told] == [(n, 8) for n in range(1, 9)]
    assert told[-1][2] > told[0][2]


def test_a_saved_model_aligns_the_same(corpus, model, tmp_path):
    model.save(tmp_path / "aligner.npz")
    loaded = AlignerModel.load(tmp_path / "aligner.npz")
    for item in corpus[0][:3]:
        before, after = align(model, item), align(loaded, item)
        np.testing.assert_array_equal(before.durations, after.durations)
        assert before.score == after.score
    assert [p.name for p in tmp_path.iterdir()] == ["aligner.npz"]


def test_broken_or_pickled_files_are_refused(tmp_path, model):
    pickled = tmp_path / "pickled.npz"
    np.savez(pickled, weights=np.array([{}], dtype=object))
    torn = tmp_path / "torn.npz"
    model.save(torn)
    torn.write_bytes(torn.read_bytes()[:500])
    for path in (pickled, torn, tmp_path / "absent.npz"):
        with pytest.raises(EmottsError, match="is not an aligner"):
            AlignerModel.load(path)
    with pytest.raises(EmottsError, match="does not exist"):
        model.save(tmp_path / "no" / "aligner.npz")


def test_too_short_clips_are_left_out(corpus, model):
    features, ids = np.zeros((3, DIMENSION), np.float32), np.array([START, 0, 1, 2, 3, END])
    short = AlignmentItem(features, ids, ids >= 10)
    assert align(model, short) is None
    assert align(model, AlignmentItem(features[:0], ids[:1], ids[:1] >= 10)) is None
    with_short = train_aligner([short, *corpus[0][:20]], N_PHONES, passes=2)
    without = train_aligner(corpus[0][:20], N_PHONES, passes=2)
    np.testing.assert_array_equal(with_short.weights, without.weights)
    with pytest.raises(EmottsError, match="long enough"):
        train_aligner([short], N_PHONES)


def test_a_pair_a_phone_is_enough(model):
    ids = np.array([START, 0, 1, 2, END])
    item = AlignmentItem(np.zeros((3, DIMENSION), np.float32), ids, ids >= 10)
    np.testing.assert_array_equal(align(model, item).durations, [0, 1, 1, 1, 0])


def test_pauses_in_a_row_and_pauses_alone(corpus, model):
    item = corpus[0][0]
    ids = np.concatenate([[BORDER, BORDER, BORDER], item.ids])
    doubled = AlignmentItem(item.features, ids, ids >= 10)
    assert align(model, doubled).durations.sum() == len(item.features)
    only = np.array([START, END])
    assert align(model, AlignmentItem(item.features, only, only >= 10)).durations.sum() == len(
        item.features
    )


def test_unseen_phones_can_still_be_aligned(corpus):
    rare = [item for item in corpus[0] if not (item.ids == 4).any()]
    model = train_aligner(rare, N_PHONES, passes=4)
    other = next(item for item in corpus[0] if (item.ids == 4).any())
    found = align(model, other)
    assert np.isfinite(model.weights).all()
    assert found.durations[other.ids == 4].min() >= 1


def test_bad_input_is_named(corpus, model):
    good = corpus[0][0]
    nan = good.features.copy()
    nan[2, 2] = np.nan
    for broken, words in (
        (AlignmentItem(nan, good.ids, good.pause), "NaN"),
        (AlignmentItem(good.features, good.ids + 5, good.pause), "from 0 to 12"),
        (AlignmentItem(good.features, good.ids[1:], good.pause), "one length"),
        (AlignmentItem(good.features[:, :5], good.ids, good.pause), "8 features"),
    ):
        with pytest.raises(EmottsError, match=words):
            align(model, broken)


def test_quiet_pairs_are_edges_and_long_gaps():
    energy = np.ones(60)
    energy[:3] = energy[-1:] = energy[20:24] = energy[40:50] = -4.0
    found = quiet_pairs(energy + 0.01 * np.sin(np.arange(60)))
    np.testing.assert_array_equal(np.flatnonzero(found), [0, 1, 2, *range(40, 50), 59])


def test_mfcc_pairs_follow_the_log_mel():
    mel = np.random.default_rng(0).normal(-5, 2, (80, 41)).astype(np.float32)
    features = mfcc_pairs(mel)
    assert features.shape == (20, 39)
    louder = mfcc_pairs(mel + 1.0)
    np.testing.assert_allclose(louder[:, 0] - features[:, 0], np.sqrt(80), rtol=1e-4)
    np.testing.assert_allclose(louder[:, 1:], features[:, 1:], atol=1e-4)
    ramp = mfcc_pairs(np.broadcast_to(np.arange(40.0), (80, 40)))
    np.testing.assert_allclose(ramp[4:-4, 13], 2 * np.sqrt(80), rtol=1e-4)
    np.testing.assert_allclose(ramp[4:-4, 26], 0, atol=1e-3)
    assert mfcc_pairs(mel[:, :1]).shape == (0, 39)
    mel[3, 3] = np.inf
    with pytest.raises(EmottsError, match="NaN or infinite"):
        mfcc_pairs(mel)


def test_speakers_are_brought_to_one_scale():
    rng = np.random.default_rng(0)
    low, high = rng.normal(-3, 0.5, (50, 4)), rng.normal(6, 4, (70, 4))
    out = normalise_speakers([low[:20], high, low[20:]], ["a", "b", "a"])
    assert [len(rows) for rows in out] == [20, 70, 30]
    for rows in (np.concatenate([out[0], out[2]]), out[1]):
        np.testing.assert_allclose(rows.mean(0), 0, atol=1e-4)
        np.testing.assert_allclose(rows.std(0), 1, atol=1e-4)
    with pytest.raises(EmottsError, match="2 feature arrays but 1"):
        normalise_speakers([low, high], ["a"])
