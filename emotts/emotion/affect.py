"""Affect: valence, arousal and dominance of emotions, and the emotion of an affect.

The norms are the mean ratings of pleasure, arousal and dominance of Russell & Mehrabian, "Evidence
for a three-factor theory of emotions", Journal of Research in Personality 11 (1977), 273–294, on
−1…1, as reprinted in later work. They are ratings of English words by students, not measurements
of voices. That list has "relaxed" where we say calm; neutral is the origin by definition.
"""

import math
from typing import NamedTuple

import numpy as np

from emotts.emotion.emotion import MAX_INTENSITY, Emotion
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

MOST, UNBOUND = 1.25, 100.0  # intensity of a mix in all
# What a unit of missed affect costs against a unit of intensity: much where it was asked for,
# little where valence or arousal was left open (near neutral, if that costs nothing), and nothing
# for dominance left open, which would only mix anger with fear.
ASKED, OPEN = 20.0, (0.25, 0.25, 0.0)


def affect_of(e: np.ndarray, space: EmotionSpace) -> Affect:
    """Return the affect of an offset (dim,): what the space's affect map says of the mix that it
    is, where the map has that mix, and dominance by the norms of its categories, else all three.

    The mix is the nearest one of directions with weights of 0 or more, read as intensities by the
    space's calibration; sums beyond −1…1 are clipped.
    """
    from scipy.optimize import nnls

    names = _names(space)
    if not names:
        return NORMS["neutral"]
    directions = np.array([space.directions[name] for name in names], dtype=np.float64)
    radii, _ = nnls(directions.T, np.asarray(e, dtype=np.float64))
    intensities = [_intensity(space, name, r) for name, r in zip(names, radii, strict=True)]
    affect = np.asarray(intensities) @ _norms(names)
    if space.affect is not None and any(intensities):
        asked = space.affect.read(dict(zip(names, intensities, strict=True)))
        affect[:2] = affect[:2] if asked is None else asked
    return Affect(*np.clip(affect, -1, 1).tolist())


def vector_of(
    space: EmotionSpace,
    valence: float | None = None,
    arousal: float | None = None,
    dominance: float | None = None,
) -> np.ndarray:
    """Return the offset (dim,) float32 whose affect is the one asked for, as far as one reaches.

    It is a mix of few categories, each calibrated like any emotion: by the space's affect map,
    where it has one, with dominance choosing among neighbours; else, and for dominance alone, by
    the norms of words (see `mix_of`), which give a category at intensity 1 for its norm. Exact
    zeros for zeros. Raises EmottsError if nothing is given or for a number beyond −1…1.
    """
    total = np.zeros(space.dim, dtype=np.float32)
    mix = mix_of(_names(space), valence, arousal, dominance)
    if space.affect is not None and (valence or arousal):
        dominances = space.affect.rays @ _norms(space.affect.names)[:, 2]
        mix = space.affect.mix(valence or 0.0, arousal or 0.0, dominance, dominances)
    for name, weight in mix.items():
        total = total + space.vector(Emotion(name, weight))
    return total


def mix_of(
    names: tuple[str, ...] | list[str],
    valence: float | None = None,
    arousal: float | None = None,
    dominance: float | None = None,
) -> dict[str, float]:
    """Return the intensities of the categories, of those named, whose norms add up to an affect,
    with the least intensity in all; beyond 1 it is pressed together and stays below MOST.

    That is a linear programme, whose corners hold no more categories than numbers were asked for,
    and few categories are heard where many blur: anger and fear at once sound surprised. What no
    voice shows becomes the nearest it does. Raises EmottsError as `vector_of`.
    """
    asked = [_checked(k, v) for k, v in zip(Affect._fields, (valence, arousal, dominance),
                                            strict=True)]  # fmt: skip
    given = [value for value in asked if value is not None]
    if not given:
        raise EmottsError("give at least one of valence, arousal and dominance, each −1…1")
    if not names or not any(given):
        return {}
    weights = _least(_norms(names), asked, UNBOUND)
    if (beyond := weights.sum() - 1) > 0:
        weights = _least(_norms(names), asked, 1 + (MOST - 1) * math.tanh(beyond))
    return {name: float(w) for name, w in zip(names, weights, strict=True) if w > 1e-6}


def _least(norms: np.ndarray, asked: list[float | None], most: float) -> np.ndarray:
    """Weights (k,) of 0 or more, of `most` in all, whose norms (k, 3) come nearest to what is
    asked; of those the least."""
    from scipy.optimize import linprog

    count = len(norms)
    missed = [OPEN[i] if value is None else ASKED for i, value in enumerate(asked)]
    found = linprog(
        [1.0] * count + missed + missed,
        A_ub=[[1.0] * count + [0.0] * 6], b_ub=[most],
        A_eq=np.hstack([norms.T, np.eye(3), -np.eye(3)]), b_eq=[v or 0.0 for v in asked],
    )  # fmt: skip
    return found.x[:count]


def _names(space: EmotionSpace) -> list[str]:
    return [name for name in space.emotions if name != "neutral"]


def _norms(names: tuple[str, ...] | list[str]) -> np.ndarray:
    return np.array([NORMS[name] for name in names])


def _intensity(space: EmotionSpace, name: str, radius: float) -> float:
    """The way back from α·g(α); beyond MAX_INTENSITY in proportion."""
    levels = np.linspace(0.0, MAX_INTENSITY, 301)
    reached = [level * space.gain(name, level) for level in levels]
    return float(np.interp(radius, reached, levels)) * max(1.0, radius / max(reached[-1], 1e-12))


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
