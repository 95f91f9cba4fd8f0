"""Suppression: taking an emotion out of a vector or a track.

A negative intensity means this: the named emotion is removed where it is. It never adds the
emotion's opposite, so suppressing what is not there changes nothing.
"""

import math

import numpy as np

from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError


def suppress(vectors: np.ndarray, direction: np.ndarray, amount: float) -> np.ndarray:
    """Remove a share of the positive part along a direction.

    vectors: (..., dim). direction: (dim,), of any length above 0. amount: 0 (nothing) to 1 (all).
    Returns e − amount·max(e·u, 0)·u with u the unit direction, float32 of the same shape.
    Raises EmottsError for an amount out of range or a direction that does not fit.
    """
    try:
        share = float(amount)
    except (TypeError, ValueError):
        share = math.nan
    if not 0 <= share <= 1:
        raise EmottsError(f"an emotion is suppressed by 0 (not at all) to 1 (all), not {amount}")
    vectors = np.asarray(vectors, dtype=np.float32)
    direction = np.asarray(direction, dtype=np.float64)
    length = np.linalg.norm(direction)
    if direction.ndim != 1 or vectors.shape[-1:] != direction.shape or not 0 < length < np.inf:
        raise EmottsError(
            f"a direction of shape {direction.shape} and length {length:.3g} cannot be suppressed "
            f"in vectors of shape {vectors.shape}"
        )
    unit = direction / length
    along = np.maximum(vectors.astype(np.float64) @ unit, 0)
    return (vectors - share * along[..., None] * unit).astype(np.float32)


def suppress_track(track: EmotionTrack, direction: np.ndarray, amount: float) -> EmotionTrack:
    """Suppress along a direction at every knot; between knots there is never more of it than was.

    (What is kept is a concave function of what was there, so lines between knots lie below it.)
    """
    vectors = suppress(track.vectors, direction, amount)
    return EmotionTrack(track.positions, vectors, track.unit, track.interpolation)
