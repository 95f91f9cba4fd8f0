"""`emotts voices` and `emotts emotions`."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("models")


def test_voices_shows_every_voice_in_full(emotts):
    lines = emotts("voices").stdout.splitlines()
    assert next(line for line in lines if "name" in line).split() == [
        "name", "sex", "language", "corpus", "licence", "minutes",
    ]  # fmt: skip
    polish = next(line for line in lines if line.startswith("TP0"))
    assert polish.split() == ["TP0", "male", "pl", "nemo", "CC", "BY-NC-SA", "4.0", "82.40"]


def test_voices_as_json(emotts):
    voices = json.loads(emotts("voices", "--json").stdout)
    assert [voice["name"] for voice in voices] == ["kathleen", "TP0"]
    assert voices[1]["licence"] == "CC BY-NC-SA 4.0"


def test_emotions_are_the_models_with_norms_and_aliases(emotts):
    output = emotts("emotions").stdout
    assert "happy" in output and "happiness" in output and "0.81" in output
    assert "surprised" not in output  # this model has no such direction


def test_emotions_as_json(emotts):
    emotions = json.loads(emotts("emotions", "--json").stdout)
    assert [record["emotion"] for record in emotions] == ["neutral", "happy", "angry"]
    assert emotions[2]["arousal"] == 0.59 and "anger" in emotions[2]["aliases"]


@pytest.mark.parametrize("command", ["voices", "emotions"])
def test_a_missing_checkpoint_is_named(refused, command):
    assert "no folder missing" in refused(command, "--checkpoint", "missing")
