"""Ladder: one sentence at rising strengths or in every feeling, side by side and blind."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from emotts.demo.choices import growing
from emotts.demo.commands import Wish
from emotts.demo.listening import HEAD, Listening, draw_test
from emotts.demo.pictures import f0_picture
from emotts.demo.result import said
from emotts.demo.speak import text_and_voice, whole
from emotts.demo.studio import Studio, guard
from emotts.errors import EmottsError
from emotts.synthesis.recognizer import Recognition

TEXT = "They moved the piano into the other room."
STEPS = (0.0, 0.375, 0.75, 1.125, 1.5)
STRENGTHS, FEELINGS = "five strengths of one feeling", "every feeling at one strength"
PAIRS = 6
MOST = 8  # players


@dataclass(frozen=True)
class Rung:
    """A clip of a ladder: its label, file, samples (n,), and what is heard in it."""

    label: str
    file: str
    samples: Any
    heard: Recognition


def climb(
    studio: Studio, text: str, voice: str, kind: str, emotion: str, intensity: float, seed: float
) -> list[Rung]:
    """Say a sentence on every rung. Raises EmottsError for what cannot be said."""
    text, options = studio.check_text(text), {"seed": whole(seed)}
    if kind == STRENGTHS:
        asked = [(f"{step:g}", emotion, step) for step in STEPS]
    else:
        asked = [(name, name, intensity) for name in studio.emotions[:MOST]]
    rungs = []
    for label, name, level in asked:
        wish = Wish(text, voice, name, level, options=options)
        speech, heard, _ = studio.run(said, studio, wish)  # others come in between two rungs
        rungs.append(Rung(label, studio.save(speech, "clip"), speech.samples, heard))
    return rungs


def table(rungs: Sequence[Rung]) -> list[list[str]]:
    """What is heard on every rung: label, emotion, its share, strength."""
    return [[r.label, r.heard.emotion, f"{r.heard.probabilities[r.heard.emotion]:.0%}",
             f"{r.heard.intensity:.2f}"] for r in rungs]  # fmt: skip


def begin(studio: Studio, clips: Sequence[tuple[str, str]], kind: str, emotion: str) -> Listening:
    """A blind test of a ladder's clips, under names that tell nothing."""
    named = []
    for label, file in clips:
        copy = studio.file("sound", ".wav")
        try:
            shutil.copy(file, copy)
        except FileNotFoundError as error:
            raise EmottsError("the clips were deleted meanwhile; make the ladder again") from error
        named.append((label, str(copy)))
    ordered = kind == STRENGTHS
    question = f"Which sounds more {emotion}" if ordered else "Which sounds"
    return draw_test(named, question, PAIRS, random.randrange(2**32), ordered)


def build(studio: Studio) -> None:
    """Lay out the tab."""
    with gr.Row():
        with gr.Column():
            text, voice = text_and_voice(studio, TEXT)
            kind = gr.Radio([STRENGTHS, FEELINGS], value=STRENGTHS, label="Compare")
            emotion = growing(gr.Radio, lambda: studio.feelings[1:], value=studio.emotions[-1],
                              label="Feeling")  # fmt: skip
            intensity = gr.Slider(0, 1.5, 1, step=0.05, label="Strength, for every feeling")
            seed = gr.Number(0, label="Number of the take", precision=0, minimum=0)
            go = gr.Button("Make the ladder", variant="primary", elem_id="ladder-go")
        with gr.Column():
            picture = gr.Image(label="Their melodies over each other", type="filepath",
                               interactive=False, buttons=["download"],
                               elem_classes="captioned",
                               alt_text="Melody curves of all clips")  # fmt: skip
            heard = gr.Dataframe(headers=["clip", "heard as", "how surely", "strength"],
                                 label="What a listening machine hears", interactive=False,
                                 datatype="str")  # fmt: skip
    with gr.Row():
        players = [gr.Audio(label=f"Clip {n + 1}", type="filepath", interactive=False,
                            visible=False, min_width=240, buttons=["download"])
                   for n in range(MOST)]  # fmt: skip
    clips, asked = gr.State([]), gr.State(None)
    outputs = [picture, heard, clips, asked, *players]
    inputs = [text, voice, kind, emotion, intensity, seed]

    @guard
    def run(*given: Any) -> list[Any]:
        rungs = climb(studio, *given)
        drawn = f0_picture({r.label: r.samples for r in rungs}, studio.file("melodies", ".png"))
        shown = [gr.Audio(value=r.file, label=r.label, visible=True) for r in rungs]
        shown += [gr.Audio(value=None, visible=False)] * (MOST - len(rungs))
        return [drawn, table(rungs), [(r.label, r.file) for r in rungs], given[2:4], *shown]

    go.click(run, inputs, outputs, api_name="ladder")

    @guard
    def example(kind: str, emotion: str) -> list[Any]:
        return run(TEXT, studio.voices[0], kind, emotion, 1.0, 0)

    names = studio.emotions[1:]
    rows = {f"{name}, from none to too much": [STRENGTHS, name] for name in names[:4]}
    rows["all feelings"] = [FEELINGS, names[0]]
    gr.Examples(list(rows.values()), [kind, emotion], outputs, example, example_labels=list(rows),
                run_on_click=True, cache_examples=False,
                label="Examples: one click and you hear them")  # fmt: skip
    _blind(studio, clips, asked)


def _blind(studio: Studio, clips: gr.State, asked: gr.State) -> None:
    """The listening test below the ladder."""
    test = gr.State(None)
    with gr.Accordion("Blind test: can you hear the difference?", open=False):
        start = gr.Button("Start a blind test of these clips", elem_id="ladder-blind")
        question = gr.Markdown("Make a ladder, then start.", elem_id="ladder-question")
        with gr.Row():
            sounds = [gr.Audio(label=name, type="filepath", interactive=False, buttons=[])
                      for name in "AB"]  # fmt: skip
        with gr.Row(elem_classes="side"):
            buttons = [gr.Button(f"It is {name}", interactive=False, min_width=90)
                       for name in "AB"]  # fmt: skip
        results = gr.Dataframe(headers=list(HEAD), label="Your answers", interactive=False,
                               visible=False)  # fmt: skip
        download = gr.DownloadButton("Download the answers", visible=False, size="sm",
                                     elem_id="ladder-answers")  # fmt: skip
    outputs = [test, question, *sounds, *buttons, results, download]

    @guard
    def begun(clips: list, asked: Sequence[str] | None) -> list[Any]:
        return shown(studio, begin(studio, clips, *(asked or (STRENGTHS, ""))))

    def answered(chosen: str) -> Any:
        @guard
        def answer(test: Listening | None) -> list[Any]:
            return shown(studio, (test or Listening(())).answer(chosen))

        return answer

    start.click(begun, [clips, asked], outputs)
    for button, chosen in zip(buttons, "ab", strict=True):
        button.click(answered(chosen), test, outputs)


def shown(studio: Studio, test: Listening) -> list[Any]:
    """What a test shows: the next pair, or at the end its table and verdict."""
    now, done = test.now, test.now is None
    if done:
        said, files = test.verdict(), (None, None)
    else:
        said = f"Pair {len(test.answers) + 1} of {len(test.trials)}: **{now.question}**"
        files = (now.file_a, now.file_b)
    saved = test.save(studio.file("answers", ".csv")) if done else None
    return [test, said, *files, *(gr.Button(interactive=not done) for _ in "AB"),
            gr.Dataframe(value=test.rows() if done else None, visible=done),
            gr.DownloadButton(value=saved, visible=done)]  # fmt: skip
