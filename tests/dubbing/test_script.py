"""Lines and scripts."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from emotts.dubbing.script import Line, Script
from emotts.errors import EmottsError


def line(**given) -> Line:
    return Line(**{"number": 1, "start": 0.0, "text": "Hello.", "source_line": 4, **given})


def test_a_line_asks_only_for_what_is_set_and_for_known_options():
    asked = line(voice="lj", pitch=0.0, extra={"language": "pl", "note": "loud"}).wishes()
    assert asked == {"voice": "lj", "pitch": 0.0, "language": "pl"}


def test_a_length_never_hides_in_the_wishes():
    assert line(end=2.0, extra={"seconds": 3.0}).wishes() == {}


def test_the_slot_is_what_lies_between_the_times():
    assert line(start=1.5, end=4.0).slot_seconds == 2.5
    assert line(start=1.5).slot_seconds is None


@pytest.mark.parametrize(
    "given", [{"number": 0}, {"start": -1}, {"text": ""}, {"mood": "x"}, {"start": float("nan")}]
)
def test_a_line_refuses_what_makes_no_sense(given):
    with pytest.raises(ValidationError):
        line(**given)


def test_a_line_cannot_be_changed():
    with pytest.raises(ValidationError):
        line().text = "Bye."


def test_characters_come_in_order_of_appearance():
    lines = [line(number=i, character=c) for i, c in enumerate(["b", "a", "b"], 1)]
    assert Script(tuple(lines), Path("x.srt")).characters == ("b", "a")


def test_check_names_the_line_of_an_unknown_voice_or_emotion():
    def script(**given):
        return Script((line(**given),), Path("x.srt"))

    script(voice="lj", emotion="smug:0.5+sad:0.5").check(["lj"], ["smug"])
    with pytest.raises(EmottsError, match=r"line 4 of x.srt: unknown voice 'bob'.* lj"):
        script(voice="bob").check(["lj"], [])
    with pytest.raises(EmottsError, match=r"line 4 of x.srt: unknown emotion 'smug'"):
        script(emotion="smug").check(["lj"], [])
