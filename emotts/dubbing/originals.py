"""What the original actors said: a folder of recordings, or a long one that the slots cut.

Every line's original is put into the job's folder by the hash of its sound, so that a line is made
anew only if what was said in it changed, and the review can play it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.audio.constants import SAMPLE_RATE
from emotts.dubbing.cast import Cast
from emotts.dubbing.folder import ORIGINALS, inside, put
from emotts.dubbing.script import Line
from emotts.dubbing.sounds import decode, encode
from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.dubbing.store import JobStore

SHORTEST_SECONDS = 0.3
ENDINGS = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aac", ".mp4", ".mkv", ".webm")
_NUMBER = re.compile(r"(?:line|take|l)?[ _-]*0*(\d{1,9})(?:[ _.-].*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Original:
    """What was said in a line. key: hash of its sound; path: of a wav file, mono at 24 kHz; sound:
    its bytes, once `packed` for a worker."""

    key: str
    path: Path
    sound: bytes | None = None

    def packed(self) -> Original:
        """With its bytes. Raises EmottsError if the file is gone."""
        try:
            return replace(self, sound=self.path.read_bytes())
        except OSError as error:
            raise EmottsError(
                f"the original {self.path} cannot be read: {error.strerror}"
            ) from None

    def samples(self) -> np.ndarray:
        """Samples (n,) at 24 kHz."""
        return decode(self.sound if self.sound is not None else self.packed().sound or b"")


@dataclass(frozen=True)
class Originals:
    """lines: by number; neutral: how actors sound in neutral, by character; warnings: of lines that
    have none."""

    lines: Mapping[int, Original] = field(default_factory=dict)
    neutral: Mapping[str, Original] = field(default_factory=dict)
    warnings: Sequence[str] = ()

    @property
    def keys(self) -> list[str]:
        """Of all that the job needs."""
        return sorted({x.key for x in (*self.lines.values(), *self.neutral.values())})


def gather(store: JobStore, source: Path, lines: Sequence[Line], cast: Cast | None) -> Originals:
    """The originals of lines, in the job's folder.

    source: a folder with files named by the lines' numbers (`file_number`), or a recording that is
    cut by the slots; a line without an end reaches to the next one. Raises EmottsError for a
    source that cannot be read, that has two files for a line, or none for any.
    """
    found: dict[int, Original] = {}
    for number, samples in _sounds(Path(source), lines):
        if len(samples) >= SHORTEST_SECONDS * SAMPLE_RATE:
            found[number] = _stored(store, samples)
    if not found:
        raise EmottsError(
            f"{source} holds the original of no line; a recording is cut by the slots, and a "
            "folder has files named by line numbers, such as 0012.wav"
        )
    missing = [
        f"line {line.number} (row {line.source_line} of the script) has no original in {source}"
        for line in lines
        if line.number not in found
    ]
    spoken = {line.character for line in lines}
    neutral = {
        name: _stored(store, _whole(character.neutral))
        for name, character in (cast.characters.items() if cast else ())
        if character.neutral is not None and name in spoken
    }
    return Originals(found, neutral, missing)


def check_originals(source: Path, cast: Cast | None) -> None:
    """Raise EmottsError for a source, or a neutral recording of the cast, that is not there."""
    if not Path(source).exists():
        raise EmottsError(f"there are no originals at {source}; give a recording or a folder")
    for name, character in cast.characters.items() if cast else ():
        if character.neutral is not None and not character.neutral.is_file():
            raise EmottsError(f"there is no recording {character.neutral}, the neutral of {name}")


def file_number(path: Path) -> int | None:
    """The line that a file belongs to: "12.wav", "0012-anna.flac" and "line_12.wav" are line 12."""
    match = _NUMBER.fullmatch(path.stem)
    return int(match[1]) if match and path.suffix.lower() in ENDINGS else None


def _sounds(source: Path, lines: Sequence[Line]) -> Iterator[tuple[int, np.ndarray]]:
    if not source.is_dir():
        yield from cut(source, spans_of(lines))
        return
    files: dict[int, Path] = {}
    for path in sorted(source.iterdir()):
        number = file_number(path)
        if number is None:
            continue
        if number in files:
            raise EmottsError(
                f"{source} has two originals of line {number}: {files[number].name} and {path.name}"
            )
        files[number] = path
    for line in lines:
        if line.number in files:
            yield line.number, _whole(files[line.number])


def spans_of(lines: Sequence[Line]) -> list[tuple[int, float, float | None]]:
    """Number, start and end of every line on a recording of all of them, in order of time; the end
    of one without a slot is where the next one starts, None for the last."""
    ordered = sorted(lines, key=lambda line: line.start)
    spans = []
    for place, line in enumerate(ordered):
        later = (other.start for other in ordered[place + 1 :] if other.start > line.start)
        end = next(later, None) if line.end is None else line.end
        spans.append((line.number, line.start, end))
    return spans


def cut(
    source: Path, spans: Sequence[tuple[int, float, float | None]]
) -> Iterator[tuple[int, np.ndarray]]:
    """(number, samples at 24 kHz) of spans (number, start, end in seconds) in order of their
    starts, read in one go: what lies after the end of the recording is left out."""
    from emotts.synthesis.conversion_reading import open_recording

    waiting = [(number, round(start * SAMPLE_RATE), None if end is None else
                round(end * SAMPLE_RATE)) for number, start, end in spans]  # fmt: skip
    waiting.reverse()
    open_spans: list[tuple[int, int, int | None, list[np.ndarray]]] = []
    at = 0
    with open_recording(source) as recorded:
        for block in recorded.blocks():
            end = at + len(block)
            while waiting and waiting[-1][1] < end:
                open_spans.append((*waiting.pop(), []))
            for number, first, last, parts in open_spans:
                parts.append(block[max(0, first - at) : None if last is None else last - at])
                if last is not None and last <= end:
                    yield number, np.concatenate(parts)
            open_spans = [s for s in open_spans if s[2] is None or s[2] > end]
            at = end
    for number, _, _, parts in open_spans:
        yield number, np.concatenate(parts)


def _whole(path: Path) -> np.ndarray:
    from emotts.synthesis.conversion_reading import open_recording

    with open_recording(path) as recorded:
        return np.concatenate(list(recorded.blocks()))


def _stored(store: JobStore, samples: np.ndarray) -> Original:
    sound = encode(samples, SAMPLE_RATE)
    key = hashlib.sha256(sound).hexdigest()[:32]
    name = f"{ORIGINALS}/{key}.wav"
    path = inside(store.folder, name)
    if not path.is_file() or path.stat().st_size != len(sound):
        put(store.folder, name, sound)
    return Original(key, path)
