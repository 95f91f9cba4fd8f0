"""Names before colons, directions in brackets, voices of SSML."""

import pytest

from emotts.dubbing.cast import Cast
from emotts.dubbing.readers_speakers import cast_ssml, read_actor, read_how, split_turns
from emotts.errors import EmottsError

NONE: frozenset[str] = frozenset()
CAST = Cast.model_validate({"characters": {"anna": {"voice": "lj", "aliases": ["Miss A."]}}})
OPEN_CAST = CAST.model_copy(update={"default": "anna"})


def turns(text, cast=None, given=""):
    found = split_turns(text, cast, NONE, given)
    return [(t.speaker, t.how, " ".join(t.text.split())) for t in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ANNA (angry 0.8): No.", ("ANNA", "angry 0.8", "No.")),
        ("ANNA [sad]: No.", ("ANNA", "sad", "No.")),
        ("Anna: No.", ("Anna", "", "No.")),
        ("- ANNA: No.", ("ANNA", "", "No.")),
        (">> ANNA: No.", ("ANNA", "", "No.")),
        ("Old Mr. Bob: No.", ("Old Mr. Bob", "", "No.")),
        ("ANNA (whispers):\nCome.", ("ANNA", "whispers", "Come.")),
        ("(very sad) Come.", ("", "very sad", "Come.")),
        ("[angry 0.9] Come.", ("", "angry 0.9", "Come.")),
        ("ANNA: (sad) Come.", ("ANNA", "sad", "Come.")),
        ("[angry 0.9]Come[/] here.", ("", "", "[angry 0.9]Come[/] here.")),
        ("(door) Come.", ("", "", "(door) Come.")),
        ("He said: no.", ("", "", "He said: no.")),
        ("Come at 10:30, Anna.", ("", "", "Come at 10:30, Anna.")),
        ("3: the last.", ("", "", "3: the last.")),
        ("See http://example.com", ("", "", "See http://example.com")),
        ("This is what I want to say: no.", ("", "", "This is what I want to say: no.")),
    ],
)
def test_speakers_without_a_cast(text, expected):
    assert turns(text) == [expected]


@pytest.mark.parametrize(
    ("text", "cast", "expected"),
    [
        ("anna: No.", CAST, ("anna", "", "No.")),
        ("miss a. (sad): No.", CAST, ("miss a.", "sad", "No.")),
        ("Note: no.", CAST, ("Note", "", "no.")),
        ("Note: no.", OPEN_CAST, ("", "", "Note: no.")),
        ("Bob (sad): no.", OPEN_CAST, ("Bob", "sad", "no.")),
        ("BOB: no.", OPEN_CAST, ("BOB", "", "no.")),
    ],
)
def test_a_cast_says_who_is_a_speaker(text, cast, expected):
    assert turns(text, cast) == [expected]


def test_a_given_speaker_only_loses_the_own_name():
    assert turns("ANNA (sad): No.", CAST, "Miss A.") == [("Miss A.", "sad", "No.")]
    assert turns("BOB: No.\nANNA: So.", CAST, "anna") == [("anna", "", "BOB: No. ANNA: So.")]


def test_turns_begin_at_names():
    assert turns("Before.\nANNA: One\nmore.\nBEN (sad): Two.") == [
        ("", "", "Before."), ("ANNA", "", "One more."), ("BEN", "sad", "Two."),
    ]  # fmt: skip


def test_actors_may_bring_an_emotion():
    assert read_actor("ANNA (angry 0.8)") == ("ANNA", "angry 0.8")
    assert read_actor(" Anna ") == ("Anna", "")
    assert read_actor("") == ("", "")


@pytest.mark.parametrize(
    ("how", "felt"),
    [
        ("angry", ("angry", None)),
        ("angry 0.8", ("angry", 0.8)),
        ("angry, 80%", ("angry", 0.8)),
        ("very sad", ("very sad", None)),
        ("happy:0.6+sad:0.4", ("happy:0.6+sad:0.4", None)),
        ("whispers", None),
        ("0.8", None),
        ("", None),
    ],
)
def test_directions_are_emotions_or_nothing(how, felt):
    assert read_how(how, NONE) == felt


def test_an_intensity_out_of_range_is_an_error():
    with pytest.raises(EmottsError, match="between 0 and 1.5"):
        read_how("angry 8", NONE)


def test_voices_of_ssml_may_be_characters():
    ssml = "<speak><voice name=\"Miss A.\">Hi</voice> <voice name='ryan'>ho</voice></speak>"
    text, speaker = cast_ssml(ssml, CAST)
    assert speaker == "anna"
    assert text == "<speak><voice name=\"lj\">Hi</voice> <voice name='ryan'>ho</voice></speak>"
