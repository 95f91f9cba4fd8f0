import numpy as np
import pytest

from emotts.emotion.affect import NORMS, affect_of
from emotts.emotion.space import EmotionSpace
from emotts.emotion.vocabulary import CATEGORIES

DIM = 16


@pytest.fixture(scope="module")
def space():
    random = np.random.default_rng(3)
    directions = {name: random.normal(size=DIM) for name in CATEGORIES[1:]}
    return EmotionSpace(np.eye(DIM), np.zeros(DIM), directions)


def test_every_category_has_its_norm():
    assert set(NORMS) == set(CATEGORIES)
    assert all(-1 <= value <= 1 for norm in NORMS.values() for value in norm)
    assert NORMS["angry"].dominance > 0 > NORMS["fearful"].dominance


def test_prototypes_have_their_norms(space):
    assert affect_of(np.zeros(DIM), space) == pytest.approx((0, 0, 0), abs=1e-9)
    for name, direction in space.directions.items():
        assert affect_of(direction, space) == pytest.approx(NORMS[name], abs=1e-6)


def test_half_an_emotion_lies_between(space):
    half = affect_of(0.5 * space.directions["happy"], space)
    assert 0 < half.valence < NORMS["happy"].valence
    assert 0 < half.arousal < NORMS["happy"].arousal


def test_far_away_stays_within_bounds(space):
    assert all(-1 <= value <= 1 for value in affect_of(100 * space.directions["sad"], space))


def test_a_space_without_directions_is_neutral():
    assert affect_of(np.ones(2), EmotionSpace(np.eye(2), np.zeros(2), {})) == NORMS["neutral"]
