"""Recordings read in blocks: arrays, and every file that libsndfile or PyAV can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotts.audio.constants import SAMPLE_RATE
from emotts.errors import EmottsError

BLOCK_SECONDS = 10.0
MINIMUM_SECONDS = 0.3
Audio = str | Path | np.ndarray


@dataclass
class Recorded:
    """A recording that can be read from its beginning again and again.

    name: for people; rate: its own sample rate; samples: how many there are at 24 kHz.
    """

    name: str
    rate: int
    samples: int
    blocks: Callable[[], Iterator[np.ndarray]]

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.samples / SAMPLE_RATE

    def speech(self, seconds: float) -> list[np.ndarray]:
        """The first blocks that sound like speech, up to so many seconds in all."""
        from emotts.synthesis.analysis import speechlike

        found, held = [], 0.0
        for block in self.blocks():
            if held >= seconds:
                break
            if speechlike(block):
                found.append(block)
                held += len(block) / SAMPLE_RATE
        return found


@contextmanager
def open_recording(audio: Audio) -> Iterator[Recorded]:
    """A recording as mono at 24 kHz in blocks.

    audio: a file, or samples (n,) at 24 kHz. Raises EmottsError for a file that is missing, is no
    audio or is broken, and for what is no row of finite samples of at least 0.3 s.
    """
    if isinstance(audio, str | Path):
        path = Path(audio)
        if not path.is_file():
            raise EmottsError(f"there is no audio file {path}")
        read = _libsndfile if _opens(path) else _av
        rate, samples = _measured(path, read)
        recorded = Recorded(str(path), rate, samples, lambda: _blocks(path, read))
    else:
        samples = np.asarray(audio, dtype=np.float32)
        if samples.ndim != 1:
            raise EmottsError(f"a recording is one row of samples, not of shape {samples.shape}")
        if not np.isfinite(samples).all():
            raise EmottsError("the recording holds samples that are not finite numbers")
        size = int(BLOCK_SECONDS * SAMPLE_RATE)
        recorded = Recorded(
            "the recording", SAMPLE_RATE, len(samples),
            lambda: (samples[i : i + size] for i in range(0, len(samples), size)),
        )  # fmt: skip
    if recorded.seconds < MINIMUM_SECONDS:
        raise EmottsError(
            f"{recorded.name} is shorter than {MINIMUM_SECONDS} s; give a longer recording"
        )
    yield recorded


def _opens(path: Path) -> bool:
    import soundfile

    try:
        return soundfile.info(path).samplerate > 0
    except soundfile.LibsndfileError:
        return False


def _libsndfile(path: Path) -> tuple[int, Iterator[np.ndarray]]:
    """Sample rate, and blocks of mono samples."""
    import soundfile

    rate = soundfile.info(path).samplerate

    def blocks():
        with soundfile.SoundFile(path) as file:
            while len(block := file.read(int(BLOCK_SECONDS * rate), "float32", always_2d=True)):
                yield block.mean(axis=1)

    return rate, blocks()


def _av(path: Path) -> tuple[int, Iterator[np.ndarray]]:
    import av

    container = av.open(str(path))
    if not container.streams.audio:
        container.close()
        raise EmottsError(f"{path} holds no audio")
    stream = container.streams.audio[0]

    def blocks():
        resampler = av.AudioResampler("fltp", stream.layout, stream.rate)
        held, count = [], 0
        with container:
            for frame in container.decode(stream):
                for part in resampler.resample(frame):
                    held.append(part.to_ndarray().mean(axis=0))
                    count += len(held[-1])
                if count >= BLOCK_SECONDS * stream.rate:
                    yield np.concatenate(held)
                    held, count = [], 0
        if held:
            yield np.concatenate(held)

    return stream.rate, blocks()


def _blocks(path: Path, read) -> Iterator[np.ndarray]:
    """Blocks at 24 kHz; what the readers raise becomes a sentence."""
    import av
    import soundfile
    import soxr

    try:
        rate, blocks = read(path)
        stream = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32")
        for block in blocks:
            if not np.isfinite(block).all():
                raise EmottsError(f"{path} holds samples that are not finite numbers")
            yield block if rate == SAMPLE_RATE else stream.resample_chunk(block)
        if rate != SAMPLE_RATE:
            yield stream.resample_chunk(np.zeros(0, np.float32), last=True)
    except (av.FFmpegError, soundfile.LibsndfileError, OSError, ValueError) as error:
        if isinstance(error, EmottsError):
            raise
        reason = getattr(error, "error_string", None) or str(error)
        raise EmottsError(f"{path} cannot be read as audio ({reason.rstrip('.')})") from error


def _measured(path: Path, read) -> tuple[int, int]:
    """Own rate, and samples at 24 kHz. A whole reading: what a header says can be wrong."""
    import av

    try:
        rate, blocks = read(path)
        del blocks
    except (av.FFmpegError, OSError) as error:
        raise EmottsError(
            f"{path} cannot be read as audio ({str(error).rstrip('.')}); wav, flac, ogg, opus, "
            "mp3, m4a and what else PyAV knows can"
        ) from error
    return rate, sum(len(block) for block in _blocks(path, read))
