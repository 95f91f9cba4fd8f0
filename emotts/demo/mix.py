"""Mix & map: feelings mixed by sliders, or chosen as a place between pleasant and excited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import gradio as gr

from emotts.demo.commands import Wish
from emotts.demo.pictures import affect_at, plane_picture
from emotts.demo.result import Panel, Take, perform, values
from emotts.demo.speak import text_and_voice, whole
from emotts.demo.studio import Studio, guard
from emotts.emotion.affect import NORMS, Affect
from emotts.emotion.emotion import MAX_INTENSITY
from emotts.emotion.parse import Part, format_parts
from emotts.errors import EmottsError
from emotts.synthesis.options import CHOICES

TEXT = "So this is how the story ends."
EXAMPLES = {
    "Bitter-sweet": {"happy": 0.6, "sad": 0.5},
    "Cold fury": {"angry": 0.8, "calm": 0.5},
    "Nervous surprise": {"fearful": 0.5, "surprised": 0.7},
}
MIXINGS = {"embedding": "as one feeling", "velocity": "while the sound is drawn",
           "prototype": "between real recordings"}  # fmt: skip


def ingredients(studio: Studio) -> list[str]:
    """Emotions that have a slider."""
    return [name for name in studio.emotions if name != "neutral"]


def mix_of(names: Sequence[str], weights: Sequence[float]) -> str:
    """Slider positions as an emotion in words; neutral where all are 0.

    Raises EmottsError for a sum that is too strong.
    """
    parts = [Part(name, round(float(w), 4)) for name, w in zip(names, weights, strict=True) if w]
    total = sum(part.weight for part in parts)
    if total > MAX_INTENSITY + 1e-9:
        raise EmottsError(
            f"the feelings add up to {total:.2f}; together they may reach {MAX_INTENSITY}, so "
            "pull one down"
        )
    return format_parts(parts) or "neutral"


def told_sum(names: Sequence[str], weights: Sequence[float]) -> str:
    """The live sum of the sliders, in a sentence."""
    total = sum(float(weight) for weight in weights)
    if total > MAX_INTENSITY + 1e-9:
        return f"**Sum {total:.2f}: too strong.** Together they may reach {MAX_INTENSITY}."
    words = " + ".join(f"{w:.2f} {name}" for name, w in zip(names, weights, strict=True) if w)
    return f"Sum **{total:.2f}** of at most {MAX_INTENSITY}: {words or 'neutral'}"


def place_of(studio: Studio, emotion: str) -> Affect:
    """Where a mix lies on the plane."""
    return studio.palette.affect(studio.palette.vector(emotion))


def plane(studio: Studio, chosen: Any = None, heard: Any = None) -> str:
    """A fresh picture of the plane."""
    norms = {name: NORMS[name] for name in studio.emotions}
    return plane_picture(norms, studio.file("map", ".png"), chosen, heard)


def heard_place(take: Take) -> tuple[float, float]:
    """Where SER A hears a take."""
    return take.heard.affect["valence"], take.heard.affect["arousal"]


def say_mix(
    studio: Studio, text: str, voice: str, mixing: str, seed: float, weights: Mapping[str, float]
) -> tuple[Take, str]:
    """Say a mix; returns the take and the plane with where it was meant and where it is heard."""
    emotion = mix_of(list(weights), list(weights.values()))
    options = {"mixing": mixing, "seed": whole(seed)}
    take = perform(studio, Wish(studio.check_text(text), voice, emotion, options=options))
    return take, plane(studio, place_of(studio, emotion), heard_place(take))


def say_place(
    studio: Studio, text: str, voice: str, seed: float, valence: float, arousal: float
) -> tuple[Take, str]:
    """Say a place of the plane; returns the take and the plane as `say_mix` does."""
    affect = {"valence": valence, "arousal": arousal}
    wish = Wish(studio.check_text(text), voice, affect=affect, options={"seed": whole(seed)})
    take = perform(studio, wish)
    return take, plane(studio, (valence, arousal), heard_place(take))


def build(studio: Studio) -> None:
    """Lay out the tab."""
    names = ingredients(studio)
    with gr.Row():
        with gr.Column():
            text, voice = text_and_voice(studio, TEXT)
            sliders = [gr.Slider(0, MAX_INTENSITY, 0.5 if n == "happy" else 0, step=0.05, label=n)
                       for n in names]  # fmt: skip
            total = gr.Markdown(told_sum(names, [s.value for s in sliders]), elem_id="mix-sum")
            kinds = [(MIXINGS[name], name) for name in CHOICES["mixing"]]
            mixing = gr.Radio(kinds, value="embedding", label="How they are mixed")
            seed = gr.Number(0, label="Number of the take", precision=0, minimum=0)
            speak = gr.Button("Speak the mix", variant="primary", elem_id="mix-go")
        with gr.Column():
            board = gr.Image(
                label="Or click on the map to hear that place", type="filepath",
                interactive=False, buttons=[], elem_id="mix-map",
                elem_classes="captioned",
                alt_text="Map of feelings: pleasant to the right, excited at the top",
            )  # fmt: skip
            with gr.Row(elem_classes="side"):
                valence = gr.Slider(-1, 1, 0, step=0.05, label="Pleasant", min_width=90)
                arousal = gr.Slider(-1, 1, 0, step=0.05, label="Excited", min_width=90)
            there = gr.Button("Speak that place", elem_id="mix-place")
            panel = Panel("mix")
    outputs = [board, *panel.outputs]
    gr.on(fn=partial(plane, studio), outputs=board, show_progress="hidden")  # when a page opens
    gr.on([slider.input for slider in sliders], lambda *w: told_sum(names, w), sliders, total,
          queue=False, show_progress="hidden")  # fmt: skip

    @guard
    def mixed(text: str, voice: str, mixing: str, seed: float, *weights: float) -> list[Any]:
        given = dict(zip(names, weights, strict=True))
        take, picture = say_mix(studio, text, voice, mixing, seed, given)
        return [picture, *values(studio, [take])]

    @guard
    def placed(text: str, voice: str, seed: float, valence: float, arousal: float) -> list[Any]:
        take, picture = say_place(studio, text, voice, seed, valence, arousal)
        return [picture, *values(studio, [take])]

    def clicked(event: gr.SelectData) -> tuple[float, float]:
        return affect_at(*event.index)

    speak.click(mixed, [text, voice, mixing, seed, *sliders], outputs, api_name="mix")
    placing = [text, voice, seed, valence, arousal]
    there.click(placed, placing, outputs, api_name="place")
    board.select(clicked, None, [valence, arousal]).then(placed, placing, outputs)
    known = {k: v for k, v in EXAMPLES.items() if set(v) <= set(names)}

    @guard
    def example(*weights: float) -> list[Any]:
        return [told_sum(names, weights),
                *mixed(TEXT, studio.voices[0], "embedding", 0, *weights)]  # fmt: skip

    if known:
        rows = [[mix.get(name, 0) for name in names] for mix in known.values()]
        gr.Examples(rows, sliders, [total, *outputs], example, example_labels=list(known),
                    run_on_click=True, cache_examples=False,
                    label="Examples: one click and you hear it")  # fmt: skip
