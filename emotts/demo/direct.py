"""Direct: word by word, along a curve, or as in a recording; and what shall not be heard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import Any

import gradio as gr

from emotts.demo.choices import growing
from emotts.demo.commands import Wish
from emotts.demo.pictures import in_one_thread
from emotts.demo.result import Panel, perform, values
from emotts.demo.speak import text_and_voice, whole
from emotts.demo.studio import Studio, guard
from emotts.errors import EmottsError
from emotts.text.inline import escape

TEXT = "I never said that she took the money."
WORDS = 16
PLAIN = "as above"
PLACES = (0, 25, 50, 75, 100)
CURVES = {
    "Rising anger": "0%:neutral, 100%:angry:1.3",
    "Sad, then glad": "0%:sad, 45%:sad, 60%:happy, 100%:happy:1.2",
    "A fright in the middle": "0%:calm, 40%:calm, 50%:fearful:1.4, 100%:sad:0.5",
}


def words_of(studio: Studio, text: str) -> list[str]:
    """The words of a sentence as they are written. Raises EmottsError for too many."""
    words = studio.check_text(text).split()
    if len(words) > WORDS:
        raise EmottsError(
            f"the sentence has {len(words)} words; {WORDS} can be directed one by one, and the "
            "curve takes longer ones"
        )
    return words


def markup_of(words: Sequence[str], feelings: Sequence[str], strengths: Sequence[float]) -> str:
    """The sentence with an emotion around its words; neighbours that agree share a tag."""
    asked = [(w, f, float(s)) for w, f, s in zip(words, feelings, strengths, strict=False)]
    parts = []
    for (feeling, strength), group in groupby(asked, key=lambda one: one[1:]):
        text = " ".join(escape(word) for word, _, _ in group)
        name = f'"{feeling}"' if re.search(r"\s", feeling) else feeling
        parts.append(
            text if feeling == PLAIN
            else f"[emotion={name} intensity={strength:g}]{text}[/]"
        )  # fmt: skip
    return " ".join(parts)


def curve_of(emotion: str, levels: Sequence[float]) -> str:
    """Five slider positions as a curve."""
    return ", ".join(f"{place}%:{emotion}:{level:g}"
                     for place, level in zip(PLACES, levels, strict=True))  # fmt: skip


def curve_picture(studio: Studio, curve: str, smooth: bool) -> str:
    """Draw a curve. Raises EmottsError naming the knot that cannot be read."""
    path = studio.file("curve", ".png")
    track = Wish("", curve=curve, smooth=smooth).felt(studio)
    in_one_thread(track.plot)(path, studio.palette.directions)
    return str(path)


def options_of(seed: float, suppressed: Sequence[str], amount: float) -> dict[str, Any]:
    """Options of the tab's common controls."""
    options: dict[str, Any] = {"seed": whole(seed)}
    if suppressed and amount:
        options["suppress"] = {name: amount for name in suppressed}
    return options


def build(studio: Studio) -> None:
    """Lay out the tab."""
    with gr.Row():
        with gr.Column():
            common = _common(studio)
            with gr.Tabs():
                with gr.Tab("By word"):
                    by_word = _word_controls(studio, common[0])
                with gr.Tab("By curve"):
                    by_curve = _curve_controls(studio)
                with gr.Tab("By recording"):
                    by_reference = _reference_controls()
        with gr.Column():
            panel = Panel("direct")
    _speak_words(studio, common, by_word, panel)
    _speak_curve(studio, common, by_curve, panel)
    _speak_reference(studio, common, by_reference, panel)


def _common(studio: Studio) -> list[Any]:
    """Text, voice, seed, what is suppressed and how much."""
    text, voice = text_and_voice(studio, TEXT)
    with gr.Accordion("What shall not be heard, and the take", open=False):
        suppressed = gr.CheckboxGroup(studio.emotions[1:], label="Take out of the feeling")
        amount = gr.Slider(0, 1, 1, step=0.05, label="How much of it is taken out")
        seed = gr.Number(0, label="Number of the take", precision=0, minimum=0)
    return [text, voice, seed, suppressed, amount]


