"""The emotion of one sentence, moment by moment."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE
from emotts.emotion.track import EmotionTrack

PAIR_SECONDS = 2 * HOP_LENGTH / SAMPLE_RATE


@dataclass(frozen=True)
class Course:
    """A track over a whole text as one sentence meets it, with words that have an emotion of their
    own.

    start, end: the sentence's part of the text, as shares; seconds: when it begins. own: (n,)
    bool, tokens that follow `vectors` (n, dim) and not the track. weight: of this course among
    those whose velocities are mixed; steers: only the flow's velocities, not what is measured of an
    emotion (pitch, tempo, colour).
    """

    track: EmotionTrack
    start: float = 0.0
    end: float = 1.0
    seconds: float = 0.0
    own: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    vectors: np.ndarray = field(default_factory=lambda: np.zeros((0, 1), dtype=np.float32))
    weight: float = 1.0
    steers: bool = False

    @property
    def is_constant(self) -> bool:
        """True if every moment of the sentence has the same emotion."""
        still = (self.track.vectors == self.track.vectors[0]).all()
        return bool(still) and not self.own.any()

    def along(self, share: np.ndarray, seconds: np.ndarray) -> np.ndarray:
        """Offsets of the track (k, dim) at moments, given as share of the sentence and as seconds
        since its beginning, (k,) each."""
        if self.track.unit == "seconds":
            return self.track.at(self.seconds + seconds)
        return self.track.at(self.start + (self.end - self.start) * share)

    def at_tokens(self, pairs: np.ndarray, own: bool = True) -> np.ndarray:
        """Offsets (n, dim) at the middles of tokens that last `pairs` (n,) pairs of frames.

        own: False for what the track alone says.
        """
        ends = np.cumsum(pairs)
        middles = ends - pairs / 2
        found = self.along(middles / max(ends[-1], 1e-9), middles * PAIR_SECONDS)
        return np.where(self.own[:, None], self.vectors, found) if own and self.own.any() else found

    def at_pairs(self, durations: np.ndarray) -> np.ndarray:
        """Offsets (pairs, dim) of every pair of frames; durations: (n,) whole pairs."""
        count = int(durations.sum())
        at = np.arange(count)
        found = self.along(at / max(count - 1, 1), at * PAIR_SECONDS)
        if self.own.any():
            token = np.repeat(np.arange(len(durations)), durations)
            found = np.where(self.own[token][:, None], self.vectors[token], found)
        return found.astype(np.float32)


def blend(courses: tuple[Course, ...], sampled: list[np.ndarray]) -> np.ndarray:
    """The weighted sum of what several courses gave."""
    if len(courses) == 1 and courses[0].weight == 1.0:
        return sampled[0]
    pairs = zip(courses, sampled, strict=True)
    return np.sum([c.weight * s for c, s in pairs if not c.steers], axis=0)


def changes_of(matrix: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """What offsets (k, dim) do by a matrix (n, dim) of changes: (k, n).

    Without BLAS: the threads it wakes for a product of this size wait busily afterwards, and the
    networks, which come next, took twice as long beside them.
    """
    if (vectors == vectors[0]).all():
        return np.repeat(np.einsum("kd,nd->kn", vectors[:1], matrix), len(vectors), axis=0)
    return np.einsum("kd,nd->kn", vectors, matrix)
