"""Audio files: any that libsndfile reads in; wav, flac, ogg and mp3 out, whole or not at all."""

import io
import math
import os
import stat
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.errors import EmottsError

if TYPE_CHECKING:
    import soundfile

ENDINGS = ("wav", "flac", "ogg", "mp3")
TAGS = ("title", "artist", "album", "comment", "copyright", "license", "software", "genre")
OPUS_RATES = (8000, 12000, 16000, 24000, 48000)
MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_BLOCK = 1 << 16  # libsndfile's Vorbis encoder overflows its stack on very long single writes


def read_audio(path: str | Path, rate: int = 24000) -> np.ndarray:
    """Read a file as mono float32 (n,) at `rate` Hz; channels are averaged, soxr resamples.

    Raises EmottsError for a file that is missing, is no audio, is empty, or holds NaN.
    """
    import soundfile
    import soxr

    path = Path(path)
    if not path.is_file():
        raise EmottsError(f"there is no audio file {path}")
    try:
        samples, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        reason = getattr(error, "error_string", None) or str(error)
        raise EmottsError(
            f"{path} cannot be read as audio ({reason.rstrip('.')}); "
            "wav, flac, ogg, opus and mp3 can"
        ) from error
    mono = samples.mean(axis=1)
    if mono.size == 0:
        raise EmottsError(f"{path} holds no audio samples")
    if not np.isfinite(mono).all():
        raise EmottsError(f"{path} holds samples that are not finite numbers")
    if own_rate != rate:
        mono = soxr.resample(mono, own_rate, rate)
    return np.ascontiguousarray(mono, dtype=np.float32)


def write_audio(
    path: str | Path, samples: np.ndarray, rate: int, metadata: dict[str, str] | None = None
) -> Path:
    """Write mono samples (n,) in −1…1 to a wav (16 bit), flac, ogg or mp3 file by its ending.

    metadata: text tags, keys from `TAGS`. The file appears whole or not at all: it is encoded
    first, then moved over the target. Raises EmottsError as `check_target` and `encode_audio` do.
    """
    ending = check_target(path)
    data = encode_audio(samples, rate, ending, metadata)
    target = Path(path).resolve()
    try:
        _put(target, data)
    except OSError as error:
        raise EmottsError(f"{path} cannot be written: {error.strerror or error}") from error
    return Path(path)


def audio_format(name: str) -> str:
    """Return a format's canonical name ("wav", "flac", "ogg", "mp3") or raise EmottsError."""
    ending = name.lower().lstrip(".")
    if ending not in ENDINGS:
        raise EmottsError(f"unknown audio format {name!r}; choose from {', '.join(ENDINGS)}")
    return ending


def check_target(path: str | Path) -> str:
    """Return the format a target's name asks for, once it is sure that it can be written.

    Raises EmottsError for an ending that is none of `ENDINGS`, a folder that does not exist, and
    a folder or file that must not be written.
    """
    path = Path(path)
    ending = path.suffix.lower().lstrip(".")
    if ending not in ENDINGS:
        choices = ", ".join(f".{name}" for name in ENDINGS)
        raise EmottsError(f"the name of {path} must end in one of {choices}")
    folder = path.parent
    if not folder.is_dir():
        raise EmottsError(f"the output folder {folder} does not exist; make it first")
    if path.is_dir():
        raise EmottsError(f"{path} is a folder, not a file to write")
    if path.exists() and not _writable(path):
        raise EmottsError(f"{path} is read-only; choose another file or make it writable")
    if not _writable(folder):
        raise EmottsError(f"the output folder {folder} is read-only; choose another folder")
    return ending


def _writable(path: Path) -> bool:
    """A read-only mark holds for the superuser too, who could otherwise write over anything."""
    return os.access(path, os.W_OK) and bool(stat.S_IMODE(path.stat().st_mode) & 0o222)


def encode_audio(
    samples: np.ndarray, rate: int, ending: str = "wav", metadata: dict[str, str] | None = None
) -> bytes:
    """Return mono samples (n,) as the bytes of a wav, flac, ogg or mp3 file.

    ogg is Opus where Opus has the rate and Vorbis otherwise. Samples beyond ±1 are clipped with a
    warning. Raises EmottsError for samples that are not one finite row, and unknown tags.
    """
    import soundfile

    samples = _checked(samples)
    kind, subtype = _encoding(audio_format(ending), rate)
    tags = _checked_tags(metadata)
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", rate, 1, format=kind, subtype=subtype) as file:
        _write_blocks(file, samples, tags)
    return buffer.getvalue()


def _checked(samples: np.ndarray) -> np.ndarray:
    samples = np.asarray(samples, dtype=np.float32)
    if samples.ndim != 1 or samples.size == 0:
        raise EmottsError(f"audio must be one row of samples, not of shape {samples.shape}")
    if not np.isfinite(samples).all():
        raise EmottsError("audio with NaN or infinite samples cannot be written")
    peak = float(np.abs(samples).max())
    if peak > 1:
        gain_db = 20 * math.log10(peak)
        warnings.warn(f"audio {gain_db:.1f} dB over full scale was clipped", stacklevel=3)
        samples = np.clip(samples, -1, 1)
    return samples


def _checked_tags(metadata: dict[str, str] | None) -> dict[str, str]:
    unknown = sorted(set(metadata or {}) - set(TAGS))
    if unknown:
        raise EmottsError(f"unknown audio tags {', '.join(unknown)}; choose from {', '.join(TAGS)}")
    return dict(metadata or {})


def _encoding(ending: str, rate: int) -> tuple[str, str]:
    if ending == "mp3" and rate not in MP3_RATES:
        choices = ", ".join(str(known) for known in MP3_RATES)
        raise EmottsError(f"mp3 has no sample rate of {rate} Hz; choose from {choices}")
    if ending == "ogg":
        return "OGG", "OPUS" if rate in OPUS_RATES else "VORBIS"
    return {"wav": ("WAV", "PCM_16"), "flac": ("FLAC", "PCM_16"), "mp3": ("MP3", "MPEG_LAYER_III")}[
        ending
    ]


def _write_blocks(file: "soundfile.SoundFile", samples: np.ndarray, tags: dict[str, str]) -> None:
    for name, text in tags.items():
        setattr(file, name, text)
    for start in range(0, len(samples), _BLOCK):
        file.write(samples[start : start + _BLOCK])


def _put(target: Path, data: bytes) -> None:
    """Write a regular file by replacing it; a pipe or device is written as it is."""
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """The permissions of the file replaced, or those that any new file gets here."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
