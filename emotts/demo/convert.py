"""The tab Convert: a recording said again with another emotion or voice, before beside after."""

from __future__ import annotations

import functools
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr

from emotts.demo.choices import growing
from emotts.demo.pictures import f0_picture
from emotts.demo.studio import guard

if TYPE_CHECKING:
    from emotts.audio.speech import Speech
    from emotts.demo.studio import Studio

KEEP = ""  # the choice that leaves the recording's own emotion or voice
EXAMPLE = ("I have put your letters on the kitchen table.", "kathleen", "angry", 1.2)


def build(studio: Studio) -> None:
    """Lay the tab out."""
    gr.Markdown("Say something, or upload a recording, and hear the same words with another "
                "emotion, or in another voice.")  # fmt: skip
    recording = gr.Audio(label="Your recording", sources=["upload", "microphone"],
                         type="filepath", buttons=[], elem_id="convert-recording")  # fmt: skip
    emotion = growing(gr.Radio, lambda: [("as it is", KEEP), *studio.feelings], value=KEEP,
                      label="Emotion", elem_id="convert-emotion")  # fmt: skip
    with gr.Row():
        intensity = gr.Slider(0, 1.5, 1.0, step=0.05, label="Intensity",
                              elem_id="convert-intensity")  # fmt: skip
        voice = growing(gr.Dropdown, lambda: [("the same voice", KEEP), *studio.voices], value=KEEP,
                        label="Voice", elem_id="convert-voice")  # fmt: skip
    rhythm = gr.Checkbox(label="Change the tempo, too", elem_id="convert-rhythm")
    with gr.Row():
        start = gr.Button("Convert", variant="primary", elem_id="convert-start")
        example = gr.Button("Try an example", elem_id="convert-example")
    with gr.Row():
        with gr.Column(min_width=280):
            before = gr.Audio(label="Before", type="filepath", interactive=False,
                              buttons=["download"], elem_id="convert-before")  # fmt: skip
            heard_before = gr.Label(label="What is heard before", show_heading=False,
                                    elem_id="convert-heard-before")  # fmt: skip
        with gr.Column(min_width=280):
            after = gr.Audio(label="After", type="filepath", interactive=False,
                             buttons=["download"], elem_id="convert-after")  # fmt: skip
            heard_after = gr.Label(label="What is heard after", show_heading=False,
                                   elem_id="convert-heard-after")  # fmt: skip
    melody = gr.Image(label="Pitch before and after", show_label=False, buttons=["download"],
                      type="filepath", interactive=False,
                      alt_text="Pitch of the recording and of its conversion over time, in hertz",
                      elem_id="convert-melody")  # fmt: skip
    given = [recording, emotion, intensity, voice, rhythm]
    shown = [before, heard_before, after, heard_after, melody]
    run = guard(functools.partial(convert, studio))
    start.click(run, given, shown, api_name="convert")
    example.click(
        guard(functools.partial(_example, studio)), None, given[:4], api_visibility="private"
    ).success(run, given, shown, api_visibility="private")


def _example(studio: Studio):
    text, voice, emotion, intensity = EXAMPLE
    spoken = studio.run(studio.synthesizer.synthesize, text, voice)
    return studio.save(spoken, "recording"), emotion, intensity, KEEP


def convert(studio: Studio, recording, emotion: str, intensity: float, voice: str, rhythm: bool):
    """Convert a recording: before with what is heard in it, after likewise, and the picture."""
    from emotts.audio.io import read_audio

    path = studio.check_audio(recording)
    felt = (emotion, float(intensity)) if emotion else (None, None)
    rhythms = "convert" if rhythm else "keep"

    def changed():
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            speech = studio.converter.convert(path, *felt, voice or None, rhythm=rhythms)
            return speech, _heard(studio, path, speech, voice), told

    speech, heard, told = studio.run(changed)
    for warning in told:
        if issubclass(warning.category, UserWarning):
            gr.Warning(str(warning.message).replace(str(path), "the recording"))
    clips = {"before": read_audio(path), "after": speech.samples}
    picture = f0_picture(clips, studio.file("pitch", ".png"))
    return str(path), heard[0], studio.save(speech, "converted"), heard[1], picture


def _heard(studio: Studio, path: Path, speech: Speech, voice: str):
    """Probabilities before and after; the same speaker is heard against the same neutral."""
    from emotts.evaluation.analyze_emotion import neutral_of
    from emotts.synthesis.recognizer import read_samples

    before = read_samples(path)
    against = neutral_of(studio.recognizer, before, None)
    first = studio.recognizer.recognize(before, against)
    second = studio.recognizer.recognize(
        speech.samples, studio.neutral(voice) if voice else against
    )
    return first.probabilities, second.probabilities
