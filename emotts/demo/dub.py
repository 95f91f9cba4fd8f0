"""The tab Dub: subtitles become a track, and any line of it can be changed and said again."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import gradio as gr

from emotts.demo.choices import growing
from emotts.demo.dub_draft import (
    Draft,
    change_line,
    change_voice,
    choices_of,
    discard,
    line_of,
    make_track,
    read_draft,
    rows_of,
)
from emotts.demo.studio import guard
from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.demo.studio import Studio

KEPT_SECONDS = 3600
PROGRESS = gr.Progress()
HEADERS = ["line", "from", "to", "who", "text", "emotion", "state", "seconds", "heard", "remarks"]
WIDTHS = [f"{n}px" for n in (50, 70, 70, 80, 220, 100, 80, 80, 100, 160)]
OVERFLOW = [
    ("begin the next line later", "shift"), ("let lines overlap", "overlap"),
    ("cut the silence off", "trim-silence"), ("name the line, and leave it out", "fail"),
]  # fmt: skip
SCRIPT_TYPES = [".srt", ".vtt", ".ass", ".ssa", ".csv", ".tsv", ".jsonl"]
EXAMPLE = """1
00:00:00,500 --> 00:00:02,600
ANNA (happy 1.2): You came back!

2
00:00:03,000 --> 00:00:05,400
BEN (sad): I had nowhere else to go.

