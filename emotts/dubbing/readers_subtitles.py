"""Subtitle files by pysubs2: SRT, WebVTT, ASS and SSA, with the line of the file of every entry.

pysubs2 forgets where an entry stood, drops a last line that is a number, and takes WebVTT's names
of entries and its NOTE and STYLE blocks for text. So entries are found here by its own patterns
for times and handed over tidied; times, fields, styles and overrides are read by pysubs2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from emotts.dubbing.readers_cue import Cue, Source, check_slot
from emotts.dubbing.readers_text import CLOSE, OPEN, marked
from emotts.errors import EmottsError

if TYPE_CHECKING:
    from pysubs2 import SSAEvent, SSAFile, SSAStyle

_NEGATIVE = re.compile(r"(?:^|[\s>])-\s*\d+:\d")
_KARAOKE = re.compile(r"<[\d:.]+>")
_VTT_BLOCK = re.compile(r"(NOTE|STYLE|REGION)\b")
_DEFAULT_STYLE = re.compile(r"\W*default\W*", re.IGNORECASE)


def read_srt(source: Source) -> list[Cue]:
    """Entries of an SRT file. Raises EmottsError naming the line of times that cannot be read."""
    return _read_timed(source, "srt")


def read_vtt(source: Source) -> list[Cue]:
    """Entries of a WebVTT file; <v Name> speaks, NOTE, STYLE and REGION are skipped."""
    return _read_timed(source, "vtt")


def _read_timed(source: Source, kind: str) -> list[Cue]:
    rows, tidied = [], []
    for row, times, text in _blocks(source, kind):
        rows.append(row)
        tidied.append("\n".join(["", str(row), times, *(line for line in text if line.strip())]))
    # The number at the end is for pysubs2 to drop, in place of one that belongs to the text.
    subs = _parsed("\n\n".join([*tidied, "\n0\n"]), kind, keep_html_tags=True)
    cues = []
    for row, event in zip(rows, subs.events, strict=True):
        cue = Cue(row, marked(event.text), event.start / 1000, event.end / 1000)
        cues.append(_checked(source, cue))
    return cues


def _blocks(source: Source, kind: str) -> Iterator[tuple[int, str, list[str]]]:
    """(row, line with the times, lines of text) of every entry."""
    stamp = _stamp(kind)
    current: tuple[int, str, list[str]] | None = None
    skipping = kind == "vtt"
    for row, line in enumerate(source.text.split("\n"), 1):
        if "-->" in line:
            if len(stamp.findall(line)) != 2:
                shown = "00:00:01.000 --> 00:00:02.500".replace(".", "," if kind == "srt" else ".")
                raise source.error(row, f"{line.strip()!r} is no pair of times; write {shown}")
            if _NEGATIVE.search(line):
                raise source.error(row, "a time lies before 0; times begin at 0")
            if current:
                yield _ended(current, kind)
            current, skipping = (row, line, []), False
            continue
        if kind == "vtt":
            line = _KARAOKE.sub("", line)
            skipping = skipping or not line.strip()
        if current and not skipping:
            if len(stamp.findall(line)) == 2:
                raise source.error(row, "two times without --> between them; write it there")
            current[2].append(line)
        elif row == 1 or kind == "srt" or not line.strip() or _VTT_BLOCK.match(line):
            continue
    if current:
        yield current


def _ended(block: tuple[int, str, list[str]], kind: str) -> tuple[int, str, list[str]]:
    """An entry without the number of the next one: digits right before its times, or alone."""
    row, times, text = block
    if kind == "vtt":
        return block
    shown = list(text)
    while shown and not shown[-1].strip():
        shown.pop()
    behind_gap = len(shown) < 2 or not shown[-2].strip()
    before_times = len(shown) == len(text)
    if shown and shown[-1].strip().isdigit() and (before_times or behind_gap):
        shown.pop()
    return row, times, shown


def _stamp(kind: str) -> re.Pattern[str]:
    subrip, webvtt = _formats()
    return webvtt.TIMESTAMP if kind == "vtt" else subrip.TIMESTAMP


def read_ass(source: Source) -> list[Cue]:
    """Entries of an ASS or SSA file: the actor's field speaks, else a style that is not Default.

    Comments are skipped, drawings with a warning.
    """
    kind = "ssa" if source.path.suffix.lower() == ".ssa" else "ass"
    rows = _event_rows(source.text)
    try:
        subs = _parsed(source.text, kind)
    except (ValueError, TypeError, IndexError, KeyError) as error:
        raise _located(source, rows, kind, error) from None
    return [
        _checked(source, _ass_cue(source, row, event, subs))
        for row, event in zip(rows, subs.events, strict=True)
        if not event.is_comment
    ]


def _event_rows(text: str) -> list[int]:
    """Where pysubs2 finds an event: Dialogue: and Comment: mean something else in some sections."""
    _formats()
    from pysubs2.formats.substation import SECTION_HEADING

    rows, elsewhere = [], False
    for row, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if SECTION_HEADING.match(line):
            elsewhere = any(name in line for name in ("Info", "Aegisub", "Fonts", "Graphics"))
        elif line.startswith(("Dialogue:", "Comment:")) and not elsewhere:
            rows.append(row)
    return rows


def _ass_cue(source: Source, row: int, event: SSAEvent, subs: SSAFile) -> Cue:
    style = "" if _DEFAULT_STYLE.fullmatch(event.style) else event.style.strip().lstrip("*")
    own = subs.styles.get(event.style)
    text = _ass_text(event, own, subs) if "{" in event.text else event.text
    if not text.strip() and "\\p" in event.text:
        source.warn(row, "a drawing, skipped")
    return Cue(row, marked(text), event.start / 1000, event.end / 1000, event.name.strip(), style)


def _ass_text(event: SSAEvent, style: SSAStyle | None, subs: SSAFile) -> str:
    """The text without overrides, with marks where it is more italic or bold than its style."""
    from pysubs2 import SSAStyle
    from pysubs2.formats.substation import parse_tags

    style = style or SSAStyle()
    text = re.sub(r"\\b([1-9]\d\d)", lambda m: f"\\b{int(m[1]) >= 600:d}", event.text)
    parts = []
    for fragment, now in parse_tags(text, style, subs.styles, skip_empty_fragments=True):
        if now.drawing:
            continue
        strong = (now.italic and not style.italic) or (now.bold and not style.bold)
        parts.append(f"{OPEN}{fragment}{CLOSE}" if strong else fragment)
    return _kept("".join(parts))


def _kept(text: str) -> str:
    """Marks that `marked` would take for foreign ones, as the tags they stand for."""
    return text.replace(OPEN, "<i>").replace(CLOSE, "</i>")


def _located(source: Source, rows: list[int], kind: str, error: Exception) -> EmottsError:
    """The error of the first line that pysubs2 cannot read alone."""
    lines = source.text.split("\n")
    for row in rows:
        try:
            _parsed(f"[Events]\n{lines[row - 1]}\n", kind)
        except (ValueError, TypeError, IndexError, KeyError) as reason:
            return source.error(row, f"{reason}; write times as 0:00:01.00")
    return EmottsError(f"{source.path} cannot be read as {kind.upper()}: {error}")


def _checked(source: Source, cue: Cue) -> Cue:
    try:
        check_slot(cue.start, cue.end)
    except EmottsError as error:
        raise source.error(cue.row, error) from None
    return cue


def _parsed(text: str, kind: str, **options) -> SSAFile:
    _formats()
    from pysubs2 import SSAFile

    return SSAFile.from_string(text, kind, **options)


def _formats():
    try:
        from pysubs2.formats.subrip import SubripFormat
        from pysubs2.formats.webvtt import WebVTTFormat
    except ImportError as error:
        raise EmottsError(
            "reading subtitles needs the package pysubs2: pip install 'emotts[dub]'"
        ) from error
    return SubripFormat, WebVTTFormat
