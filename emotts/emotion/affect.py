"""Affect: valence, arousal and dominance of emotions.

The norms are the mean ratings of pleasure, arousal and dominance of Russell & Mehrabian, "Evidence
for a three-factor theory of emotions", Journal of Research in Personality 11 (1977), 273–294, on
−1…1, as reprinted in later work. They are ratings of English words by students, not measurements
of voices. That list has "relaxed" where we say calm; neutral is the origin by definition.
"""

from typing import NamedTuple

import numpy as np

from emotts.emotion.space import EmotionSpace


class Affect(NamedTuple):
    """Pleasantness, activation and feeling of control, each −1…1."""

    valence: float
    arousal: float
    dominance: float


NORMS = {
    "neutral": Affect(0.0, 0.0, 0.0),
    "calm": Affect(0.68, -0.46, 0.06),
    "happy": Affect(0.81, 0.51, 0.46),
    "sad": Affect(-0.63, -0.27, -0.33),
    "angry": Affect(-0.51, 0.59, 0.25),
    "fearful": Affect(-0.64, 0.60, -0.43),
    "disgust": Affect(-0.60, 0.35, 0.11),
    "surprised": Affect(0.40, 0.67, -0.13),
}


def affect_of(e: np.ndarray, space: EmotionSpace) -> Affect:
    """Return the affect of an offset (dim,) by radial-basis interpolation over the categories.

    Exact at the origin (neutral) and at every direction (its category's norm), in between a
    blend by distance, clipped to −1…1 beyond them.
    """
    names = [name for name in space.emotions if name != "neutral"]
    if not names:
        return NORMS["neutral"]
    prototypes = np.stack([np.zeros(space.dim), *(space.directions[name] for name in names)])
    norms = np.array([NORMS[name] for name in ["neutral", *names]])
    values = _interpolate(prototypes, norms, np.asarray(e, dtype=np.float64))
    return Affect(*(float(value) for value in np.clip(values, -1, 1)))


def _interpolate(points: np.ndarray, values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Radial-basis interpolation with φ(r) = −r and a constant, exact at the points.

    points: (k, dim). values: (k, m). x: (dim,). Returns (m,).
    """
    k = len(points)
    system = np.ones((k + 1, k + 1))
    system[:k, :k] = -np.linalg.norm(points[:, None] - points[None], axis=-1)
    system[k, k] = 0
    right = np.concatenate([values, np.zeros((1, values.shape[1]))])
    weights = np.linalg.lstsq(system, right, rcond=None)[0]
    return -np.linalg.norm(points - x, axis=-1) @ weights[:k] + weights[k]
