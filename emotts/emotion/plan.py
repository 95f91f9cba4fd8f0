"""Plan: the emotion of every sentence of a text, on disk as YAML for people to edit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator

from emotts.emotion.emotion import MAX_INTENSITY
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError

HEAD = (
    "# What emotts will say, and how: change emotion and intensity (0 to 1.5) as you like.\n"
    "# A sentence may be cut in two or joined to the next; the words are those of the text.\n"
)


class VectorSource(Protocol):
    """What turns an emotion into an offset; `emotts.emotion.palette.Palette` does."""

    def vector(self, spec: str, intensity: float | None = None) -> np.ndarray: ...


class PlanLine(BaseModel):
    """A sentence, its emotion (a name, or a mix such as "happy:0.6+sad:0.4") and intensity.

    why: what the reading went by; nothing depends on it.
    """

    model_config = ConfigDict(extra="forbid")
    text: str
    emotion: str = "neutral"
    intensity: float = Field(default=1.0, ge=0, le=MAX_INTENSITY, strict=True, allow_inf_nan=False)
    why: str = ""

    @field_validator("text", "emotion")
    @classmethod
    def _not_empty(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be empty")
        return value.strip()


class Paragraph(BaseModel):
    """The sentences of one paragraph, which are spoken along one track."""

    model_config = ConfigDict(extra="forbid")
    sentences: list[PlanLine] = Field(min_length=1)

    @property
    def text(self) -> str:
        """The paragraph, with one space between sentences."""
        return " ".join(line.text for line in self.sentences)


class Plan(BaseModel):
    """The paragraphs of a text with the emotions they are to be spoken with."""

    model_config = ConfigDict(extra="forbid")
    format: Literal[1] = 1
    language: str = "en-us"
    paragraphs: list[Paragraph] = Field(min_length=1)
    _name: str = PrivateAttr(default="the plan")
    _lines: dict[tuple[int, int], int] = PrivateAttr(default_factory=dict)

    @property
    def lines(self) -> list[PlanLine]:
        """All sentences in their order."""
        return [line for paragraph in self.paragraphs for line in paragraph.sentences]

    def save(self, path: str | Path) -> None:
        """Write the plan as YAML. Raises EmottsError where the file cannot be written."""
        text = yaml.safe_dump(
            self.model_dump(), allow_unicode=True, sort_keys=False, width=float("inf")
        )
        try:
            Path(path).write_text(HEAD + text, encoding="utf-8")
        except OSError as error:
            raise EmottsError(f"the plan {path} cannot be written: {error.strerror}") from error

    @classmethod
    def load(cls, path: str | Path) -> Plan:
        """Read a plan. Raises EmottsError naming the file, the line and what is wrong there."""
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
            tree = yaml.compose(text, Loader=yaml.SafeLoader)
            values = yaml.safe_load(text)
        except OSError as error:
            raise EmottsError(f"the plan {path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise EmottsError(f"the plan {path} is not UTF-8 (byte {error.start + 1})") from error
        except (yaml.YAMLError, ValueError) as error:
            where = " ".join(str(error).split())
            raise EmottsError(f"the plan {path} is not valid YAML: {where}") from error
        if not isinstance(values, dict):
            raise EmottsError(f"the plan {path} must hold 'paragraphs' with 'sentences' in them")
        try:
            plan = cls.model_validate(values)
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(map(str, problem["loc"]))
            raise EmottsError(
                f"line {_line_of(tree, problem['loc'])} of {path} is wrong at {place}: "
                f"{problem['msg'].removeprefix('Value error, ').lower()}"
            ) from error
        plan._name = str(path)
        plan._lines = {
            (p, s): _line_of(tree, ("paragraphs", p, "sentences", s))
            for p, paragraph in enumerate(plan.paragraphs)
            for s in range(len(paragraph.sentences))
        }
        return plan

    def check(self, text: str) -> None:
        """Compare with a text, whatever its line breaks and spaces.

        Raises EmottsError naming the first line of the plan that does not fit, and what the text
        has there.
        """
        wanted = paragraphs(text)
        for p, (paragraph, whole) in enumerate(zip(self.paragraphs, wanted, strict=False)):
            end = 0
            for s, line in enumerate(paragraph.sentences):
                words = r"\s+".join(map(re.escape, line.text.split()))
                match = re.compile(r"\s*" + words).match(whole, end)
                if match is None:
                    there = _excerpt(whole[end:]) or "the end of the paragraph"
                    raise EmottsError(
                        f"{self._where(p, s)} has {_excerpt(line.text)} where the text has {there}"
                    )
                end = match.end()
            if whole[end:].strip():
                raise EmottsError(
                    f"after {self._where(p, s)} the text goes on with {_excerpt(whole[end:])}, "
                    "which the plan leaves out"
                )
        if len(self.paragraphs) != len(wanted):
            place = min(len(self.paragraphs), len(wanted)) - 1
            raise EmottsError(
                f"{self._name} has {len(self.paragraphs)} paragraphs and the text {len(wanted)}; "
                f"they part after paragraph {place + 1}"
            )

    def tracks(self, palette: VectorSource) -> list[EmotionTrack]:
        """Return a track for every paragraph, eased between the middles of its sentences.

        Positions are fractions of the paragraph by characters; before the first middle and after
        the last the emotion is held. Raises EmottsError naming the line whose emotion the palette
        does not know.
        """
        return [self._track(p, paragraph, palette) for p, paragraph in enumerate(self.paragraphs)]

    def track(self, palette: VectorSource) -> EmotionTrack:
        """Return one track over the whole text, the tracks of its paragraphs one after another."""
        sizes = np.array([len(paragraph.text) for paragraph in self.paragraphs], dtype=float)
        ends = np.cumsum(sizes) / sizes.sum()
        starts = ends - sizes / sizes.sum()
        parts = self.tracks(palette)
        places = [a + (b - a) * t.positions for a, b, t in zip(starts, ends, parts, strict=True)]
        vectors = np.concatenate([track.vectors for track in parts])
        return EmotionTrack(np.concatenate(places).clip(0, 1), vectors, "fraction", "smooth")

    def _track(self, p: int, paragraph: Paragraph, palette: VectorSource) -> EmotionTrack:
        vectors = []
        for s, line in enumerate(paragraph.sentences):
            try:
                # 1 changes nothing, and is no second intensity beside "very sad" or "sad:0.8"
                intensity = None if line.intensity == 1 else line.intensity
                vectors.append(palette.vector(line.emotion, intensity))
            except EmottsError as error:
                raise EmottsError(f"{self._where(p, s)}: {error}") from error
        lengths = np.array([len(line.text) for line in paragraph.sentences], dtype=float)
        centres = (np.cumsum(lengths) - lengths / 2) / lengths.sum()
        return EmotionTrack(centres, np.stack(vectors), "fraction", "smooth")

    def _where(self, p: int, s: int) -> str:
        place = f"paragraph {p + 1}, sentence {s + 1}"
        if (p, s) in self._lines:
            return f"line {self._lines[p, s]} of {self._name} ({place})"
        return f"{place} of {self._name}"


def paragraphs(text: str) -> list[str]:
    """Cut a text at its empty lines; paragraphs without a letter or digit are left out."""
    parts = re.split(r"\n[^\S\n]*(?:\n\s*)+", text.replace("\r\n", "\n").replace("\r", "\n"))
    return [part.strip() for part in parts if any(letter.isalnum() for letter in part)]


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return f'"{words[:40].rstrip()}…"' if len(words) > 41 else f'"{words}"' if words else ""


def _line_of(node: Any, place: Sequence[str | int]) -> int:
    """The line, from 1, of a place in a YAML tree, or of the last part of it that exists."""
    for step in place:
        if isinstance(node, yaml.MappingNode):
            inner = [value for key, value in node.value if key.value == step]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            inner = node.value[step : step + 1]
        else:
            inner = []
        if not inner:
            break
        node = inner[0]
    return node.start_mark.line + 1
