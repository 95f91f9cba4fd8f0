"""What a visitor gets for a wish: player, picture, what is heard, and how to make it again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from emotts.audio.speech import Speech
from emotts.demo.commands import Wish, needs_learned
from emotts.demo.pictures import mel_picture
from emotts.demo.studio import Studio
from emotts.synthesis.recognizer import Recognition


@dataclass(frozen=True)
class Take:
    """A wish come true: speech, its file and picture, what SER A hears against the voice's own
    neutral, and the seconds it took to make."""

    wish: Wish
    speech: Speech
    file: str
    picture: str
    heard: Recognition
    seconds: float


def perform(studio: Studio, wish: Wish) -> Take:
    """Say a wish, listen to it and draw it. Raises EmottsError for what cannot be said."""
    speech, heard, seconds = studio.run(said, studio, wish)
    picture = mel_picture(speech, studio.file("picture", ".png"))
    return Take(wish, speech, studio.save(speech), picture, heard, seconds)


def said(studio: Studio, wish: Wish) -> tuple[Speech, Recognition, float]:
    """A wish as speech, what is heard in it, and the seconds that saying it took; for `run`."""
    begun = time.perf_counter()
    speech = wish.speak(studio)
    seconds = time.perf_counter() - begun
    return speech, studio.recognizer.recognize(speech.samples, studio.neutral(wish.voice)), seconds


class Panel:
    """The components of a result; call in a gr.Column. name: of its tab, for the elements' ids."""

    def __init__(self, name: str):
        self.player = gr.Audio(
            label="Listen", type="filepath", interactive=False, buttons=["download"],
            elem_id=f"{name}-player",
        )  # fmt: skip
        self.told = gr.Markdown("", elem_id=f"{name}-told")
        self.download = gr.DownloadButton("Download the clip", interactive=False, size="sm")
        self.picture = gr.Image(
            label="What it looks like: loudness by pitch and time, melody in red, sounds above",
            type="filepath", interactive=False, buttons=["download"],
            elem_classes="captioned",
            alt_text="Spectrogram with the melody and the sounds of the clip",
        )  # fmt: skip
        self.bars = gr.Label(label="What a listening machine hears", num_top_classes=8)
        with gr.Accordion("Make exactly this clip yourself", open=False):
            self.command = gr.Textbox(
                label="On the command line", lines=2, interactive=False, buttons=["copy"]
            )
            self.python = gr.Textbox(
                label="In Python", lines=3, interactive=False, buttons=["copy"]
            )

    @property
    def outputs(self) -> list[Any]:
        """The components that `values` fills."""
        return [self.player, self.told, self.download, self.picture, self.bars, self.command,
                self.python]  # fmt: skip


def values(studio: Studio, takes: Sequence[Take]) -> list[Any]:
    """What the components of a Panel show: the first take, and how all are made."""
    first, where = takes[0], studio.checkpoint
    commands = "\n".join(take.wish.command(where) for take in takes)
    python = first.wish.python(where, needs_learned(first.wish, studio))
    return [first.file, told(first), gr.DownloadButton(value=first.file, interactive=True),
            first.picture, first.heard.probabilities, commands, python]  # fmt: skip


def told(take: Take) -> str:
    """A sentence on what is heard and how long it took."""
    affect = take.heard.affect
    return (
        f"Heard as **{take.heard.emotion}**, strength {take.heard.intensity:.2f}: "
        f"{_signed(affect['valence'])} pleasant, {_signed(affect['arousal'])} excited, "
        f"{_signed(affect['dominance'])} in control (each −1 to 1). "
        f"{take.speech.seconds:.1f} s of speech made in {take.seconds:.2f} s."
    )


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
