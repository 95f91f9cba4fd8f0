"""The first rung of emotion: a few global changes against neutral, as one vector."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

# pitch: semitones; pitch_range, energy_range: natural log of a ratio; tempo: natural log of the
# ratio of durations; tilt: (80,) natural log of band magnitude, voiced and unvoiced speech apart.
SCALARS = ("pitch", "pitch_range", "tempo", "energy_range")
SIZE = len(SCALARS) + 160
CARRYING = slice(5, 40)  # the bands that carry most of speech: their mean is its level
# What a tempo may become of an emotion: no category is faster than −.1 or, exaggerated, slower than
# .6, but an offset heard in something that is no speech may lie anywhere.
TEMPO_BOUNDS = (-0.3, 0.7)


@dataclass
class GlobalChange:
    """Change against the same speaker's neutral: pitch in semitones, log pitch range, log
    duration, log energy range, and colour (2, 80) in nepers of voiced and unvoiced frames."""

    pitch: float = 0.0
    pitch_range: float = 0.0
    tempo: float = 0.0
    energy_range: float = 0.0
    colour: np.ndarray = field(default_factory=lambda: np.zeros((2, 80), dtype=np.float32))

    @property
    def level_db(self) -> float:
        """Change of level in dB over the bands that carry most of speech."""
        return float(self.colour.mean(axis=0)[CARRYING].mean() * 20 / np.log(10))

    def vector(self) -> np.ndarray:
        scalars = [getattr(self, name) for name in SCALARS]
        return np.concatenate([np.array(scalars), self.colour.reshape(-1)]).astype(np.float32)

    @classmethod
    def from_vector(cls, vector: np.ndarray) -> GlobalChange:
        vector = np.asarray(vector, dtype=np.float32)
        scalars = dict(zip(SCALARS, map(float, vector[: len(SCALARS)]), strict=True))
        return cls(**scalars, colour=vector[len(SCALARS) :].reshape(2, 80))
