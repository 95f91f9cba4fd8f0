"""Choices that grow while the app runs."""

import gradio as gr
import numpy as np
import pytest

from emotts.demo import app
from emotts.demo.choices import growing, read_when_opened
from emotts.emotion.learned import Facts, LearnedEmotions


@pytest.fixture
def taught(studio):
    """An emotion named 'wistful' that the user has kept, after the studio had been opened."""
    known = studio.synthesizer
    facts = Facts(1, "2026-01-01", "everybody's neutral", known.mark)
    vector = np.ones(known.models.space.dim, np.float32)

    def teach():
        LearnedEmotions().save("wistful", vector, facts)

    yield teach
    if "wistful" in LearnedEmotions().names():
        LearnedEmotions().delete("wistful")
    studio.refresh()


def test_choices_are_asked_for_again_when_a_page_is_opened(studio):
    names = ["a", "b"]
    with gr.Blocks() as page:
        first = growing(gr.Radio, lambda: list(names), value="b", label="One of them")
        gr.Radio(["x"], label="Always the same")
        read_when_opened(page, studio)
    names.append("c")
    (load,) = page.fns.values()
    assert load.outputs == [first] and load.fn()[0]["choices"] == ["a", "b", "c"]


def test_an_emotion_kept_meanwhile_is_among_the_buttons_of_every_tab(studio, taught):
    page = app.build(studio)
    (load,) = [f for f in page.fns.values() if f.name == "now"]
    before = [update["choices"] for update in load.fn()]
    taught()
    after = [update["choices"] for update in load.fn()]
    grown = [new[len(old) :] for old, new in zip(before, after, strict=True)]
    labels = {
        control.label
        for control, added in zip(load.outputs, grown, strict=True)
        if added == ["wistful"]
    }
    assert {"Feeling", "The sentence", "Emotion"} <= labels
    spoken = studio.synthesizer.synthesize("No one.", studio.voices[0], "wistful")
    assert len(spoken.samples) > 0 and studio.emotions == list(studio.synthesizer.emotions)
