"""One sentence with all that is asked of it, token by token."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emotts.synthesis.course import Course
from emotts.synthesis.voices import Voice
from emotts.text.sequence import PhoneSequence

# What stress on a word does to it: semitones, dB, and the ratio of durations. Prominence is heard
# from these three (Fry 1958, Terken & Hermes 2000); the sizes are ours, chosen on dev texts.
EMPHASIS = {
    "none": (0.0, 0.0, 1.0),
    "reduced": (-1.0, -2.5, 0.9),
    "moderate": (2.5, 2.5, 1.15),
    "strong": (4.0, 4.5, 1.3),
}


@dataclass(frozen=True)
class Delivery:
    """How every token is said, (n,) each: rate (factor of tempo), pitch (semitones), pitch_range
    (factor), energy (dB), and pause (pairs of frames a pause must last, −1 where it is free)."""

    rate: np.ndarray
    pitch: np.ndarray
    pitch_range: np.ndarray
    energy: np.ndarray
    pause: np.ndarray

    @classmethod
    def plain(
        cls, count: int, rate: float = 1.0, pitch: float = 0.0, pitch_range: float = 1.0,
        energy: float = 0.0,
    ) -> Delivery:  # fmt: skip
        """The same for all tokens."""
        filled = (np.full(count, float(v)) for v in (rate, pitch, pitch_range, energy, -1.0))
        return cls(*filled)


@dataclass(frozen=True)
class Line:
    """sequence: n tokens; courses: what is felt, one or several whose velocities are mixed;
    before, after: silence in seconds; text: as written."""

    sequence: PhoneSequence
    voice: Voice
    courses: tuple[Course, ...]
    delivery: Delivery
    text: str = ""
    before: float = 0.0
    after: float = 0.0