3
00:00:06,000 --> 00:00:09,000
And so they sat down by the fire.
"""


def build(studio: Studio) -> None:
    """Lay the tab out."""
    draft = gr.State(None, time_to_live=KEPT_SECONDS, delete_callback=discard)
    gr.Markdown("Subtitles in, a spoken track out. Read the file, choose voices, make the track, "
                "then change single lines or have them said again.")  # fmt: skip
    with gr.Row():
        script = gr.File(
            label="Subtitles or a table of lines", file_types=SCRIPT_TYPES, height=130,
            elem_id="dub-script",
        )  # fmt: skip
        cast = gr.File(
            label="Cast, if you have one (YAML)", file_types=[".yaml", ".yml"], height=130,
            elem_id="dub-cast",
        )  # fmt: skip
    with gr.Row():
        reader = gr.Button("Read the file", variant="primary", elem_id="dub-read")
        example = gr.Button("Try an example", elem_id="dub-example")
    table = gr.Dataframe(
        headers=HEADERS, datatype="str", interactive=False, wrap=True, max_height=360,
        column_widths=WIDTHS,
        label="Lines: choose one to hear or change it", elem_id="dub-lines",
    )  # fmt: skip
    with gr.Row():
        who = gr.Dropdown([], label="Character", elem_id="dub-who")
        voice = growing(gr.Dropdown, lambda: studio.voices, label="Speaks with the voice",
                        value=None, elem_id="dub-voice")  # fmt: skip
    mixing = _mixing()
    maker = gr.Button("Make the track", variant="primary", elem_id="dub-make")
    said = gr.Markdown(elem_id="dub-said")
    track = gr.Audio(
        label="The track",
        type="filepath",
        interactive=False,
        buttons=["download"],
        elem_id="dub-track",
    )
    files = gr.File(label="Download", file_count="multiple", interactive=False, height=140,
                    elem_id="dub-files")  # fmt: skip
    chosen = _line_editor(studio)
    _wire(studio, draft, (script, cast, reader, example), (table, who, voice), mixing,
          (maker, said, track, files), chosen)  # fmt: skip


def _mixing() -> list[Any]:
    with gr.Accordion("Mix", open=False):
        overflow = gr.Radio(OVERFLOW, value="shift", label="A line longer than its time",
                            elem_id="dub-overflow")  # fmt: skip
        bed = gr.Audio(label="Sound to lie under the lines", sources=["upload"], type="filepath",
                       buttons=[], elem_id="dub-bed")  # fmt: skip
        duck = gr.Slider(0, 30, 12, step=1, label="Lower it under lines by (dB)",
                         elem_id="dub-duck")  # fmt: skip
    return [overflow, bed, duck]


def _line_editor(studio: Studio) -> dict[str, Any]:
    """What shows and changes one line, by name."""
    gr.Markdown("### One line")
    with gr.Row():
        number = gr.Dropdown([], label="Line", elem_id="dub-line")
        take = gr.Audio(label="As it was said", type="filepath", interactive=False,
                        buttons=["download"], elem_id="dub-take")  # fmt: skip
    text = gr.Textbox(label="Text", lines=2, max_length=studio.limits.characters,
                      elem_id="dub-text")  # fmt: skip
    with gr.Row():
        emotion = growing(gr.Dropdown, lambda: studio.feelings, label="Emotion", value="neutral",
                          allow_custom_value=True, elem_id="dub-emotion")  # fmt: skip
        intensity = gr.Slider(0, 1.5, 1.0, step=0.05, label="Intensity", elem_id="dub-intensity")
    with gr.Row():
        change = gr.Button("Say it so", elem_id="dub-change")
        again = gr.Button("Another take of it", elem_id="dub-again")
    return {
        "number": number, "take": take, "text": text, "emotion": emotion, "intensity": intensity,
        "change": change, "again": again,
    }  # fmt: skip


def _wire(studio: Studio, draft, given, lists, mixing, made, chosen) -> None:
    script, cast, reader, example = given
    table, who, voice = lists
    maker, said, track, files = made
    number = chosen["number"]
    fields = [chosen[name] for name in ("text", "emotion", "intensity", "take")]
    fresh = [draft, table, who, voice, number, *fields, said, track, files]
    results = [draft, table, said, track, files, chosen["take"]]
    alone = {"concurrency_limit": 1, "concurrency_id": "dub"}

    reader.click(guard(functools.partial(read, studio)), [draft, script, cast], fresh,
               api_name="dub_read")  # fmt: skip
    example.click(
        guard(functools.partial(_example, studio)), None, script, api_visibility="private"
    ).success(guard(functools.partial(read, studio)), [draft, script, cast], fresh,
              api_visibility="private")  # fmt: skip
    who.input(guard(_voice_of), [draft, who], voice, api_visibility="private")
    voice.input(guard(functools.partial(set_voice, studio)), [draft, who, voice],
                [draft, table], api_visibility="private")  # fmt: skip
    number.input(guard(show_line), [draft, number], fields, api_visibility="private")
    table.select(guard(_select), draft, [number, *fields], api_visibility="private")
    maker.click(guard(functools.partial(make, studio)), [draft, number, *mixing], results,
               api_name="dub_make", **alone)  # fmt: skip
    chosen["change"].click(
        guard(functools.partial(change, studio)), [draft, number, *fields[:3]], [draft, table],
        api_visibility="private",
    ).success(guard(functools.partial(make, studio)), [draft, number, *mixing], results,
              api_visibility="private", **alone)  # fmt: skip
    chosen["again"].click(
        guard(functools.partial(again, studio)), [draft, number, *mixing], results,
        api_name="dub_again", **alone,
    )  # fmt: skip


def _example(studio: Studio) -> str:
    path = studio.file("example", ".srt")
    path.write_text(EXAMPLE, encoding="utf-8")
    return str(path)


def read(studio: Studio, old: Draft | None, script: str | None, cast: str | None):
    """Read a script and perhaps a cast: what every component of the tab shows of it."""
    if not script:
        raise EmottsError("there is no script yet; choose a file, or try the example")
    draft = read_draft(studio, script, cast)
    discard(old)
    first, name = draft.lines[0], next(iter(draft.voices))
    warned = "\n".join(f"- {warning}" for warning in draft.warnings)
    return (
        draft, rows_of(draft), gr.Dropdown(list(draft.voices), value=name), draft.voices[name],
        gr.Dropdown(choices_of(draft), value=first.number), *show_line(draft, first.number),
        warned, None, None,
    )  # fmt: skip


def _voice_of(draft: Draft | None, who: str) -> str | None:
    return _opened(draft).voices.get(who)


def set_voice(studio: Studio, draft: Draft | None, who: str, voice: str):
    """Let a character speak with another voice."""
    draft = change_voice(studio, _opened(draft), who, voice)
    return draft, rows_of(draft)


def show_line(draft: Draft | None, number: int | None):
    """Text, emotion, intensity and take of a line."""
    line = line_of(_opened(draft), number)
    take = draft.takes.get(line.number)
    intensity = 1.0 if line.intensity is None else line.intensity
    return line.text, line.emotion or "neutral", intensity, str(take) if take else None


def _select(draft: Draft | None, event: gr.SelectData):
    number = _opened(draft).lines[event.index[0]].number
    return number, *show_line(draft, number)


def change(studio: Studio, draft: Draft | None, number, text, emotion, intensity):
    """Change one line."""
    draft = change_line(studio, _opened(draft), number, text, emotion, intensity)
    return draft, rows_of(draft)


def make(studio: Studio, draft: Draft | None, number, overflow, bed, duck, progress=PROGRESS):
    """Make what is not made yet, and the track."""
    return _made(studio, _opened(draft), number, (overflow, bed, duck), None, progress)


def again(studio: Studio, draft: Draft | None, number, overflow, bed, duck, progress=PROGRESS):
    """Say one line once more, with another seed, and make the track."""
    line = line_of(_opened(draft), number)
    return _made(studio, draft, number, (overflow, bed, duck), line.number, progress)


def _made(studio: Studio, draft: Draft, number, mixing, retake, progress):
    def moved(done: int, lines: int, share: float) -> None:
        progress(share, desc=f"{done} of {lines} lines")

    draft = make_track(studio, draft, *mixing, retake, moved)
    take, files = draft.takes.get(number), [str(path) for path in draft.files]
    said = "\n".join(f"- {sentence}" for sentence in draft.said)
    return (
        draft, rows_of(draft), said, files[0] if files else None, files or None,
        str(take) if take else None,
    )  # fmt: skip


def _opened(draft: Draft | None) -> Draft:
    if draft is None:
        raise EmottsError("no script has been read yet; choose a file and read it first")
    return draft
