import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.emotion.directions import projection, speaker_subspace, supervised_directions
from emotts.errors import EmottsError


@given(st.integers(0, 2**32 - 1), st.integers(0, 4))
def test_projection_removes_the_subspace_and_nothing_else(seed, k):
    means = np.random.default_rng(seed).normal(size=(9, 6)) * [9, 7, 5, 3, 1, 0.5]
    basis = speaker_subspace(means, k)
    assert np.allclose(basis.T @ basis, np.eye(k), atol=1e-9)
    matrix = projection(basis)
    assert np.allclose(matrix @ basis, 0, atol=1e-9)
    assert np.allclose(matrix @ matrix, matrix, atol=1e-9)
    assert np.allclose(matrix, matrix.T)
    assert np.trace(matrix) == pytest.approx(6 - k)


def test_speakers_that_differ_in_one_direction_become_one():
    who = np.array([3.0, 0.0, 4.0])
    means = 7 + np.outer([-2.0, -1.0, 0.5, 3.0], who)
    alike = means @ projection(speaker_subspace(means, 1)).T
    assert np.allclose(alike, alike[0])
    assert not np.allclose(alike[0], 0)


def test_a_basis_need_not_be_orthonormal_to_be_removed():
    skewed = np.array([[1.0, 5.0], [0.0, 1.0], [0.0, 0.0]])
    assert np.allclose(projection(skewed), np.diag([0.0, 0.0, 1.0]))


@pytest.mark.parametrize("shape, k", [((3, 5), 3), ((9, 4), 4), ((5, 5), -1), ((5,), 1)])
def test_too_few_speakers_for_a_subspace(shape, k):
    with pytest.raises(EmottsError, match="speaker subspace"):
        speaker_subspace(np.ones(shape), k)


OFFSETS = np.array([[2.0, 0.0], [4.0, 0.0], [0.0, 2.0], [9.0, 9.0], [0.0, 0.2], [1.0, 1.0]])
EMOTIONS = ["happy", "happy", "happy", "happy", "neutral", "sad"]
SPEAKERS = ["a", "a", "b", "a", "a", "b"]
STRONG = [True, True, True, False, False, False]


def test_strong_clips_place_an_emotion_and_speakers_weigh_the_same():
    directions = supervised_directions(OFFSETS, EMOTIONS, SPEAKERS, STRONG)
    assert directions["happy"].tolist() == [1.5, 1.0]  # mean of a's (3, 0) and b's (0, 2)


def test_without_strong_clips_all_place_it_and_neutral_has_no_direction():
    directions = supervised_directions(OFFSETS, EMOTIONS, SPEAKERS, STRONG)
    assert sorted(directions) == ["happy", "sad"]
    assert directions["sad"].tolist() == [1.0, 1.0]


def test_the_order_of_clips_does_not_matter():
    order = [5, 3, 0, 4, 2, 1]
    shuffled = supervised_directions(
        OFFSETS[order], *([values[i] for i in order] for values in (EMOTIONS, SPEAKERS, STRONG))
    )
    for name, direction in supervised_directions(OFFSETS, EMOTIONS, SPEAKERS, STRONG).items():
        assert np.allclose(shuffled[name], direction)


def test_lengths_must_agree():
    with pytest.raises(EmottsError, match="differ in length: 6, 6, 6, 5"):
        supervised_directions(OFFSETS, EMOTIONS, SPEAKERS, STRONG[:-1])
