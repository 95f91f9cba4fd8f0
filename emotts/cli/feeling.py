"""What options of the command line ask to be felt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from emotts.emotion.emotion import MAX_INTENSITY
from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.emotion.palette import Palette
    from emotts.emotion.track import EmotionTrack
    from emotts.synthesis.synthesizer import Synthesizer

AFFECTS = ("valence", "arousal", "dominance")


def read_pairs(text: str, option: str, sign: str = ":") -> dict[str, float]:
    """ "a:0.5,b:1" as a mapping. Raises EmottsError naming the option."""
    found: dict[str, float] = {}
    for piece in text.split(","):
        name, mark, number = piece.partition(sign)
        try:
            value = float(number) if mark else 1.0
        except ValueError:
            value = float("nan")
        if not name.strip() or value != value or set("=:") & set(name):
            raise EmottsError(f"{option} takes name{sign}number, such as {_example(option)}, "
                              f"not {piece.strip()!r}")  # fmt: skip
        found[name.strip()] = value
    return found


def _example(option: str) -> str:
    return "valence=0.6,arousal=-0.3" if option == "--affect" else "angry:0.7"


def read_affect(text: str) -> dict[str, float]:
    """ "valence=0.6,arousal=-0.3", any subset, each −1 to 1."""
    found = read_pairs(text, "--affect", "=")
    for name, value in found.items():
        if name not in AFFECTS:
            raise EmottsError(f"--affect has no {name!r}; choose from {', '.join(AFFECTS)}")
        if not -1 <= value <= 1:
            raise EmottsError(f"--affect {name} must be a number from -1 to 1, not {value:g}")
    return found


def _check_words(emotion: str, intensity: float | None) -> None:
    """Refuse unknown names before anything heavy is loaded."""
    from emotts.emotion.emotion import Emotion
    from emotts.emotion.learned import LearnedEmotions
    from emotts.emotion.parse import parse_emotion
    from emotts.emotion.presets import PRESETS, STYLES
    from emotts.emotion.vocabulary import CATEGORIES

    parts = parse_emotion(emotion, [*PRESETS, *STYLES, *LearnedEmotions().names()])
    if len(parts) == 1 and parts[0].name in CATEGORIES and parts[0].weight >= 0:
        Emotion.of(Emotion(*parts[0]), intensity)


@dataclass(frozen=True)
class Asked:
    """What is to be felt, as the command line has it; at most one of emotion, curve, affect and
    reference."""

    emotion: str = "neutral"
    intensity: float | None = None
    curve: str | None = None
    smooth: bool = False
    affect: str | None = None
    reference: Path | None = None
    moving: bool = False
    neutral: Path | None = None
    plan: Path | None = None
    model: Path | None = None

    def check(self) -> None:
        """Refuse what can be refused before models are loaded."""
        given = {
            "emotion": self.emotion != "neutral", "curve": self.curve, "affect": self.affect,
            "reference": self.reference,
        }  # fmt: skip
        names = [name for name, value in given.items() if value]
        if len(names) > 1:
            raise EmottsError(f"--{names[0]} and --{names[1]} both say what is felt; give one")
        if self.affect:
            read_affect(self.affect)
        for option, path in (("reference", self.reference), ("reference-neutral", self.neutral)):
            if path is not None and not path.is_file():
                raise EmottsError(f"there is no recording {path} for --{option}")
        if (self.moving or self.neutral) and not self.reference:
            raise EmottsError("--reference-track and --reference-neutral need --reference")
        if (self.plan or self.model) and self.emotion != "auto":
            raise EmottsError("--plan and --emotion-model need --emotion auto")
        if self.emotion != "auto" and self.emotion != "neutral":
            _check_words(self.emotion, self.intensity)
        if self.intensity is not None and not 0 <= self.intensity <= MAX_INTENSITY:
            raise EmottsError(
                f"the intensity must be a number from 0 to {MAX_INTENSITY}, not {self.intensity:g}"
            )

    def compile(self, synthesizer: Synthesizer, palette: Palette, text: str, language: str):
        """What `Synthesizer.synthesize` takes as emotion."""
        if self.curve:
            from emotts.emotion.curves import parse_curve

            return parse_curve(self.curve, palette, "smooth" if self.smooth else "linear")
        if self.affect:
            return read_affect(self.affect)
        if self.reference:
            return self._from_reference(synthesizer)
        if self.emotion == "auto":
            return self._from_text(palette, text, language)
        return self.emotion

    def _from_reference(self, synthesizer: Synthesizer) -> EmotionTrack:
        from emotts.emotion.track import EmotionTrack
        from emotts.synthesis.reference import Embedder, reference_track, reference_vector

        embedder = Embedder.from_pretrained(synthesizer.models.folder)
        if self.moving:
            return reference_track(embedder, self.reference, self.neutral)
        return EmotionTrack.constant(reference_vector(embedder, self.reference, self.neutral))

    def _from_text(self, palette: Palette, text: str, language: str) -> EmotionTrack:
        from emotts.emotion.auto import text_reader
        from emotts.emotion.auto_trajectory import make_plan, open_plan
        from emotts.text.split import split_sentences

        reader = text_reader(language, self.model)
        if self.plan:
            plan, made = open_plan(self.plan, text, split_sentences, language, reader)
            if made:
                typer.echo(f"{self.plan}: the plan; edit it and say the text again", err=True)
        else:
            plan = make_plan(text, split_sentences, language, reader)
        for line in plan.lines:
            level = "" if line.emotion == "neutral" else f" {line.intensity:g}"
            shown = line.emotion + level
            typer.echo(f"{shown}: {line.text}  ({line.why})", err=True)
        return plan.track(palette)

    def __str__(self) -> str:
        level = "" if self.intensity is None else f" at {self.intensity:g}"
        if self.curve:
            return f"along {self.curve}{level}"
        if self.reference:
            return f"as in {self.reference}{level}"
        return (self.affect or self.emotion) + level
