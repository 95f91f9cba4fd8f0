"""Speech of an asked length, to the sample."""

import numpy as np
import pytest

from emotts.errors import EmottsError

TEXT = "We all know a long way home."


@pytest.mark.parametrize("factor", [0.6, 0.9371, 1.0, 1.25, 1.9])
def test_one_sentence_lasts_exactly_as_long_as_asked(synthesizer, factor):
    natural = synthesizer.synthesize(TEXT)
    seconds = round(natural.seconds * factor, 4)
    made = synthesizer.synthesize(TEXT, seconds=seconds)
    assert len(made.samples) == round(seconds * 24000)
    assert len(made.timeline) == len(natural.timeline)
    assert made.timeline[-1].end_seconds <= made.seconds


def test_several_sentences_with_pauses_last_exactly_as_long_as_asked(synthesizer):
    text = "We all know. [pause 0.7s]And so it goes! Well, well?"
    natural = synthesizer.synthesize(text)
    made = synthesizer.synthesize(text, seconds=natural.seconds * 1.1)
    assert len(made.samples) == round(natural.seconds * 1.1 * 24000)
    gaps = [b.start_seconds - a.end_seconds
            for a, b in zip(made.timeline, made.timeline[1:], strict=False)]  # fmt: skip
    assert max(gaps) > 0.7


def test_emotion_and_length_go_together(synthesizer):
    made = synthesizer.synthesize(TEXT, emotion="sad", seconds=2.345)
    assert len(made.samples) == round(2.345 * 24000)
    assert np.isfinite(made.samples).all()


@pytest.mark.parametrize("seconds", [0.2, 60.0])
def test_what_cannot_be_done_says_what_can(synthesizer, seconds):
    with pytest.raises(EmottsError, match=r"it can take \d+\.\d+ to \d+\.\d+ s"):
        synthesizer.synthesize(TEXT, seconds=seconds)


@pytest.mark.parametrize(
    "asked", [{}, {"emotion": "sad"}, {"rate": 1.5}, {"seed": 3, "seconds": 5.0}]
)
def test_the_natural_length_is_known_before_anything_is_said(synthesizer, asked):
    text = "We all know. [pause 0.7s]And so it goes!"
    said = synthesizer.synthesize(text, **{k: v for k, v in asked.items() if k != "seconds"})
    assert synthesizer.natural_seconds(text, **asked) == pytest.approx(said.seconds, abs=0.15)


def test_the_natural_length_of_what_cannot_be_said(synthesizer):
    with pytest.raises(EmottsError, match="nothing in the text"):
        synthesizer.natural_seconds("...")
