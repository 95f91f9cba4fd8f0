"""Speech: samples that carry their rate, what is said when, and how they were made."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from emotts.audio.io import audio_format, encode_audio, read_audio, write_audio
from emotts.errors import EmottsError


@dataclass(frozen=True)
class Segment:
    """A labelled stretch of time, such as a word: [start_seconds, end_seconds)."""

    label: str
    start_seconds: float
    end_seconds: float

    def __post_init__(self) -> None:
        if not 0 <= self.start_seconds <= self.end_seconds < float("inf"):
            raise EmottsError(
                f"segment {self.label!r} runs from {self.start_seconds} to {self.end_seconds} s; "
                "it must start at 0 or later and not end before it starts"
            )


@dataclass(frozen=True, eq=False)
class Speech:
    """Mono speech.

    samples: (n,) float32 in −1…1. rate: Hz. timeline: its words in order.
    provenance: how it was made (text, voice, emotion, seed, checkpoint, …), as JSON values.
    Raises EmottsError for samples that are not one row of finite numbers.
    """

    samples: np.ndarray
    rate: int
    timeline: tuple[Segment, ...] = ()
    provenance: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        samples = np.ascontiguousarray(self.samples, dtype=np.float32)
        if np.ndim(self.samples) != 1:
            raise EmottsError(f"speech must be one row of samples, not of shape {samples.shape}")
        if not np.isfinite(samples).all():
            raise EmottsError("speech must not hold NaN or infinite samples")
        if self.rate <= 0:
            raise EmottsError(f"the sample rate must be positive, not {self.rate} Hz")
        object.__setattr__(self, "samples", samples)
        object.__setattr__(self, "timeline", tuple(self.timeline))

    @classmethod
    def load(cls, path: str | Path, rate: int = 24000) -> "Speech":
        """Read a file as `emotts.audio.io.read_audio` does."""
        return cls(read_audio(path, rate), rate, provenance={"file": str(path)})

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

    def encode(self, format: str = "wav") -> bytes:
        """Return the bytes of a wav, flac, ogg or mp3 file, provenance in its comment tag."""
        return encode_audio(self.samples, self.rate, format, self._metadata())

    def save(self, path: str | Path, format: str | None = None) -> None:
        """Write a file, in the format of its ending, or to standard output for "-" (wav).

        format: for standard output, one of wav, flac, ogg, mp3; for a file it must agree with
        the ending. Raises EmottsError as `emotts.audio.io.write_audio` does.
        """
        if str(path) == "-":
            sys.stdout.buffer.write(self.encode(format or "wav"))
            sys.stdout.buffer.flush()
            return
        if format is not None and audio_format(format) != Path(path).suffix.lower().lstrip("."):
            raise EmottsError(f"format {format!r} does not agree with the name of {path}")
        write_audio(path, self.samples, self.rate, self._metadata())

    def _metadata(self) -> dict[str, str]:
        tags = {"software": "emotts"}
        if self.provenance:
            tags["comment"] = json.dumps(self.provenance, ensure_ascii=False, default=str)
        return tags
