"""A visitor's dubbing job: the lines as they are edited, and the folder in which they are made."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emotts.dubbing.cast import RATE_LIMITS, Cast
from emotts.dubbing.script import OPTIONS, Line
from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.demo.studio import Studio
    from emotts.dubbing.report import Summary

MOST_LINES = 40
LONGEST_SECONDS = 1800.0  # of the track: a line may stand hours into a film
NARRATOR = "narrator"  # who speaks lines that name nobody
FILES = ("track.wav", "spoken.srt", "track.TextGrid")
_OWN = ("start", "end", "character", "text", "emotion", "intensity", "voice", "rate", "pitch",
        "energy", "seed")  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What one visitor works on.

    folder: of the job; lines: in order, numbered from 1; voices: by character, and limits: how far
    the rate of each may be bent; warnings: of the script. After the track was made: summary, and
    takes: the sound of each line by its number.
    """

    folder: Path
    lines: tuple[Line, ...]
    voices: dict[str, str]
    limits: dict[str, tuple[float, float]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    summary: Summary | None = None
    takes: dict[int, Path] = field(default_factory=dict)

    @property
    def files(self) -> list[Path]:
        """The track and what goes with it, once there is one."""
        paths = [self.folder / "job" / name for name in FILES]
        return [path for path in paths if path.is_file()] if self.takes else []

    @property
    def said(self) -> list[str]:
        """What became of the lines, a sentence each."""
        return list(self.summary.sentences()) if self.summary else []


def read_draft(studio: Studio, script: str, cast: str | None = None) -> Draft:
    """Read a script, with the voices of a cast or, without one, with those there are in turn.

    Raises EmottsError for a script or cast that cannot be read, that names what there is not, or
    that is too long for this page.
    """
    from emotts.dubbing.readers import read_script

    known, names = studio.voices, studio.palette.names
    people = Cast.load(cast) if cast else None
    if people is not None:
        people.check(known, names)
    read = read_script(script, people, names)
    read.check(known, names)
    _check_size(studio, read.lines)
    characters = [name or NARRATOR for name in read.characters]
    if people is None:
        voices = {name: known[i % len(known)] for i, name in enumerate(characters)}
        limits = {}
    else:
        cast_of = {name: people.find(name)[1] for name in characters}
        voices = {name: person.voice for name, person in cast_of.items()}
        limits = {name: person.rate_limits for name, person in cast_of.items()}
    lines = []
    for number, line in enumerate(read.lines, 1):
        who = line.character or NARRATOR
        own = None if line.voice == voices[who] else line.voice
        lines.append(line.model_copy(update={"number": number, "character": who, "voice": own}))
    folder = studio.file("dub", "")
    folder.mkdir()
    return Draft(folder, tuple(lines), voices, limits, tuple(read.warnings))


def discard(draft: Draft | None) -> None:
    """Delete a visitor's job."""
    if draft is not None:
        shutil.rmtree(draft.folder, ignore_errors=True)


def line_of(draft: Draft, number: int | None) -> Line:
    """The line of a number; raises EmottsError where none is chosen."""
    found = next((line for line in draft.lines if line.number == number), None)
    if found is None:
        raise EmottsError(f"there is no line {number}; choose one of 1 to {len(draft.lines)}")
    return found


def change_line(
    studio: Studio, draft: Draft, number: int | None, text: str, emotion: str, intensity: float
) -> Draft:
    """The draft with another text, emotion and intensity of one line."""
    from emotts.emotion.parse import parse_emotion

    line = line_of(draft, number)
    parse_emotion(emotion or "", studio.palette.names)
    changed = line.model_copy(
        update={"text": studio.check_text(text), "emotion": emotion, "intensity": float(intensity)}
    )
    lines = tuple(changed if old is line else old for old in draft.lines)
    return replace(draft, lines=lines)


def change_voice(studio: Studio, draft: Draft, who: str, voice: str) -> Draft:
    """The draft with another voice of one character."""
    if who not in draft.voices:
        raise EmottsError(f"nobody is called {who!r}; choose from {', '.join(draft.voices)}")
    studio.synthesizer.voice(voice)
    return replace(draft, voices={**draft.voices, who: voice})


def make_track(
    studio: Studio, draft: Draft, overflow: str = "shift", bed: str | None = None,
    duck: float = 12.0, retake: int | None = None,
    progress: Callable[[int, int, float], Any] | None = None,
) -> Draft:  # fmt: skip
    """Make the lines that are not made yet, and the track.

    retake: a line to be said anew, with another seed. progress: see `emotts.dubbing.job.dub`.
    Only what changed is made again.
    """
    from emotts.dubbing.job import DubOptions, dub
    from emotts.dubbing.store import JobStore
    from emotts.dubbing.worker import Models

    if bed:
        studio.check_audio(bed, "sound under the lines")
    script, cast = _written(draft)
    options = DubOptions(
        overflow=overflow, bed=Path(bed) if bed else None, duck=float(duck),
        retake=frozenset() if retake is None else frozenset([retake]),
    )  # fmt: skip
    checkpoint = None if studio.checkpoint is None else str(studio.checkpoint)
    summary = dub(script, draft.folder / "job", cast, options, Models(checkpoint), progress)
    with JobStore.read(draft.folder / "job") as store:
        takes = {row.number: store.take_path(row.key) for row in summary.rows if row.facts}
    return replace(draft, summary=summary, takes=takes)


def rows_of(draft: Draft) -> list[list[str]]:
    """A row a line for the table: number, times, who, text, emotion, state, seconds, heard,
    remarks."""
    return [_row(draft, line) for line in draft.lines]


def choices_of(draft: Draft) -> list[tuple[str, int]]:
    """The lines to choose from, by the beginning of their texts."""
    return [(f"{line.number} · {line.text[:40]}", line.number) for line in draft.lines]


def _row(draft: Draft, line: Line) -> list[str]:
    from emotts.dubbing.report import warnings_of

    emotion = line.emotion or "neutral"
    emotion += "" if line.intensity is None else f" {line.intensity:g}"
    voice = line.voice or draft.voices[line.character]
    end = "" if line.end is None else f"{line.end:.2f}"
    cells = [str(line.number), f"{line.start:.2f}", end, f"{line.character} ({voice})", line.text,
             emotion]  # fmt: skip
    row = _row_of(draft.summary, line.number)
    if row is None or row.facts is None:
        return [*cells, row.state if row else "waiting", "", "", (row and row.reason) or ""]
    heard = row.facts.get("heard") or {}
    shown = f"{heard['emotion']} {heard['probability']:.0%}" if heard else ""
    seconds = row.facts["samples"] / row.facts["rate"]
    remarks = "; ".join(warnings_of(row, draft.summary.mix))
    return [*cells, row.state, f"{seconds:.2f}", shown, remarks]


def _row_of(summary: Summary | None, number: int):
    rows = summary.rows if summary else ()
    return next((row for row in rows if row.number == number), None)


def _check_size(studio: Studio, lines: Sequence[Line]) -> None:
    if len(lines) > MOST_LINES:
        raise EmottsError(
            f"the script has {len(lines)} lines; this page takes {MOST_LINES}, "
            "the command 'emotts dub' any number"
        )
    for line in lines:
        studio.check_text(line.text)
        if max(line.start, line.end or 0.0) > LONGEST_SECONDS:
            raise EmottsError(
                f"line {line.number} stands {line.start:.0f} s into the track; this page takes "
                f"{LONGEST_SECONDS:g} s"
            )


def _written(draft: Draft) -> tuple[Path, Path]:
    """The draft as a script and a cast that `dub` reads."""
    script, cast = draft.folder / "script.jsonl", draft.folder / "cast.yaml"
    lines = []
    for line in draft.lines:
        values = {name: getattr(line, name) for name in _OWN}
        values |= {name: value for name, value in line.extra.items() if name in OPTIONS}
        lines.append(json.dumps({k: v for k, v in values.items() if v is not None}))
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    people = {
        name: {"voice": voice, "rate_limits": list(draft.limits.get(name, RATE_LIMITS))}
        for name, voice in draft.voices.items()
    }
    cast.write_text(json.dumps({"characters": people}), encoding="utf-8")  # JSON is YAML
    return script, cast
