"""The tab Learn: a new emotion from a few recordings, tried at once, kept as a file."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
import numpy as np

from emotts.demo.choices import growing
from emotts.demo.studio import guard
from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.demo.studio import Studio

KEPT_SECONDS = 3600
MOST_SECONDS = 300.0  # of all recordings together
TEXT = "So you really think that you can win?"
EXAMPLE_NAME = "smug"
EXAMPLE = {"actor03": ("happy:0.7+disgust:0.6", "Well, of course I was right."),
           "actor04": ("happy:0.7+disgust:0.6", "I could have told you that before.")}  # fmt: skip


@dataclass(frozen=True)
class Lesson:
    """A learnt emotion of one visitor: its direction (dim,), and the file that keeps it."""

    name: str
    vector: np.ndarray
    file: Path


def build(studio: Studio) -> None:
    """Lay the tab out."""
    lesson = gr.State(None, time_to_live=KEPT_SECONDS, delete_callback=discard)
    gr.Markdown("Teach an emotion that has no button: give 1 to 50 recordings of it, a name, and "
                "hear it in any voice. Nothing is kept here: save the file.")  # fmt: skip
    with gr.Row():
        clips = gr.File(label="Recordings of the emotion (1 to 50)", file_count="multiple",
                        file_types=["audio"], height=160, elem_id="learn-clips")  # fmt: skip
        plain = gr.File(label="The same people, neutral (may be left out)", file_count="multiple",
                        file_types=["audio"], height=160, elem_id="learn-neutral")  # fmt: skip
    name = gr.Textbox(label="Name of the emotion", placeholder="smug", max_length=60,
                      elem_id="learn-name")  # fmt: skip
    with gr.Row():
        start = gr.Button("Learn it", variant="primary", elem_id="learn-start")
        example = gr.Button("Try an example", elem_id="learn-example")
    said = gr.Markdown(elem_id="learn-said")
    file = gr.File(
        label="The emotion, to keep", interactive=False, height=110, elem_id="learn-file"
    )
    gr.Markdown("### Try it")
    text = gr.Textbox(TEXT, label="Text", lines=2, max_length=studio.limits.characters,
                      elem_id="learn-text")  # fmt: skip
    with gr.Row():
        voice = growing(gr.Dropdown, lambda: studio.voices, value=studio.voices[0], label="Voice",
                        elem_id="learn-voice")  # fmt: skip
        intensity = gr.Slider(0, 1.5, 1.0, step=0.05, label="Intensity", elem_id="learn-intensity")
    hear = gr.Button("Hear it", elem_id="learn-hear")
    with gr.Row():
        without = gr.Audio(label="Neutral", type="filepath", interactive=False,
                           buttons=["download"], elem_id="learn-without")  # fmt: skip
        spoken = gr.Audio(label="With the new emotion", type="filepath", interactive=False,
                          buttons=["download"], elem_id="learn-with")  # fmt: skip
    run = guard(functools.partial(learn, studio))
    given, learnt = [lesson, clips, plain, name], [lesson, said, file]
    trial = guard(functools.partial(try_out, studio))
    asked, shown = [lesson, text, voice, intensity], [without, spoken]
    start.click(run, given, learnt, api_name="learn")
    hear.click(trial, asked, shown, api_name="learn_try")
    example.click(
        guard(functools.partial(_example, studio)), None, [clips, plain, name],
        api_visibility="private",
    ).success(run, given, learnt, api_visibility="private").success(
        trial, asked, shown, api_visibility="private"
    )  # fmt: skip


def discard(lesson: Lesson | None) -> None:
    """Delete a visitor's file."""
    if lesson is not None:
        shutil.rmtree(lesson.file.parent, ignore_errors=True)


def _example(studio: Studio):
    say = studio.synthesizer.synthesize
    made = [
        studio.save(studio.run(say, text, voice, emotion), f"smug by {voice}")
        for voice, (emotion, text) in EXAMPLE.items()
    ]
    return made, None, EXAMPLE_NAME


def learn(studio: Studio, old: Lesson | None, clips, plain, name: str):
    """Learn an emotion from uploaded files: the lesson, a sentence, and the file that keeps it."""
    from emotts.emotion.learned import Facts, LearnedEmotions, checked_name
    from emotts.synthesis.reference import learn_from_clips

    examples = studio.limits.check_files(clips, "recording of the emotion")
    neutral = studio.limits.check_files(plain, "neutral recording") if plain else []
    _check_length([*examples, *neutral])
    name = checked_name(name or "")
    plainly = {"": neutral} if neutral else None
    vector = studio.run(learn_from_clips, studio.embedder, {"": examples}, plainly)
    against = f"{len(neutral)} neutral recordings" if neutral else "everybody's neutral"
    facts = Facts(len(examples), date.today().isoformat(), against, studio.embedder.mark)
    folder = studio.file("learnt", "")
    lesson = Lesson(name, vector, LearnedEmotions(folder).save(name, vector, facts))
    discard(old)
    nearest, cosine = _nearest(studio, vector)
    heard = "1 recording" if len(examples) == 1 else f"{len(examples)} recordings"
    said = (
        f"**{name}** is learnt from {heard} against {against}; it is most like "
        f"{nearest} (cosine {cosine:.2f}). To use it elsewhere, download the file, then "
        f"`emotts learned import {name}.safetensors`."
    )
    return lesson, said, str(lesson.file)


def try_out(studio: Studio, lesson: Lesson | None, text: str, voice: str, intensity: float):
    """Say a text neutrally and with the learnt emotion."""
    from emotts.synthesis.synthesizer import Synthesizer

    if lesson is None:
        raise EmottsError("no emotion has been learnt yet; learn one first")
    text = studio.check_text(text)
    known = studio.synthesizer
    mine = Synthesizer(known.models, {**known.learned, lesson.name: lesson.vector}, known.stored)
    without = studio.run(mine.synthesize, text, voice)
    spoken = studio.run(mine.synthesize, text, voice, lesson.name, float(intensity))
    return studio.save(without, "neutral"), studio.save(spoken, lesson.name)


def _check_length(files: Sequence[Path]) -> None:
    import soundfile

    total = sum(soundfile.info(path).duration for path in files)
    if total > MOST_SECONDS:
        raise EmottsError(
            f"the recordings last {total:.0f} s together; this page takes {MOST_SECONDS:g} s, "
            "the command 'emotts learn-emotion' takes more"
        )


def _nearest(studio: Studio, vector: np.ndarray) -> tuple[str, float]:
    """The shipped emotion that a learnt one is most like, and their cosine."""
    directions = studio.embedder.space.directions
    likeness = {
        name: float(vector @ d / (np.linalg.norm(vector) * np.linalg.norm(d)))
        for name, d in directions.items()
    }
    name = max(likeness, key=likeness.get)
    return name, likeness[name]
