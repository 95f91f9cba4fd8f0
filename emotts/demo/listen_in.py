"""The tab Listen in: what is felt in a recording, and when."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import gradio as gr

from emotts.demo.pictures import in_one_thread
from emotts.demo.studio import guard

if TYPE_CHECKING:
    from emotts.demo.studio import Studio
    from emotts.evaluation.analyze import Analysis

EXAMPLE = (
    "[happy 1.3]I can not believe that you are here, how wonderful![/] "
    "[sad 1.3]But I have to tell you that the old dog is gone.[/]"
)
VOICE = "actor03"


def build(studio: Studio) -> None:
    """Lay the tab out."""
    gr.Markdown("Upload a recording and see its pitch, loudness and feeling from moment to "
                "moment. With a neutral recording of the same person it hears better.")  # fmt: skip
    with gr.Row():
        recording = gr.Audio(label="Recording", sources=["upload", "microphone"],
                             type="filepath", buttons=[], elem_id="listen-recording")  # fmt: skip
        neutral = gr.Audio(label="The same person, neutral (may be left out)",
                           sources=["upload", "microphone"], type="filepath", buttons=[],
                           elem_id="listen-neutral")  # fmt: skip
    with gr.Row():
        start = gr.Button("Listen in", variant="primary", elem_id="listen-start")
        example = gr.Button("Try an example", elem_id="listen-example")
    said = gr.Markdown(elem_id="listen-said")
    picture = gr.Image(label="Waveform, pitch, loudness, emotion and affect over time",
                       show_label=False, type="filepath", interactive=False,
                       buttons=["download", "fullscreen"], elem_id="listen-picture",
                       alt_text="Five strips over time: waveform, pitch in hertz, loudness, shares "
                       "of each emotion, and affect")  # fmt: skip
    heard = gr.Label(label="The whole recording", show_heading=False, elem_id="listen-heard")
    files = gr.File(label="All figures to download (JSON, and a table)", file_count="multiple",
                    interactive=False, height=140, elem_id="listen-files")  # fmt: skip
    run = guard(functools.partial(listen, studio))
    given, shown = [recording, neutral], [said, picture, heard, files]
    start.click(run, given, shown, api_name="listen_in")
    example.click(
        guard(functools.partial(_example, studio)), None, given, api_visibility="private"
    ).success(run, given, shown, api_visibility="private")


def _example(studio: Studio):
    say = studio.synthesizer.synthesize
    spoken = studio.run(say, EXAMPLE, VOICE)
    plain = studio.run(say, "The table stands by the window.", VOICE)
    return studio.save(spoken, "recording"), studio.save(plain, "neutral")


def listen(studio: Studio, recording, neutral):
    """Analyse a recording: a sentence, the picture, probabilities, and files."""
    from emotts.audio.io import read_audio
    from emotts.evaluation.analyze import analyze

    path = studio.check_audio(recording)
    known = read_audio(studio.check_audio(neutral, "neutral recording")) if neutral else None
    name = "the recording"
    found = studio.run(analyze, path, known, recognizer=studio.recognizer, name=name)
    picture = in_one_thread(found.plot)(studio.file("listened", ".png"))
    told, table = studio.file("listened", ".json"), studio.file("listened", ".csv")
    found.to_json(told)
    found.to_csv(table)
    return _sentence(found), str(picture), found.whole.probabilities, [str(told), str(table)]


def _sentence(found: Analysis) -> str:
    """What was found, in a line."""
    whole, voice = found.whole, found.voice
    parts = [f"**{whole.emotion}**, intensity {whole.intensity:.2f}"]
    parts += [f"{name} {value:+.2f}" for name, value in whole.affect.items()]
    if voice.f0_mean_hz is not None:
        parts.append(f"pitch {voice.f0_mean_hz:.0f} Hz ± {voice.f0_std_hz:.0f}")
    return " · ".join(parts)
