"""TextGrids: words, phonemes and visemes as Praat shows them, and as other tools read them.

The full text format of Praat's manual, "TextGrid file formats", in UTF-8.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from emotts.audio.speech import Segment
from emotts.errors import EmottsError

TIERS = {"words": "text", "phonemes": "phone", "visemes": "viseme"}
_NEARLY = 1e-6


def format_textgrid(tiers: Mapping[str, Sequence[Segment]], seconds: float) -> str:
    """A TextGrid of interval tiers from 0 to `seconds`; gaps become empty intervals.

    tiers: name → segments in order of time. Raises EmottsError for segments that overlap or end
    after `seconds`, and for a grid without tiers or without length.
    """
    if not tiers or not seconds > 0:
        raise EmottsError("a TextGrid needs at least one tier and more than 0 seconds")
    lines = [
        'File type = "ooTextFile"', 'Object class = "TextGrid"', "",
        "xmin = 0", f"xmax = {_number(seconds)}", "tiers? <exists>",
        f"size = {len(tiers)}", "item []:",
    ]  # fmt: skip
    for number, (name, segments) in enumerate(tiers.items(), 1):
        intervals = _filled(name, segments, seconds)
        lines += [
            f"    item [{number}]:", '        class = "IntervalTier"',
            f"        name = {_quoted(name)}", "        xmin = 0",
            f"        xmax = {_number(seconds)}", f"        intervals: size = {len(intervals)}",
        ]  # fmt: skip
        for place, (start, end, label) in enumerate(intervals, 1):
            lines += [
                f"        intervals [{place}]:", f"            xmin = {_number(start)}",
                f"            xmax = {_number(end)}", f"            text = {_quoted(label)}",
            ]  # fmt: skip
    return "\n".join(lines) + "\n"


def write_textgrid(
    path: str | Path, tiers: Mapping[str, Sequence[Segment]], seconds: float
) -> Path:
    """Write `format_textgrid` to a file, which appears whole or not at all."""
    return write_text(path, format_textgrid(tiers, seconds))


def timeline_tiers(timelines: Iterable[Mapping[str, Any]]) -> dict[str, list[Segment]]:
    """Tiers of a whole track from the timelines of its lines (`line_timeline`): for each
    character words, phonemes and visemes, with their places on the track. Where lines of one
    character overlap, the later ones go into further tiers, "anna words 2"."""
    tiers: dict[str, list[Segment]] = {}
    for line in sorted(timelines, key=lambda line: line["start"]):
        name = line["character"] or "speech"
        number = _free_number(tiers, name, line["start"])
        for kind, key in TIERS.items():
            tier = tiers.setdefault(_tier_name(name, kind, number), [])
            tier += [
                Segment(x[key], x["start"] + line["start"], x["end"] + line["start"])
                for x in line[kind]
                if x[key] != "sil"
            ]
    return tiers


def write_text(path: str | Path, text: str) -> Path:
    """Write UTF-8 text to a file, which appears whole or not at all."""
    path = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise EmottsError(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def _tier_name(name: str, kind: str, number: int) -> str:
    return f"{name} {kind}" if number == 1 else f"{name} {kind} {number}"


def _free_number(tiers: Mapping[str, list[Segment]], name: str, start: float) -> int:
    """The first set of tiers of a character in which nothing is said any more at `start`."""
    number = 1
    while True:
        sets = [tiers.get(_tier_name(name, kind, number), []) for kind in TIERS]
        if all(not tier or tier[-1].end_seconds <= start + _NEARLY for tier in sets):
            return number
        number += 1


def _filled(
    name: str, segments: Sequence[Segment], seconds: float
) -> list[tuple[float, float, str]]:
    intervals, now = [], 0.0
    for segment in segments:
        start, end = segment.start_seconds, min(segment.end_seconds, seconds)
        if segment.end_seconds > seconds + _NEARLY:
            raise EmottsError(
                f"{segment.label!r} of the tier {name} ends at {segment.end_seconds:.3f} s, after "
                f"the TextGrid's {seconds:.3f} s"
            )
        if start < now - _NEARLY:
            raise EmottsError(
                f"{segment.label!r} of the tier {name} begins at {start:.3f} s, before the one in "
                f"front of it ends at {now:.3f} s; intervals must not overlap"
            )
        if start > now + _NEARLY:
            intervals.append((now, start, ""))
            now = start
        if end > now:
            intervals.append((now, end, segment.label))
            now = end
    if seconds > now + _NEARLY or not intervals:
        intervals.append((now, seconds, ""))
    else:
        intervals[-1] = (intervals[-1][0], seconds, intervals[-1][2])
    return intervals


def _number(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".")


def _quoted(text: str) -> str:
    return '"' + " ".join(text.split()).replace('"', '""') + '"'
