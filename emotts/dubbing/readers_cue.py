"""What every reader hands on: entries as they stand in the file, and times as people write them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emotts.errors import EmottsError

_TIME = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:[.,]\d+)?)\s*s?", re.ASCII)


@dataclass
class Cue:
    """One entry of a file. row: the line of the file; text: with the marks of `readers_text` for
    what was italic or bold; extra: further options and notes. speaker and how may still hold an
    emotion, as in "ANNA (angry 0.8)"; style: of an ASS file."""

    row: int
    text: str
    start: float = 0.0
    end: float | None = None
    speaker: str = ""
    style: str = ""
    emotion: str | None = None
    intensity: float | None = None
    voice: str | None = None
    rate: float | None = None
    pitch: float | None = None
    energy: float | None = None
    seed: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Source:
    """A file that is being read: its text with \\n at line ends, what to warn of, and whether its
    brackets may describe sounds, as in subtitles for the hard of hearing."""

    path: Path
    text: str
    warnings: list[str] = field(default_factory=list)
    is_subtitles: bool = False

    def where(self, row: int) -> str:
        return f"line {row} of {self.path}"

    def warn(self, row: int, message: str) -> None:
        self.warnings.append(f"{self.where(row)}: {message}")

    def error(self, row: int, message: object) -> EmottsError:
        return EmottsError(f"{self.where(row)}: {message}")


def read_time(value: object) -> float:
    """Seconds from a number, "12.5", "1:02.5" or "01:02:03,500"; EmottsError for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = float(value)
    else:
        match = _TIME.fullmatch(str(value).strip().removeprefix("-"))
        if match is None:
            raise EmottsError(
                f"{str(value)!r} is no time; write seconds as 12.5 or times as 00:00:12.500"
            )
        hours, minutes, rest = match.groups(default="0")
        seconds = 3600 * int(hours) + 60 * int(minutes) + float(rest.replace(",", "."))
        seconds = -seconds if str(value).strip().startswith("-") else seconds
    if not math.isfinite(seconds) or seconds < 0:
        raise EmottsError(f"the time {value} lies before 0 or is not finite")
    return seconds


def check_slot(start: float, end: float | None) -> None:
    """Raise EmottsError for a slot that begins before 0 or does not end after it starts."""
    if start < 0 or (end is not None and end < 0):
        raise EmottsError("a time lies before 0; times begin at 0")
    if end is not None and end <= start:
        raise EmottsError(
            f"the slot ends at {end:.3f} s, not after its start at {start:.3f} s; give it an end "
            "after its start"
        )
