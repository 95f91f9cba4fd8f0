"""Speak: a sentence, a voice and a feeling."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import gradio as gr

from emotts.demo.choices import growing
from emotts.demo.commands import Wish
from emotts.demo.result import Panel, Take, perform, values
from emotts.demo.studio import Studio, guard
from emotts.errors import EmottsError

TEXT = "The train to the coast leaves at seven every morning."
EXAMPLES = {
    "Happy news": ("You will not believe it, we have won the first prize!", "happy", 1.0, 1),
    "Sad": ("Nobody came to the station that evening.", "sad", 1.0, 2),
    "Angry, beyond acting": ("I told you twice to close that door.", "angry", 1.4, 3),
    "Calm": ("Breathe in slowly, and let your shoulders drop.", "calm", 0.8, 4),
    "Afraid": ("Wait, there is somebody in the kitchen.", "fearful", 1.0, 5),
}
SEEDS = 2**32


def wish_of(
    studio: Studio, text: str, voice: str, emotion: str, words: str, intensity: float,
    rate: float, pitch: float, pitch_range: float, energy: float, seed: float,
) -> Wish:  # fmt: skip
    """The wish of the tab's controls; words, where there are any, stand for emotion and intensity.

    Raises EmottsError for a text or a seed that will not do.
    """
    options = dict(rate=rate, pitch=pitch, pitch_range=pitch_range, energy=energy,
                   seed=whole(seed))  # fmt: skip
    text, words = studio.check_text(text), (words or "").strip()
    if words:
        return Wish(text, voice, words, options=options)
    return Wish(text, voice, emotion, intensity, options=options)


def whole(seed: float | None) -> int:
    """A seed as the library takes it."""
    if seed is None or not 0 <= seed < SEEDS or seed != int(seed):
        raise EmottsError(f"the take's number is a whole number from 0 to {SEEDS - 1}")
    return int(seed)


def speak(studio: Studio, wish: Wish, takes: int = 1) -> list[Take]:
    """Say a wish, and with the following seeds so many times in all."""
    if not 1 <= takes <= studio.limits.takes:
        raise EmottsError(f"this page makes 1 to {studio.limits.takes} takes at once")
    wishes = [replace(wish, options={**wish.options, "seed": (wish.seed + n) % SEEDS})
              for n in range(int(takes))]  # fmt: skip
    return [perform(studio, one) for one in wishes]


def text_and_voice(studio: Studio, text: str = TEXT) -> tuple[gr.Textbox, gr.Dropdown]:
    """The two controls that most tabs begin with."""
    box = gr.Textbox(text, label="What to say", lines=3, max_length=studio.limits.characters)
    return box, growing(gr.Dropdown, lambda: _voices(studio), value=studio.voices[0], label="Voice")


def _voices(studio: Studio) -> list[tuple[str, str]]:
    known = studio.synthesizer.voices
    return [(f"{name} ({v.sex}, {v.language})", name) for name, v in known.items()]


def build(studio: Studio) -> None:
    """Lay out the tab."""
    with gr.Row():
        with gr.Column():
            controls, takes, button, dice = _controls(studio)
        with gr.Column():
            panel = Panel("speak")
            others = [gr.Audio(label=f"Take {n}", type="filepath", interactive=False,
                               visible=False, buttons=["download"])
                      for n in range(2, studio.limits.takes + 1)]  # fmt: skip
    outputs = [*panel.outputs, *others]

    @guard
    def run(takes: float, *given: Any) -> list[Any]:
        made = speak(studio, wish_of(studio, *given), int(takes))
        files = [take.file for take in made[1:]] + [None] * (1 + len(others) - len(made))
        return [*values(studio, made), *(gr.Audio(value=f, visible=f is not None) for f in files)]

    inputs = [takes, *controls]
    button.click(run, inputs, outputs, api_name="speak")
    controls[0].submit(run, inputs, outputs)
    dice.click(lambda: random.randrange(1, 10_000), None, controls[-1]).then(run, inputs, outputs)
    text, _, emotion, _, intensity = controls[:5]
    chosen = [text, emotion, intensity, controls[-1]]
    known = {name: row for name, row in EXAMPLES.items() if row[1] in studio.emotions}

    @guard
    def example(text: str, emotion: str, intensity: float, seed: float) -> list[Any]:
        return run(1, text, studio.voices[0], emotion, "", intensity, 1, 0, 1, 0, seed)

    gr.Examples([list(row) for row in known.values()], chosen, outputs, example,
                example_labels=list(known), run_on_click=True, cache_examples=False,
                label="Examples: one click and you hear it")  # fmt: skip


def _controls(studio: Studio) -> tuple[list[Any], gr.Slider, gr.Button, gr.Button]:
    """Controls in the order of `wish_of`, takes, and the two buttons."""
    text, voice = text_and_voice(studio)
    usual = studio.emotions[min(2, len(studio.emotions) - 1)]
    emotion = growing(gr.Radio, lambda: studio.feelings, value=usual, label="Feeling",
                      elem_id="speak-emotion")  # fmt: skip
    intensity = gr.Slider(0, 1.5, 1.0, step=0.05, label="How strongly (1 is strong, more is over "
                          "the top)")  # fmt: skip
    with gr.Accordion("Pace, pitch, loudness and more feelings", open=False):
        words = gr.Textbox(
            label="A feeling in words, instead of the buttons",
            placeholder="very angry, hope, happy:0.6+sad:0.4", max_length=200,
        )  # fmt: skip
        rate = gr.Slider(0.5, 2, 1, step=0.05, label="Pace (times the usual)")
        pitch = gr.Slider(-12, 12, 0, step=0.5, label="Pitch (semitones higher)")
        pitch_range = gr.Slider(0, 3, 1, step=0.05, label="Melody (0 is flat, 1 is usual)")
        energy = gr.Slider(-20, 20, 0, step=0.5, label="Loudness (decibels)")
        takes = gr.Slider(1, studio.limits.takes, 1, step=1, label="Takes to make")
    with gr.Row(elem_classes="side"):
        seed = gr.Number(0, label="Number of the take", precision=0, minimum=0, min_width=90)
        dice = gr.Button("Another take", min_width=90)
    button = gr.Button("Speak", variant="primary", elem_id="speak-go")
    return [text, voice, emotion, words, intensity, rate, pitch, pitch_range, energy, seed], (
        takes
    ), button, dice  # fmt: skip
