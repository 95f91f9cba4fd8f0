"""Affect: valence, arousal and dominance of emotions, and the emotion of an affect.

The norms are the mean ratings of pleasure, arousal and dominance of Russell & Mehrabian, "Evidence
for a three-factor theory of emotions", Journal of Research in Personality 11 (1977), 273–294, on
−1…1, as reprinted in later work. They are ratings of English words by students, not measurements
of voices. That list has "relaxed" where we say calm; neutral is the origin by definition.
"""

import math
from typing import NamedTuple

import numpy as np

from emotts.emotion.space import EmotionSpace
from emotts.errors import EmottsError


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

# How dear it is to leave the interpolated mix for a better reading: small follows affect_of
# further, and asks for weights the acoustic model has never met.
FAITHFULNESS = 0.3
MOST_TRIALS = 60


def affect_of(e: np.ndarray, space: EmotionSpace) -> Affect:
    """Return the affect of an offset (dim,) by radial-basis interpolation over the categories.

    Exact at the origin (neutral) and at every direction (its category's norm), in between a
    blend by distance, clipped to −1…1 beyond them.
    """
    names, directions, norms = _prototypes(space)
    if not names:
        return NORMS["neutral"]
    values = _reading(directions, norms)(np.asarray(e, dtype=np.float64))
    return Affect(*(float(value) for value in np.clip(values, -1, 1)))


def vector_of(
    space: EmotionSpace,
    valence: float | None = None,
    arousal: float | None = None,
    dominance: float | None = None,
) -> np.ndarray:
    """Return the offset (dim,) float32 whose affect is the one asked for, as far as one reaches.

    A mix of the space's directions: radial-basis interpolation of the weights over the norms, then
    moved (damped least squares) until `affect_of` reads what was asked. What is None is left free
    and starts where the norms have it on average, given the rest. Exact zeros for zeros, a
    category's direction for its norm. No voice shows every corner of −1…1: there it is what comes
    near. Raises EmottsError if nothing is given or for a number beyond −1…1.
    """
    names, directions, norms = _prototypes(space)
    asked = [_checked(k, v) for k, v in zip(Affect._fields, (valence, arousal, dominance),
                                            strict=True)]  # fmt: skip
    given = [i for i, value in enumerate(asked) if value is not None]
    if not given:
        raise EmottsError("give at least one of valence, arousal and dominance, each −1…1")
    if not names or not any(asked[i] for i in given):
        return np.zeros(space.dim, dtype=np.float32)
    target = _completed(asked, given, norms)
    origin = np.zeros((1, len(names)))
    weights = RadialBasis(np.concatenate([np.zeros((1, 3)), norms]),
                          np.concatenate([origin, np.eye(len(names))]))(target)  # fmt: skip
    reading = _reading(directions, norms)
    return (_refined(weights, target, given, reading, directions) @ directions).astype(np.float32)


class RadialBasis:
    """Radial-basis interpolation with φ(r) = −r and a constant, exact at the points.

    points: (k, dim), all different. values: (k, m).
    """

    def __init__(self, points: np.ndarray, values: np.ndarray):
        k = len(points)
        system = np.ones((k + 1, k + 1))
        system[:k, :k] = -np.linalg.norm(points[:, None] - points[None], axis=-1)
        system[k, k] = 0
        right = np.concatenate([values, np.zeros((1, values.shape[1]))])
        self.points = points
        self.weights = np.linalg.lstsq(system, right, rcond=None)[0]

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """x: (dim,). Returns (m,)."""
        return -np.linalg.norm(self.points - x, axis=-1) @ self.weights[:-1] + self.weights[-1]

    def slope(self, x: np.ndarray) -> np.ndarray:
        """The derivative (m, dim) at x; a point's own kink counts as flat."""
        away = x - self.points
        lengths = np.linalg.norm(away, axis=-1, keepdims=True)
        units = np.where(lengths > 1e-9, away / np.maximum(lengths, 1e-9), 0)
        return -self.weights[:-1].T @ units


def _prototypes(space: EmotionSpace) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names, directions (k, dim) and norms (k, 3) of the categories a space has."""
    names = [name for name in space.emotions if name != "neutral"]
    directions = [np.asarray(space.directions[name], dtype=np.float64) for name in names]
    return names, np.array(directions), np.array([NORMS[name] for name in names])


def _reading(directions: np.ndarray, norms: np.ndarray) -> RadialBasis:
    points = np.concatenate([np.zeros((1, directions.shape[1])), directions])
    return RadialBasis(points, np.concatenate([np.zeros((1, 3)), norms]))


def _checked(name: str, value: float | None) -> float | None:
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not -1 <= number <= 1:
        raise EmottsError(f"{name} must be a number from -1 to 1, not {value}")
    return number


def _completed(asked: list[float | None], given: list[int], norms: np.ndarray) -> np.ndarray:
    """Fill what was not asked for by regression over the norms, through neutral."""
    target = np.array([value or 0.0 for value in asked])
    free = [i for i in range(3) if i not in given]
    if free:
        slope = np.linalg.lstsq(norms[:, given], norms[:, free], rcond=None)[0]
        target[free] = np.clip(target[given] @ slope, -1, 1)
    return target


def _refined(
    start: np.ndarray,
    target: np.ndarray,
    given: list[int],
    reading: RadialBasis,
    directions: np.ndarray,
) -> np.ndarray:
    """Weights near `start` that read as the target in what was asked."""
    from scipy.optimize import least_squares

    def miss(weights: np.ndarray) -> np.ndarray:
        short = reading(weights @ directions) - target
        return np.concatenate([short[given], FAITHFULNESS * (weights - start)])

    def slope(weights: np.ndarray) -> np.ndarray:
        moved = reading.slope(weights @ directions) @ directions.T
        return np.concatenate([moved[given], FAITHFULNESS * np.eye(len(weights))])

    if np.abs(miss(start)).max() < 1e-9:
        return start
    return least_squares(miss, start, slope, max_nfev=MOST_TRIALS).x
