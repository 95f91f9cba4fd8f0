"""A script: lines with times, who speaks them, and how they should feel."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from emotts.emotion.parse import parse_emotion
from emotts.errors import EmottsError
from emotts.synthesis.options import Options

OPTIONS = frozenset(f.name for f in fields(Options)) - {"seconds"}
_WISHES = ("voice", "emotion", "intensity", "rate", "pitch", "energy", "seed")


class Line(BaseModel):
    """One line of a script.

    number: 1-based, its place in the file, also where other entries were skipped or lines sorted.
    start, end: seconds; end is None where the line has no slot to fit. character: who speaks, ""
    where nobody is named. text: may hold inline markup or be SSML. emotion: as for
    `parse_emotion`; intensity: 0…1.5; voice, rate, pitch (semitones), energy (dB) and seed: as
    for the synthesizer, None where the line leaves them open. source_line: the line of the file
    that it stands on. extra: what else the file says of it; entries named like an option of the
    synthesizer (language, steps, …) are asked of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int = Field(ge=1)
    start: float = Field(ge=0, allow_inf_nan=False)
    end: float | None = Field(default=None, allow_inf_nan=False)
    character: str = ""
    text: str = Field(min_length=1)
    emotion: str | None = None
    intensity: float | None = Field(default=None, allow_inf_nan=False)
    voice: str | None = None
    rate: float | None = Field(default=None, allow_inf_nan=False)
    pitch: float | None = Field(default=None, allow_inf_nan=False)
    energy: float | None = Field(default=None, allow_inf_nan=False)
    seed: int | None = None
    source_line: int = 0
    extra: dict[str, Any] = {}

    @property
    def slot_seconds(self) -> float | None:
        """How long the line may take, None where it is free."""
        return None if self.end is None else self.end - self.start

    def wishes(self) -> dict[str, Any]:
        """What is asked of `Synthesizer.synthesize` beside the text, as keywords."""
        given = {name: getattr(self, name) for name in _WISHES}
        given |= {name: value for name, value in self.extra.items() if name in OPTIONS}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class Script:
    """lines: in order of time; path: the file; warnings: sentences that name its lines."""

    lines: tuple[Line, ...]
    path: Path
    warnings: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def characters(self) -> tuple[str, ...]:
        """Who speaks, each once, in order of appearance."""
        return tuple(dict.fromkeys(line.character for line in self.lines))

    def check(self, voices: Collection[str], emotions: Collection[str]) -> None:
        """Raise EmottsError, naming the line, for a voice or an emotion that there is not.

        emotions: what can be named beside the eight categories (`Palette.names`).
        """
        known: set[str | None] = {None}
        for line in self.lines:
            where = f"line {line.source_line} of {self.path}"
            if line.voice is not None and line.voice not in voices:
                raise EmottsError(
                    f"{where}: unknown voice {line.voice!r}; choose from {', '.join(voices)}"
                )
            if line.emotion not in known:
                try:
                    parse_emotion(line.emotion or "", emotions)
                except EmottsError as error:
                    raise EmottsError(f"{where}: {error}") from None
                known.add(line.emotion)
