"""The rows every judge takes: one wav file each, with what was asked of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from emotts.errors import EmottsError


@dataclass(frozen=True)
class Clip:
    """One file to be judged: the text, voice, emotion, intensity, seed and language asked for."""

    path: str
    text: str
    voice: str
    emotion: str = "neutral"
    intensity: float = 1.0
    seed: int = 0
    language: str = "en-us"


def write_clips(path: str | Path, clips: Iterable[Clip]) -> None:
    """Write one JSON object a line; paths inside the list's own folder are kept relative to it."""
    path = Path(path)
    lines = []
    for clip in clips:
        row = asdict(clip)
        file = Path(clip.path).resolve()
        if file.is_relative_to(path.parent.resolve()):
            row["path"] = file.relative_to(path.parent.resolve()).as_posix()
        lines.append(json.dumps(row, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_clips(path: str | Path) -> list[Clip]:
    """Read what `write_clips` wrote; relative paths are taken from the list's own folder."""
    path = Path(path)
    if not path.is_file():
        raise EmottsError(f"No list of clips at {path}: expected a file of JSON lines.")
    known = {field.name for field in fields(Clip)}
    clips = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            unknown = set(row) - known
            if unknown:
                raise TypeError(f"unknown keys {sorted(unknown)}")
            row["path"] = str(path.parent / row["path"])
            clips.append(Clip(**row))
        except (json.JSONDecodeError, TypeError, KeyError) as error:
            raise EmottsError(
                f"Line {number} of {path} is no clip ({error}); its keys may be {sorted(known)}."
            ) from error
    return clips


def by_voice(clips: Iterable[Clip]) -> dict[str, list[Clip]]:
    """Group the rows by voice, in their order."""
    groups: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        groups[clip.voice].append(clip)
    return dict(groups)


def neutral_of(clips: Iterable[Clip]) -> list[Clip]:
    """The rows that asked for neutral: emotion neutral, or any emotion at intensity 0."""
    return [clip for clip in clips if clip.emotion == "neutral" or clip.intensity == 0]
