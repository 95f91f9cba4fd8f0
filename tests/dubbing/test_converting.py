"""Originals converted: what is asked of the converter, and what comes of its samples."""

import numpy as np
import pytest

from emotts.audio.speech import Speech
from emotts.dubbing.converting import convert_line
from emotts.dubbing.script import Line

SAMPLES = np.full(24000, 0.1, dtype=np.float32)


class Converter:
    """Gives back what it gets, `more` samples longer, and keeps what was asked."""

    def __init__(self, more: int = 0):
        self.more, self.asked = more, {}

    def convert(self, audio, emotion=None, intensity=None, **asked):
        self.asked = {"emotion": emotion, "intensity": intensity, **asked}
        count = len(audio) + self.more
        return Speech(np.resize(audio, count), 24000, provenance={"voice": asked["voice"]})


def line(**given) -> Line:
    return Line(number=1, start=0, end=1, text="Yes.", **given)


def test_voice_and_emotion_stay_where_nobody_names_them():
    converter = Converter()
    convert_line(converter, line(), {"voice": "kathleen", "seed": 3}, SAMPLES, None)
    assert converter.asked == {
        "emotion": None, "intensity": None, "voice": None, "neutral": None, "seed": 3,
    }  # fmt: skip


def test_what_the_line_asks_is_asked():
    converter, neutral = Converter(), np.zeros(10, dtype=np.float32)
    asked = {"voice": "lj", "emotion": "sad", "intensity": 0.5, "pitch": 2.0, "steps": 4, "seed": 0}
    sad = line(voice="lj", emotion="sad", intensity=0.5, pitch=2.0)
    convert_line(converter, sad, asked, SAMPLES, neutral)
    assert converter.asked.pop("neutral") is neutral
    assert converter.asked == asked


@pytest.mark.parametrize("more", [-300, 0, 300])
def test_a_line_stays_as_long_as_its_original(more):
    made = convert_line(Converter(more), line(), {"seed": 0}, SAMPLES, None)
    assert len(made.samples) == 24000


def test_level_is_changed_and_never_too_loud():
    quiet = convert_line(Converter(), line(), {"energy": -6.0}, SAMPLES, None)
    assert np.allclose(quiet.samples, 0.1 * 10 ** (-6 / 20), atol=1e-4)
    loud = convert_line(Converter(), line(), {"energy": 20.0}, SAMPLES * 9, None)
    assert np.abs(loud.samples).max() <= 1


def test_what_conversion_does_not_know_is_left_out_and_told():
    converter = Converter()
    with pytest.warns(UserWarning, match="rate, variety cannot be asked for"):
        asked = {"rate": 1.1, "variety": 0.2, "language": "pl"}
        convert_line(converter, line(), asked, SAMPLES, None)
    assert not {"rate", "variety", "language"} & set(converter.asked)
