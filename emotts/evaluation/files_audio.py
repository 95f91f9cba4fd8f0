"""What is odd about an audio file before any judge hears it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation.metrics.level import clipped_share

RATE = 24000
SILENT_PEAK = 1e-3  # −60 dBFS
CLIPPED_SHARE = 1e-4
SHORTEST_SECONDS = 0.1


@dataclass(frozen=True)
class Sound:
    """What a file holds: seconds, its own rate, and flags such as `silent`, `clipped (0.3 %)`."""

    seconds: float
    rate: int
    flags: tuple[str, ...]
    silent: bool = False


def examine(path: str | Path) -> Sound:
    """Read a file and name what is odd: silent, clipped, truncated, stereo.

    Raises EmottsError for a file that is no audio, empty, not finite or shorter than 0.1 s.
    """
    import soundfile

    from emotts.audio.io import read_audio

    path = Path(path)
    samples = read_audio(path, RATE)
    facts = soundfile.info(str(path))
    seconds = len(samples) / RATE
    if seconds < SHORTEST_SECONDS:
        raise EmottsError(f"{path} is {seconds:.3f} s long; {SHORTEST_SECONDS} s is the least")
    silent = not np.abs(samples).max() > SILENT_PEAK
    flags = ["silent"] if silent else []
    share = clipped_share(samples if facts.samplerate == RATE else _first_channel(path))
    if share > CLIPPED_SHARE:
        flags.append(f"clipped ({100 * share:.2g} %)")
    if truncated(path, facts, seconds):
        flags.append("truncated")
    if facts.channels > 1:
        flags.append(f"{facts.channels} channels, averaged")
    return Sound(seconds, facts.samplerate, tuple(flags), silent)


def _first_channel(path: Path) -> np.ndarray:
    """Samples at the file's own rate: resampling rounds clipped tops."""
    import soundfile

    return soundfile.read(path, dtype="float32", always_2d=True)[0][:, 0]


def truncated(path: Path, facts, seconds: float) -> bool:
    """Whether a wav, flac or ogg file ends before its own header, or its last page, says.

    facts: what soundfile.info told; seconds: what could be read.
    """
    data = path.read_bytes()
    if data[:4] == b"RIFF":
        promised = int.from_bytes(data[4:8], "little")
        return 0 < promised < 0x7FFFFFFF and promised + 8 > len(data) + 1  # a pipe promises 2³¹
    if data[:4] == b"OggS":
        last = data.rfind(b"OggS")
        return len(data) < last + 6 or not data[last + 5] & 4  # the end-of-stream flag
    return seconds < 0.999 * facts.frames / facts.samplerate - 0.01


def odd_rates(rates: Sequence[int]) -> list[str | None]:
    """For each file's rate, a flag where it is not what most files have."""
    if not rates:
        return []
    common = Counter(rates).most_common(1)[0][0]
    return [
        None if rate == common else f"{rate} Hz, where most files have {common} Hz"
        for rate in rates
    ]
