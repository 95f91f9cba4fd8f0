"""Files converted into files: one, a folder or a manifest; the input is never written over."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.audio.constants import SAMPLE_RATE
from emotts.audio.io import MP3_RATES, OPUS_RATES, check_target
from emotts.audio.provenance import provenance_tags
from emotts.errors import EmottsError
from emotts.synthesis.conversion_reading import open_recording

if TYPE_CHECKING:
    from emotts.synthesis.converter import Converter, Progress

AUDIO = (
    ".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aac", ".mp4", ".webm", ".mka", ".wma",
    ".aif", ".aiff", ".au", ".caf", ".amr",
)  # fmt: skip
FORMATS = {"wav": ("WAV", "PCM_16"), "flac": ("FLAC", "PCM_16"), "mp3": ("MP3", "MPEG_LAYER_III")}
BLOCK = 1 << 16  # libsndfile's encoders overflow their stack on very long single writes


@dataclass(frozen=True)
class FileJob:
    """One file to be converted; wishes: keywords of `Converter.convert`."""

    source: Path
    target: Path
    wishes: Mapping


def check_job(source: Path, target: Path) -> None:
    """Raise EmottsError where a target cannot be written or is the input itself."""
    if not source.is_file():
        raise EmottsError(f"there is no audio file {source}")
    if target.exists() and os.path.samefile(source, target):
        raise EmottsError(f"{target} is the recording itself, which is kept; name another output")
    check_target(target)


def convert_file(
    converter: Converter, source: str | Path, target: str | Path, provenance: bool = True,
    progress: Progress | None = None, **wishes,
) -> tuple[float, dict]:  # fmt: skip
    """Convert a file into another, window by window, in memory that does not grow with it.

    The target has the recording's sample rate, or 24 kHz where that is lower or the format has no
    such rate; it appears whole or not at all. provenance: whether it tells how it was made.
    wishes: as `Converter.convert`. Returns its seconds and provenance. Raises EmottsError.
    """
    source, target = Path(source), Path(target)
    check_job(source, target)
    with open_recording(source) as recorded:
        converted = converter.stream(recorded, progress=progress, **wishes)
        told = {**converted.provenance, "converted": source.name}
        rate = output_rate(target, recorded.rate)
        count = _write(target, rate, converted.pieces, provenance_tags(told) if provenance else {})
    return count / rate, told


def output_rate(target: Path, rate: int) -> int:
    """Sample rate of a target for a recording of `rate`."""
    ending, rate = target.suffix.lower().lstrip("."), max(rate, SAMPLE_RATE)
    known = {"mp3": MP3_RATES, "ogg": OPUS_RATES}.get(ending)
    if known and rate not in known:
        return 48000 if rate > SAMPLE_RATE else SAMPLE_RATE
    return rate


def _write(target: Path, rate: int, pieces: Iterable[np.ndarray], tags: Mapping[str, str]) -> int:
    import soundfile

    ending, partial = target.suffix.lower().lstrip("."), None
    kind, subtype = FORMATS.get(ending, ("OGG", "OPUS"))
    try:
        handle, partial = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
        os.close(handle)
        with soundfile.SoundFile(partial, "w", rate, 1, format=kind, subtype=subtype) as file:
            for name, text in tags.items():
                setattr(file, name, text)
            for piece in _at_rate(pieces, rate):
                for start in range(0, len(piece), BLOCK):
                    file.write(np.clip(piece[start : start + BLOCK], -1.0, 1.0))
            count = file.frames
        os.chmod(partial, 0o644)
        os.replace(partial, target)
        return count
    except (OSError, soundfile.LibsndfileError) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "error_string", str(error))
        raise EmottsError(f"{target} cannot be written: {reason.rstrip('.')}") from error
    finally:
        if partial is not None:
            Path(partial).unlink(missing_ok=True)


def _at_rate(pieces: Iterable[np.ndarray], rate: int) -> Iterator[np.ndarray]:
    import soxr

    if rate == SAMPLE_RATE:
        yield from pieces
        return
    stream = soxr.ResampleStream(SAMPLE_RATE, rate, 1, dtype="float32")
    for piece in pieces:
        yield stream.resample_chunk(np.ascontiguousarray(piece))
    yield stream.resample_chunk(np.zeros(0, np.float32), last=True)


def plan(source: Path, target: Path, ending: str = "wav") -> list[FileJob]:
    """The jobs of a folder or a manifest, whose targets keep their places below `target`.

    A manifest is .jsonl, .tsv or .csv with `path` and, where a row has them, `output`, `emotion`,
    `intensity` and `voice` of its own, or .txt with a path a line. Raises EmottsError for nothing
    found, two recordings with one target, and lines that are no entry.
    """
    if source.is_dir():
        below, made = sorted(source.rglob("*")), target.resolve()
        found = [p for p in below if p.suffix.lower() in AUDIO and p.is_file()]
        found = [p for p in found if made == source.resolve() or made not in p.resolve().parents]
        jobs = [
            FileJob(p, target / p.relative_to(source).with_suffix(f".{ending}"), {}) for p in found
        ]
    else:
        jobs = _from_manifest(source, target, ending)
    if not jobs:
        raise EmottsError(f"no recordings in {source}; they end in {', '.join(AUDIO)}")
    seen: dict[Path, Path] = {}
    for job in jobs:
        if job.target in seen:
            raise EmottsError(
                f"{job.source} and {seen[job.target]} would both become {job.target}; rename one"
            )
        seen[job.target] = job.source
    return jobs


def _from_manifest(source: Path, target: Path, ending: str) -> list[FileJob]:
    from emotts.synthesis.conversion_manifest import read_rows

    jobs = []
    for row in read_rows(source):
        place = Path(row.pop("output", None) or Path(row["path"]).with_suffix(f".{ending}"))
        if place.is_absolute() or ".." in place.parts:
            place = Path(place.name)
        clip = source.parent / row.pop("path")
        jobs.append(FileJob(clip, target / place, row))
    return jobs
