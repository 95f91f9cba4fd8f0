"""What a line leaves open is its character's."""

import pytest

from emotts.dubbing.cast import Cast
from emotts.dubbing.readers import read_script
from emotts.errors import EmottsError

CAST = {
    "default": "ben",
    "characters": {
        "anna": {
            "voice": "lj", "emotion": "calm", "intensity": 0.4, "rate": 1.1, "pitch": 2,
            "energy": -3, "language": "en-gb", "aliases": ["Ann"],
        },
        "ben": "ryan",
    },
}  # fmt: skip


@pytest.fixture
def read(tmp_path):
    def reading(text, cast=CAST):
        path = tmp_path / "x.csv"
        path.write_text(text, encoding="utf-8")
        return read_script(path, Cast.model_validate(cast))

    return reading


def test_an_open_line_is_all_its_character_s(read):
    line = read("character,text\nANN,Hi.\n").lines[0]
    assert line.character == "anna"
    assert line.wishes() == {
        "voice": "lj", "emotion": "calm", "intensity": 0.4, "rate": 1.1, "pitch": 2.0,
        "energy": -3.0, "language": "en-gb",
    }  # fmt: skip


def test_a_plain_character_asks_for_nothing_but_a_voice(read):
    assert read("character,text\nben,Hi.\n").lines[0].wishes() == {"voice": "ryan"}


def test_own_wishes_win_or_add_up(read):
    line = read(
        "character,text,voice,emotion,rate,pitch,energy,language\nanna,Hi.,joe,happy,0.9,-1,1,pl\n"
    ).lines[0]
    assert (line.voice, line.emotion, line.intensity) == ("joe", "happy", None)
    assert line.rate == pytest.approx(0.99) and (line.pitch, line.energy) == (1.0, -2.0)
    assert line.extra["language"] == "pl"


def test_an_intensity_alone_is_that_of_the_usual_emotion(read):
    line = read("character,text,intensity\nanna,Hi.,0.9\n").lines[0]
    assert (line.emotion, line.intensity) == ("calm", 0.9)
    with pytest.raises(EmottsError, match="line 2 of .*needs an emotion"):
        read("character,text,intensity\nben,Hi.,0.9\n")


def test_sums_out_of_range_are_named(read):
    with pytest.raises(EmottsError, match="line 2 of .*pitch is 13.0"):
        read("character,text,pitch\nanna,Hi.,11\n")


def test_directions_that_are_no_emotion_are_kept_aside(read):
    script = read("text\nANN (whispers): Hi.\n")
    assert script.lines[0].text == "Hi." and script.lines[0].extra["direction"] == "whispers"
    assert "(whispers) is no emotion and is left out" in script.warnings[0]


def test_a_character_named_by_ssml_speaks(read):
    line = read("text\n<speak><voice name='ann'>Hi.</voice></speak>\n").lines[0]
    assert (line.character, line.voice) == ("anna", "lj")
    assert line.text == "<speak><voice name='lj'>Hi.</voice></speak>"


def test_without_a_cast_names_stay_as_written(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("character,text\nANN,Hi.\n", encoding="utf-8")
    line = read_script(path).lines[0]
    assert line.character == "ANN" and line.wishes() == {}
