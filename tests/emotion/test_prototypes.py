import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.emotion.parse import Part
from emotts.emotion.prototypes import choose_prototypes, interpolate_prototypes
from emotts.errors import EmottsError

RANDOM = np.random.default_rng(5)
CLIPS = {name: RANDOM.normal(size=(7, 4)) for name in ("happy", "sad", "angry")}
weights = st.integers(0, 8).map(lambda i: i / 8)


def test_the_closest_pair_is_chosen():
    clips = {
        "happy": np.array([[4.0, 0], [2.0, 2.0]]),
        "sad": np.array([[0, 4.0], [2.0, 2.2], [-4.0, 0]]),
    }
    chosen = choose_prototypes(clips)
    assert chosen["happy"].tolist() == [2, 2] and chosen["sad"].tolist() == [2, 2.2]
    middle = interpolate_prototypes(clips, [Part("happy", 0.5), Part("sad", 0.5)])
    assert np.allclose(middle, [2, 2.1])


def test_faint_clips_are_not_close_for_being_faint():
    clips = {
        "happy": np.array([[0.1, 0.0], [3.0, 3.0]]),
        "sad": np.array([[0.0, 0.1], [2.9, 3.1]]),
    }
    assert choose_prototypes(clips)["happy"].tolist() == [3, 3]


@given(weights, weights, weights)
def test_the_way_is_straight_between_real_clips(a, b, c):
    ends = choose_prototypes(CLIPS)
    mix = [Part("happy", a), Part("sad", b), Part("angry", c)]
    wanted = a * ends["happy"] + b * ends["sad"] + c * ends["angry"]
    assert np.allclose(interpolate_prototypes(CLIPS, mix), wanted, atol=1e-5)
    for name, end in ends.items():
        assert any(np.array_equal(end, clip) for clip in CLIPS[name])


@given(st.permutations([Part("happy", 0.3), Part("sad", 0.5), Part("happy", 0.1)]))
def test_order_does_not_matter(mix):
    wanted = interpolate_prototypes(CLIPS, [Part("happy", 0.4), Part("sad", 0.5)])
    assert np.allclose(interpolate_prototypes(CLIPS, mix), wanted, atol=1e-6)


def test_one_emotion_is_its_most_typical_clip():
    clips = {"sad": np.array([[0.0, 4.0], [1.0, 3.0], [2.0, 1.0]])}
    assert interpolate_prototypes(clips, [Part("sad", 1.0)]).tolist() == [1, 3]


def test_no_parts_are_neutral():
    assert interpolate_prototypes(CLIPS, ()).tolist() == [0] * 4


@pytest.mark.parametrize(
    "clips, parts, message",
    [
        (CLIPS, [Part("calm", 1)], "no prototypes of 'calm'; choose from angry, happy, sad"),
        (CLIPS, [Part("sad", -0.5)], "negative weight"),
        ({}, [], "there are none"),
        ({"sad": np.ones(3)}, [], "prototypes of sad must be"),
        ({"sad": np.full((1, 3), np.inf)}, [], "prototypes of sad must be"),
        ({"sad": np.ones((1, 3)), "happy": np.ones((1, 2))}, [], "differ in dimensions"),
    ],
)
def test_what_cannot_be_mixed(clips, parts, message):
    with pytest.raises(EmottsError, match=message):
        interpolate_prototypes(clips, parts)
