import pytest

from emotts.errors import EmottsError
from emotts.synthesis.recognizer import Recognizer
from emotts.synthesis.spoken_neutral import spoken_neutral
from emotts.synthesis.synthesizer import Synthesizer

EMOTIONS = ("happy", "sad", "angry")


@pytest.fixture(scope="module")
def shipped():
    return Synthesizer.from_pretrained(), Recognizer.from_pretrained()


def test_what_a_voice_says_is_heard_right_against_its_own_neutral(shipped):
    synthesizer, recognizer = shipped
    neutral = spoken_neutral(synthesizer, recognizer, "lj")
    clips = {e: synthesizer.synthesize("The meeting starts at nine.", "lj", e, 1.0, seed=0)
             for e in EMOTIONS}  # fmt: skip
    beside = [recognizer.recognize(clips[e].samples, neutral).emotion == e for e in EMOTIONS]
    alone = [recognizer.recognize(clips[e].samples).emotion == e for e in EMOTIONS]
    assert sum(beside) == 3 > sum(alone)


def test_a_neutral_is_the_same_twice_and_names_unknown_voices(shipped):
    one, two = (spoken_neutral(*shipped, "actor01") for _ in range(2))
    assert (one.embedding == two.embedding).all() and one.gain == two.gain
    with pytest.raises(EmottsError, match="nobody"):
        spoken_neutral(*shipped, "nobody")