def _word_controls(studio: Studio, text: gr.Textbox) -> tuple[Any, ...]:
    """A feeling and a strength for every word, and the sentence's own feeling."""
    base = growing(gr.Radio, lambda: studio.feelings, value="neutral", label="The sentence")
    cells, feelings, strengths = [], [], []
    first = TEXT.split()
    with gr.Row():
        for n in range(WORDS):
            here = n < len(first)
            with gr.Column(visible=here, min_width=150, elem_classes="word") as cell:
                label = first[n] if here else f"word {n + 1}"
                feelings.append(growing(gr.Dropdown, lambda: [PLAIN, *studio.feelings], value=PLAIN,
                                        label=label))  # fmt: skip
                strengths.append(gr.Slider(0, 1.5, 1, step=0.05, buttons=[],
                                           label=f"strength of {label}"))  # fmt: skip
            cells.append(cell)
    outputs = [*cells, *feelings, *strengths]

    @guard
    def laid_out(text: str) -> list[Any]:
        return word_updates(words_of(studio, text))

    text.blur(laid_out, text, outputs, show_progress="hidden")
    text.submit(laid_out, text, outputs, show_progress="hidden")
    button = gr.Button("Speak word by word", variant="primary", elem_id="direct-words")
    return cells, feelings, strengths, base, button


def word_updates(
    words: Sequence[str], feelings: Sequence[str] = (), strengths: Sequence[float] = ()
) -> list[Any]:
    """Cells, feelings and strengths as they look for these words, with values where given."""
    labels = [*words, *[""] * (WORDS - len(words))]
    marks = [{"value": value} for value in feelings] + [{}] * (WORDS - len(feelings))
    levels = [{"value": value} for value in strengths] + [{}] * (WORDS - len(strengths))
    return [
        *(gr.Column(visible=bool(label)) for label in labels),
        *(gr.Dropdown(label=n or "word", **v) for n, v in zip(labels, marks, strict=True)),
        *(gr.Slider(label=f"strength of {n or 'word'}", **v)
          for n, v in zip(labels, levels, strict=True)),
    ]  # fmt: skip


def _speak_words(studio: Studio, common: list, controls: tuple, panel: Panel) -> None:
    cells, feelings, strengths, base, button = controls

    @guard
    def run(text: str, voice: str, seed: float, out: list[str], amount: float, base: str,
            *given: Any) -> list[Any]:  # fmt: skip
        words = words_of(studio, text)
        marked = markup_of(words, given[:WORDS], given[WORDS:])
        wish = Wish(marked, voice, base, options=options_of(seed, out, amount))
        return values(studio, [perform(studio, wish)])

    button.click(run, [*common, base, *feelings, *strengths], panel.outputs, api_name="words")
    _word_examples(studio, common[0], cells, feelings, strengths, panel)


def _word_examples(
    studio: Studio, text: gr.Textbox, cells: list, feelings: list, strengths: list, panel: Panel
) -> None:
    """Buttons that set one word and speak."""
    outputs = [text, *cells, *feelings, *strengths, *panel.outputs]
    words = TEXT.split()

    @guard
    def example(word: str, name: str) -> list[Any]:
        marks = [name if one == word else PLAIN for one in words]
        levels = [1.3] * len(words)
        wish = Wish(markup_of(words, marks, levels), studio.voices[0])
        made = values(studio, [perform(studio, wish)])
        return [TEXT, *word_updates(words, marks, levels), *made]

    for word, name in (("never", "angry"), ("she", "surprised"), ("money.", "sad")):
        if name in studio.emotions:
            gr.Button(f"Example: {name} on “{word.strip('.')}”", size="sm").click(
                partial(example, word, name), None, outputs
            )


