import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.emotion.emotion import Emotion
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

emotions = st.builds(
    Emotion,
    st.sampled_from(CATEGORIES),
    st.integers(0, 150).map(lambda percent: percent / 100),
)


@given(emotions)
def test_what_is_printed_is_parsed_back(emotion):
    assert Emotion.parse(str(emotion)) == emotion


def test_parsing():
    assert Emotion.parse("happy:0.8") == Emotion("happy", 0.8)
    assert Emotion.parse("Anger : 1.25") == Emotion("angry", 1.25)
    assert Emotion.parse("sad") == Emotion("sad", 1.0)


def test_nothing_and_zero_are_neutral():
    assert Emotion().is_neutral
    assert Emotion("angry", 0).is_neutral and Emotion("angry", -0.0).is_neutral
    assert Emotion("neutral", 1.5).is_neutral
    assert not Emotion("calm", 0.01).is_neutral


@pytest.mark.parametrize("intensity", [-0.01, 1.51, float("nan"), float("inf"), "much", None, True])
def test_intensity_has_a_range(intensity):
    with pytest.raises(EmottsError, match="from 0 to 1.5"):
        Emotion("happy", intensity)


@pytest.mark.parametrize("text", ["", ":0.5", "happy:", "happy:loud", "happy:2", "happy:1:1", "?"])
def test_what_cannot_be_parsed(text):
    with pytest.raises(EmottsError):
        Emotion.parse(text)


def test_every_way_a_user_may_give_an_emotion():
    happy = Emotion("happy", 0.8)
    assert Emotion.of(None) == Emotion()
    assert Emotion.of("happy", 0.8) == Emotion.of("happy:0.8") == Emotion.of(happy) == happy
    assert Emotion.of(Emotion("happy"), 0.8) == Emotion.of("happy:0.8", 0.8) == happy
    assert Emotion.of(None, 0.5).is_neutral


@pytest.mark.parametrize("value", ["happy:0.8", "happy:1", Emotion("happy", 0.8)])
def test_two_different_intensities_are_refused(value):
    with pytest.raises(EmottsError, match="given twice"):
        Emotion.of(value, 0.5)
