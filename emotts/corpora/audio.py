"""The audio of a clip, wherever a corpus keeps it: files, stretches of them, films, tables."""

import io
from functools import lru_cache
from pathlib import Path

import numpy as np

from emotts.audio.io import read_audio
from emotts.errors import EmottsError

FILMS = (".mp4", ".mkv", ".webm", ".m4a", ".aac", ".mov", ".avi")


def split_path(path: str) -> tuple[str, str, str]:
    """A clip's path as (file, "t" or "row" or "", value): "a.flac#t=1,2" → ("a.flac", "t", "1,2").

    The fragment is the W3C's for stretches of media; a row is emotts' own.
    """
    file, mark, fragment = path.rpartition("#")
    kind, equals, value = fragment.partition("=")
    return (file, kind, value) if mark and equals and kind in ("t", "row") else (path, "", "")


def stretch(path: str) -> tuple[float, float]:
    """Start and end in seconds of a path with "#t=start,end"; EmottsError if it has none."""
    try:
        start, end = (float(part) for part in split_path(path)[2].split(","))
    except ValueError as error:
        raise EmottsError(f"{path}: a stretch is written #t=start,end in seconds") from error
    if not 0 <= start < end:
        raise EmottsError(f"{path}: the stretch ends before it starts")
    return start, end


def read_clip(folder: str | Path, path: str, rate: int = 24000) -> np.ndarray:
    """Read a clip as mono float32 (n,) at `rate` Hz, as recorded.

    folder: the corpus's. path: as in `Recording`. Raises EmottsError for what cannot be read.
    """
    file, kind, value = split_path(path)
    whole = Path(folder) / file
    if kind == "row":
        return _resampled(*_decoded(io.BytesIO(_row(str(whole), int(value))), path), rate)
    if kind == "t":
        return _resampled(*_piece(whole, *stretch(path)), rate)
    if whole.suffix.lower() in FILMS:
        return _resampled(*_decoded(whole, path), rate)
    return read_audio(whole, rate)


def clip_seconds(folder: str | Path, path: str) -> float:
    """Length of a clip in seconds, from the file's head where that says it."""
    import soundfile

    file, kind, value = split_path(path)
    whole = Path(folder) / file
    if not whole.is_file():
        raise EmottsError(f"there is no audio file {whole}")
    if kind == "t":
        start, end = stretch(path)
        return end - start
    if kind == "row":
        samples, rate = _decoded(io.BytesIO(_row(str(whole), int(value))), path)
        return len(samples) / rate
    if whole.suffix.lower() in FILMS:
        return _film_seconds(whole)
    try:
        info = soundfile.info(str(whole))
    except (soundfile.LibsndfileError, OSError) as error:
        raise EmottsError(f"{whole} cannot be read as audio") from error
    if not info.frames:
        raise EmottsError(f"{whole} holds no audio samples")
    return info.frames / info.samplerate


def own_rate(folder: str | Path, path: str) -> int:
    """The sample rate that a clip was stored at, Hz."""
    import av
    import soundfile

    whole = Path(folder) / split_path(path)[0]
    if not whole.is_file():
        raise EmottsError(f"there is no audio file {whole}")
    try:
        if whole.suffix.lower() not in FILMS:
            return int(soundfile.info(str(whole)).samplerate)
        with av.open(str(whole)) as film:
            return int(film.streams.audio[0].rate)
    except (soundfile.LibsndfileError, OSError, IndexError) as error:
        raise EmottsError(f"{whole} cannot be read as audio") from error


def _resampled(samples: np.ndarray, own: int, rate: int) -> np.ndarray:
    import soxr

    samples = samples if own == rate else soxr.resample(samples, own, rate)
    return np.ascontiguousarray(samples, dtype=np.float32)


def _piece(path: Path, start: float, end: float) -> tuple[np.ndarray, int]:
    import soundfile

    if not path.is_file():
        raise EmottsError(f"there is no audio file {path}")
    try:
        with soundfile.SoundFile(str(path)) as file:
            file.seek(min(round(start * file.samplerate), file.frames))
            samples = file.read(round((end - start) * file.samplerate), "float32", always_2d=True)
            rate = file.samplerate
    except (soundfile.LibsndfileError, OSError) as error:
        raise EmottsError(f"{path} cannot be read as audio") from error
    if not len(samples):
        raise EmottsError(f"{path} ends before {start} s")
    return samples.mean(axis=1), rate


def _decoded(source: Path | io.BytesIO, name: str) -> tuple[np.ndarray, int]:
    """All audio of a film or of bytes in memory, mono at its own rate."""
    import av

    try:
        with av.open(source if isinstance(source, io.BytesIO) else str(source)) as film:
            stream = film.streams.audio[0]
            resampler = av.AudioResampler("fltp", "mono", stream.rate)
            frames = [f for frame in film.decode(stream) for f in resampler.resample(frame)]
            frames += resampler.resample(None)
            rate = stream.rate
    except (av.error.FFmpegError, OSError, IndexError) as error:
        raise EmottsError(f"{name} cannot be read as audio: {error}") from error
    if not frames:
        raise EmottsError(f"{name} holds no audio samples")
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]), rate


def _film_seconds(path: Path) -> float:
    """From the head; some recorders of webm write no length, then by decoding."""
    import av

    try:
        with av.open(str(path)) as film:
            stream = film.streams.audio[0]
            known = stream.duration * stream.time_base if stream.duration else None
    except (av.error.FFmpegError, OSError, IndexError) as error:
        raise EmottsError(f"{path} cannot be read as audio: {error}") from error
    if known:
        return float(known)
    samples, rate = _decoded(path, str(path))
    return len(samples) / rate


def _row(path: str, number: int) -> bytes:
    rows = audio_column(path)
    if not 0 <= number < len(rows):
        raise EmottsError(f"{path} has no row {number}")
    return rows[number]


@lru_cache(maxsize=1)
def audio_column(path: str) -> tuple[bytes, ...]:
    """The audio bytes of every row of a parquet file (its column `audioId` or `audio`)."""
    table = read_parquet(path)
    name = next((c for c in ("audioId", "audio") if c in table.columns), None)
    if name is None:
        raise EmottsError(f"{path} has no column audioId or audio")
    return tuple(v["bytes"] if isinstance(v, dict) else v for v in table[name])


def read_parquet(path: str | Path, columns: list[str] | None = None):
    """A parquet file as a pandas table; EmottsError says what to install, or what is wrong."""
    try:
        import pandas

        return pandas.read_parquet(path, columns=columns)
    except ImportError as error:
        raise EmottsError("reading parquet needs: pip install pandas pyarrow") from error
    except (OSError, ValueError) as error:
        raise EmottsError(f"{path} cannot be read as parquet: {error}") from error