def _curve_controls(studio: Studio) -> tuple[Any, ...]:
    emotion = growing(gr.Radio, lambda: studio.feelings[1:], value=studio.emotions[-1],
                      label="Feeling")  # fmt: skip
    with gr.Row():
        levels = [gr.Slider(0, 1.5, place / 100, step=0.05, min_width=120,
                            label=f"at {place} %") for place in PLACES]  # fmt: skip
    curve = gr.Textbox(curve_of(studio.emotions[-1], [place / 100 for place in PLACES]),
                       label="The curve in words (the sliders write it; you may too)",
                       max_length=500)  # fmt: skip
    smooth = gr.Checkbox(False, label="Ease in and out of the points")
    picture = gr.Image(label="The curve", type="filepath", interactive=False, buttons=[],
                       elem_classes="captioned",
                       alt_text="Strength of every feeling over the sentence")  # fmt: skip
    button = gr.Button("Speak along the curve", variant="primary", elem_id="direct-curve")

    @guard
    def written(emotion: str, smooth: bool, *levels: float) -> list[Any]:
        curve = curve_of(emotion, levels)
        return [curve, curve_picture(studio, curve, smooth)]

    gr.on([emotion.input, *(level.release for level in levels)], written,
          [emotion, smooth, *levels], [curve, picture], show_progress="hidden")  # fmt: skip
    return curve, smooth, picture, button


def _speak_curve(studio: Studio, common: list, controls: tuple, panel: Panel) -> None:
    curve, smooth, picture, button = controls
    outputs = [picture, *panel.outputs]

    @guard
    def run(text: str, voice: str, seed: float, out: list[str], amount: float, curve: str,
            smooth: bool) -> list[Any]:  # fmt: skip
        drawn = curve_picture(studio, curve, smooth)
        wish = Wish(studio.check_text(text), voice, curve=curve, smooth=smooth,
                    options=options_of(seed, out, amount))  # fmt: skip
        return [drawn, *values(studio, [perform(studio, wish)])]

    button.click(run, [*common, curve, smooth], outputs, api_name="curve")
    known = {label: line for label, line in CURVES.items()
             if set(re.findall(r"[a-z]+", line)) <= set(studio.emotions)}  # fmt: skip

    @guard
    def example(curve: str) -> list[Any]:
        return run(TEXT, studio.voices[0], 0, [], 0, curve, False)

    if known:
        gr.Examples([[line] for line in known.values()], [curve], outputs, example,
                    example_labels=list(known), run_on_click=True, cache_examples=False,
                    label="Curves: one click and you hear it")  # fmt: skip


def _reference_controls() -> tuple[Any, ...]:
    sources = ["upload", "microphone"]
    clip = gr.Audio(sources=sources, type="filepath", label="A recording with the feeling",
                    elem_id="direct-reference")  # fmt: skip
    neutral = gr.Audio(sources=sources, type="filepath",
                       label="The same person speaking plainly (better with it)")  # fmt: skip
    moving = gr.Checkbox(False, label="Follow how the feeling moves")
    button = gr.Button("Speak as in the recording", variant="primary", elem_id="direct-speak-as")
    return clip, neutral, moving, button


def _speak_reference(studio: Studio, common: list, controls: tuple, panel: Panel) -> None:
    clip, neutral, moving, button = controls

    @guard
    def run(text: str, voice: str, seed: float, out: list[str], amount: float, clip: str | None,
            neutral: str | None, moving: bool) -> list[Any]:  # fmt: skip
        clip = studio.check_audio(clip)
        neutral = studio.check_audio(neutral, "plain recording") if neutral else None
        wish = Wish(studio.check_text(text), voice, reference=clip, neutral=neutral,
                    moving=moving, options=options_of(seed, out, amount))  # fmt: skip
        return values(studio, [perform(studio, wish)])

    button.click(run, [*common, clip, neutral, moving], panel.outputs, api_name="reference")
