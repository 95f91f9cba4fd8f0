"""The tab Mix & map."""

import numpy as np
import pytest

from emotts.demo.mix import ingredients, mix_of, place_of, say_mix, say_place, told_sum
from emotts.emotion.affect import NORMS
from emotts.errors import EmottsError

TEXT = "We may all call."
NAMES = ("happy", "sad", "angry")


def test_sliders_become_words():
    assert mix_of(NAMES, (0.6, 0, 0.4)) == "happy:0.6+angry:0.4"
    assert mix_of(NAMES, (0, 1, 0)) == "sad"
    assert mix_of(NAMES, (0, 0, 0)) == "neutral"


def test_the_sum_may_reach_the_strongest_and_no_more():
    assert mix_of(NAMES, (0.5, 0.5, 0.5)).count("+") == 2
    with pytest.raises(EmottsError, match=r"add up to 1\.55"):
        mix_of(NAMES, (0.5, 0.55, 0.5))
    assert "Sum **1.50**" in told_sum(NAMES, (0.5, 0.5, 0.5))
    assert "0.50 happy + 0.25 angry" in told_sum(NAMES, (0.5, 0, 0.25))
    assert "too strong" in told_sum(NAMES, (0.5, 0.55, 0.5))
    assert told_sum(NAMES, (0, 0, 0)).endswith("neutral")


def test_an_emotion_alone_lies_at_its_norm(studio):
    name = ingredients(studio)[0]
    assert "neutral" not in ingredients(studio)
    gain = studio.palette.space.gain(name, 1.0)
    if gain == 1.0:
        assert place_of(studio, name)[:2] == pytest.approx(NORMS[name][:2], abs=1e-4)
    assert place_of(studio, "neutral") == pytest.approx((0, 0, 0), abs=1e-6)


@pytest.mark.parametrize("mixing", ["embedding", "velocity"])
def test_a_mix_is_what_the_library_says(studio, mixing):
    first, second = ingredients(studio)[:2]
    take, picture = say_mix(studio, TEXT, studio.voices[0], mixing, 3, {first: 0.5, second: 0.75})
    said = studio.synthesizer.synthesize(
        TEXT, studio.voices[0], f"{first}:0.5+{second}:0.75", mixing=mixing, seed=3
    )
    assert np.array_equal(take.speech.samples, said.samples)
    assert picture.endswith(".png")


def test_a_mix_these_checkpoints_cannot_make_is_refused(studio):
    with pytest.raises(EmottsError, match="no prototypes; use mixing='embedding'"):
        first, second = ingredients(studio)[:2]
        say_mix(studio, TEXT, studio.voices[0], "prototype", 3, {first: 0.5, second: 0.4})


def test_a_place_is_what_the_library_says(studio):
    take, picture = say_place(studio, TEXT, studio.voices[0], 2, -0.5, 0.6)
    said = studio.synthesizer.synthesize(
        TEXT, studio.voices[0], {"valence": -0.5, "arousal": 0.6}, seed=2
    )
    assert np.array_equal(take.speech.samples, said.samples)
    assert picture.endswith(".png")


def test_the_middle_of_the_map_is_neutral(studio):
    take, _ = say_place(studio, TEXT, studio.voices[0], 0, 0.0, 0.0)
    plain = studio.synthesizer.synthesize(TEXT, studio.voices[0])
    assert np.array_equal(take.speech.samples, plain.samples)


def test_places_beyond_the_map_are_refused(studio):
    with pytest.raises(EmottsError, match="valence"):
        say_place(studio, TEXT, studio.voices[0], 0, 1.2, 0.0)
