"""Scripts from files: SRT, WebVTT, ASS, SSA, CSV, TSV and JSON lines.

Who speaks is taken from, in this order: a column, actor field or <v Name>; a name before the text
(`ANNA (angry 0.8): …`); a character named by SSML's <voice>; an ASS style; the cast's default.
What a line leaves open is its character's: voice, emotion (with its intensity), language; rate is
multiplied with the character's, pitch and energy are added to it.

Lines are sorted by time, with a warning where they were not; overlaps are kept, with a warning
(see `emotts.dubbing.slots.place_lines`). Entries with nothing to say are skipped with a warning.
Where two people speak in one entry it is split: each gets a share of the slot by the length of
the text, and the later ones get numbers after the last of the file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from emotts.dubbing.cast import Cast
from emotts.dubbing.readers_cue import Cue, Source
from emotts.dubbing.readers_lines import LineMaker
from emotts.dubbing.readers_speakers import Turn, split_turns
from emotts.dubbing.readers_subtitles import read_ass, read_srt, read_vtt
from emotts.dubbing.readers_tables import read_csv, read_jsonl
from emotts.dubbing.readers_text import (
    finished,
    is_speakable,
    unnamed_speakers,
    without_sounds,
)
from emotts.dubbing.script import Line, Script
from emotts.errors import EmottsError

READERS: dict[str, Callable[[Source], list[Cue]]] = {
    ".srt": read_srt, ".vtt": read_vtt, ".ass": read_ass, ".ssa": read_ass,
    ".csv": read_csv, ".tsv": read_csv, ".jsonl": read_jsonl, ".ndjson": read_jsonl,
}  # fmt: skip
SUBTITLES = (".srt", ".vtt", ".ass", ".ssa")
_NEARLY = 1e-6


def read_script(
    path: str | Path, cast: Cast | None = None, emotions: Collection[str] = ()
) -> Script:
    """Read a script by the ending of its name.

    emotions: learnt emotions that may be named beside categories, presets and styles. Raises
    EmottsError for a file that cannot be read or has nothing to say, and, naming the line, for
    times that cannot be read, a slot that is not positive, a value out of range, and a character
    that the cast does not know where it has no default.
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise EmottsError(f"{path} is no script; its name must end in one of {', '.join(READERS)}")
    source = _opened(path)
    source.is_subtitles = path.suffix.lower() in SUBTITLES
    cues = reader(source)
    if not cues:
        raise EmottsError(f"{path} holds no lines; it is empty or no {path.suffix.lower()} file")
    maker = LineMaker(source, cast, emotions)
    lines = _made(cues, maker)
    if not lines:
        raise EmottsError(f"{path} holds no line that can be said")
    return Script(tuple(_sorted(lines, source)), path, source.warnings)


def _opened(path: Path) -> Source:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EmottsError(f"the script {path} cannot be read: {error.strerror}") from error
    text, warning = decode(data)
    if "\0" in text:
        raise EmottsError(f"{path} is no text file; save the script as UTF-8 text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Source(path, text, [f"{path} {warning}"] if warning else [])


def decode(data: bytes) -> tuple[str, str]:
    """Text and a warning, "" if there is none: UTF-8, UTF-16 with its mark, else Windows-1252
    (Latin-1 with quotes and dashes), and where that has no such byte Latin-1 itself."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), ""
        except UnicodeDecodeError:
            pass
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
    for encoding, name in (("cp1252", "Windows-1252"), ("latin-1", "Latin-1")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, f"is not UTF-8 (line {row}) and was read as {name}; look at its accents"
    raise AssertionError("Latin-1 reads any bytes")


def _made(cues: list[Cue], maker: LineMaker) -> list[Line]:
    lines, later = [], len(cues)
    for number, cue in enumerate(cues, 1):
        parts = _parts(cue, maker)
        for place, (part, turn) in enumerate(parts):
            later += place > 0
            lines.append(maker.line(later if place else number, part, turn))
    maker.finish()
    return [line for line in lines if line is not None]


def _parts(cue: Cue, maker: LineMaker) -> list[tuple[Cue, Turn]]:
    """The turns of an entry that can be said, each with its share of the slot."""
    source, spoken = maker.source, []
    if source.is_subtitles and unnamed_speakers(cue.text) > 1:
        source.warn(cue.row, "several people seem to speak in one entry, and one voice says it all")
    speaker, how = maker.actor(cue)
    for turn in split_turns(cue.text, maker.cast, maker.names, speaker):
        text = finished(turn.text, keep_lines=not source.is_subtitles)
        if source.is_subtitles:
            text, sounds = without_sounds(text, maker.names)
            if sounds and is_speakable(text):
                source.warn(cue.row, f"{' '.join(sounds)} is taken for a sound and left out")
        if is_speakable(text):
            spoken.append(Turn(turn.speaker, turn.how or how, text))
    if not spoken:
        shown = " ".join(re.sub("[\ue000-\ue003]", "", cue.text).split())[:40]
        source.warn(cue.row, f"nothing to say in {shown!r}, skipped" if shown else "empty, skipped")
        return []
    if len(spoken) == 1:
        return [(cue, spoken[0])]
    names = ", ".join(turn.speaker or "nobody" for turn in spoken)
    source.warn(cue.row, f"{len(spoken)} speakers in one entry ({names}); they share its time")
    return list(zip(_shared(cue, [len(turn.text) for turn in spoken]), spoken, strict=True))


def _shared(cue: Cue, weights: list[int]) -> list[Cue]:
    if cue.end is None:
        return [cue] * len(weights)
    edges = [cue.start]
    for done in range(1, len(weights)):
        share = sum(weights[:done]) / sum(weights)
        edges.append(cue.start + share * (cue.end - cue.start))
    edges.append(cue.end)
    return [replace(cue, start=a, end=b) for a, b in zip(edges, edges[1:], strict=False)]


def _sorted(lines: list[Line], source: Source) -> list[Line]:
    latest = 0.0
    for line in sorted(lines, key=lambda line: (line.source_line, line.start)):
        if line.start < latest:
            source.warn(line.source_line, "begins before a line above it; sorted by time")
        latest = max(latest, line.start)
    ordered = sorted(lines, key=lambda line: (line.start, line.source_line, line.number))
    last: Line | None = None  # the line so far whose slot ends last
    for line in ordered:
        if last is not None and last.end - line.start > _NEARLY:
            source.warn(
                line.source_line,
                f"begins {last.end - line.start:.2f} s before line {last.source_line} ends",
            )
        if line.end is not None and (last is None or line.end > last.end):
            last = line
    return ordered
