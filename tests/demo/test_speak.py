"""The tab Speak."""

from pathlib import Path

import numpy as np
import pytest

from emotts.audio.io import read_audio
from emotts.demo.commands import Wish
from emotts.demo.result import perform, told, values
from emotts.demo.speak import speak, whole, wish_of
from emotts.errors import EmottsError

TEXT = "We may all call."


def asked(studio, text=TEXT, emotion="happy", words="", intensity=1.0, seed=0, **changes):
    given = dict(rate=1, pitch=0, pitch_range=1, energy=0) | changes
    return wish_of(studio, text, studio.voices[0], emotion, words, intensity, **given, seed=seed)


def test_what_is_played_is_what_the_library_says(studio):
    (take,) = speak(studio, asked(studio, intensity=0.8, pitch=2, seed=5))
    said = studio.synthesizer.synthesize(
        TEXT, studio.voices[0], "happy", 0.8, pitch=2, seed=5
    )  # fmt: skip
    assert np.array_equal(take.speech.samples, said.samples)
    assert np.abs(read_audio(take.file) - said.samples).max() < 1e-4
    assert sum(take.heard.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_takes_have_the_seeds_that_follow(studio):
    takes = speak(studio, asked(studio, seed=2**32 - 1), 3)
    assert [take.wish.seed for take in takes] == [2**32 - 1, 0, 1]
    assert len({take.speech.samples.tobytes() for take in takes}) == 3
    again = speak(studio, asked(studio, seed=0))[0]
    assert np.array_equal(again.speech.samples, takes[1].speech.samples)


def test_intensity_0_is_neutral(studio):
    calm, plain = (speak(studio, asked(studio, emotion=e, intensity=i))[0]
                   for e, i in (("happy", 0), ("neutral", 1)))  # fmt: skip
    assert np.array_equal(calm.speech.samples, plain.speech.samples)


def test_words_stand_for_the_buttons(studio):
    wish = asked(studio, emotion="angry", words=" happy:0.6+sad:0.4 ", intensity=1.5)
    assert (wish.emotion, wish.intensity) == ("happy:0.6+sad:0.4", None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (dict(text=""), "empty"), (dict(text="a" * 2000), "2000 characters"),
        (dict(seed=-1), "whole number"), (dict(seed=None), "whole number"),
        (dict(words="furios"), "did you mean"), (dict(intensity=1.6), "1.5"),
        (dict(rate=9), "rate"), (dict(pitch=float("nan")), "pitch"),
        (dict(text="<speak><!DOCTYPE x></speak>"), "."),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_refused(studio, changes, reason):
    with pytest.raises(EmottsError, match=reason):
        speak(studio, asked(studio, **changes))


def test_only_so_many_takes_at_once(studio):
    for count in (0, studio.limits.takes + 1):
        with pytest.raises(EmottsError, match="takes at once"):
            speak(studio, asked(studio), count)


def test_the_panel_shows_the_first_take_and_the_commands_of_all(studio):
    takes = speak(studio, asked(studio, seed=4), 2)
    player, sentence, download, picture, bars, command, python = values(studio, takes)
    assert player == takes[0].file
    assert Path(download.value["path"]).read_bytes() == Path(player).read_bytes()
    assert picture == takes[0].picture
    assert set(bars) == set(takes[0].heard.probabilities)
    assert [line.split("--seed=")[1].split()[0] for line in command.split("\n")] == ["4", "5"]
    assert "seed=4" in python
    assert f"**{takes[0].heard.emotion}**" in sentence


def test_the_sentence_tells_length_and_time(studio):
    take = perform(studio, Wish(TEXT, studio.voices[0]))
    assert f"{take.speech.seconds:.1f} s of speech made in {take.seconds:.2f} s." in told(take)
    assert take.seconds > 0


def test_seeds_are_whole_numbers():
    assert [whole(n) for n in (0, 7.0, 2**32 - 1)] == [0, 7, 2**32 - 1]
    for wrong in (0.5, -1, 2**32, None):
        with pytest.raises(EmottsError):
            whole(wrong)
