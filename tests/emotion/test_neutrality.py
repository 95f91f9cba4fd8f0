import numpy as np
import pytest

from emotts.emotion.neutrality import WITHIN, Neutrality, fit_neutrality
from emotts.emotion.space import EmotionSpace
from emotts.errors import EmottsError


def spread(rng, clips=4000, dim=5):
    return rng.normal(size=(clips, dim)) * np.array([3.0, 1.0, 0.5, 0.5, 0.1])[:dim]


def test_neutral_sentences_stay_neutral_and_far_ones_do_not():
    rng = np.random.default_rng(0)
    known = fit_neutrality([spread(rng)])
    within = (known.left(spread(rng)) < 0.5).mean()
    assert within == pytest.approx(WITHIN, abs=0.02)
    assert known.left(np.full(5, 30.0)) > 0.99
    assert known.left(np.zeros(5)) < 0.01


def test_a_step_counts_by_how_little_neutral_speech_goes_there():
    known = fit_neutrality([spread(np.random.default_rng(1))])
    wide, narrow = np.eye(5)[0] * 4, np.eye(5)[2] * 4
    assert known.left(narrow) > known.left(wide)


def test_farther_is_never_more_neutral():
    known = fit_neutrality([spread(np.random.default_rng(2))])
    way = np.linspace(0, 20, 50)[:, None] * np.array([1.0, -1.0, 0.5, 0.0, 2.0])
    assert (np.diff(known.left(way)) >= 0).all()


def test_a_corpus_weighs_the_same_however_many_clips_it_has():
    rng = np.random.default_rng(3)
    calm, lively = spread(rng, 50), 4 * spread(rng, 50)
    once = fit_neutrality([calm, lively])
    often = fit_neutrality([calm, np.tile(lively, (40, 1))])
    np.testing.assert_allclose(once.whitening, often.whitening, rtol=1e-6)


def test_it_is_kept_with_the_space():
    known = fit_neutrality([spread(np.random.default_rng(4))])
    space = EmotionSpace(np.eye(5), np.zeros(5), {"happy": np.ones(5)}, neutrality=known)
    again = EmotionSpace.from_tensors(space.to_tensors(), space.config)
    e = np.random.default_rng(5).normal(size=(7, 5)) * 5
    np.testing.assert_allclose(again.neutrality.left(e), known.left(e), rtol=1e-4, atol=1e-6)
    bare = EmotionSpace(np.eye(5), np.zeros(5), {"happy": np.ones(5)})
    assert EmotionSpace.from_tensors(bare.to_tensors(), bare.config).neutrality is None


def test_bad_input_is_named():
    with pytest.raises(EmottsError, match="three neutral clips"):
        fit_neutrality([np.zeros((2, 5))])
    with pytest.raises(EmottsError, match="5 values expected"):
        Neutrality(np.eye(5), 1.0, 1.0).left(np.zeros(4))
