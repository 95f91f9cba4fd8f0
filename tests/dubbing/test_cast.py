"""Casts: reading, names and checks."""

import pytest

from emotts.dubbing.cast import Cast, Character
from emotts.errors import EmottsError

GOOD = """
default: narrator
characters:
  narrator: kathleen
  anna:
    voice: lj
    emotion: calm
    intensity: 0.4
    rate_limits: [0.9, 1.1]
    pitch: 1.5
    energy: -3
    language: en-gb
    aliases: [Ann, Miss_Smith]
"""


@pytest.fixture
def load(tmp_path):
    def loaded(text):
        path = tmp_path / "cast.yaml"
        path.write_text(text, encoding="utf-8")
        return Cast.load(path)

    return loaded


def test_a_cast_is_read_with_defaults(load):
    cast = load(GOOD)
    anna = cast.characters["anna"]
    assert (anna.voice, anna.intensity, anna.rate_limits) == ("lj", 0.4, (0.9, 1.1))
    assert cast.characters["narrator"] == Character(voice="kathleen")
    assert cast.characters["narrator"].rate_limits == (0.8, 1.25)


@pytest.mark.parametrize("written", ["anna", "ANNA", " Ann ", "miss smith", "Miss-Smith"])
def test_names_and_aliases_are_found_however_they_are_spelt(load, written):
    assert load(GOOD).find(written)[0] == "anna"


def test_others_are_the_default_and_without_one_an_error_with_the_choices(load):
    assert load(GOOD).find("bob")[0] == load(GOOD).find("")[0] == "narrator"
    cast = load(GOOD.replace("default: narrator", ""))
    with pytest.raises(EmottsError, match="unknown character 'bob'; choose from narrator, anna"):
        cast.find("bob")
    with pytest.raises(EmottsError, match="no character is named"):
        cast.find("")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("characters: {}", "characters"),
        ("- anna", "must be a mapping"),
        ("characters: {anna: {}}", "anna.voice"),
        ("characters: {anna: {voice: lj, mood: sad}}", "anna.mood"),
        ("characters: {anna: {voice: lj, pitch: 40}}", "anna.pitch"),
        ("characters: {anna: {voice: lj, rate_limits: [1.2, 1.5]}}", "slowest rate"),
        ("characters: {anna: {voice: lj, rate_limits: [0.1, 1.5]}}", "slowest rate"),
        ("characters: {anna: {voice: lj, intensity: 0.5}}", "needs an emotion"),
        ("characters: {anna: lj, ann: {voice: lj, aliases: [ANNA]}}", "both anna and ann"),
        ("default: bob\ncharacters: {anna: lj}", "default 'bob' is no character"),
        ("characters:\n  anna: lj\n  anna: kathleen", "anna is given twice"),
        ("characters: [", "not valid YAML"),
    ],
)
def test_what_is_wrong_is_named_with_the_file(load, text, message):
    with pytest.raises(EmottsError, match=r"cast\.yaml") as caught:
        load(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EmottsError, match=r"nobody\.yaml cannot be read"):
        Cast.load(tmp_path / "nobody.yaml")


def test_check_names_the_character(load):
    load(GOOD).check(["lj", "kathleen"], [])
    with pytest.raises(EmottsError, match="anna of the cast has the unknown voice 'lj'.*kathleen"):
        load(GOOD).check(["kathleen"], [])
    smug = GOOD.replace("calm", "smug")
    load(smug).check(["lj", "kathleen"], ["smug"])
    with pytest.raises(EmottsError, match="anna of the cast: unknown emotion 'smug'"):
        load(smug).check(["lj", "kathleen"], [])
