"""What a line asks for in categories, and a classifier's push of the flow towards it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from emotts.emotion.space import EmotionSpace
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError
from emotts.models.guide import NoisyMelClassifier

LEAST = 0.02  # shares below this are rounding

Velocity = Callable[[Tensor, Tensor], Tensor]


def shares(space: EmotionSpace, vector: np.ndarray) -> dict[str, float]:
    """Share of every category in an offset (dim,); neutral alone for the origin."""
    weights = amounts(space, vector)
    total = sum(weights.values())
    if total <= 0:
        return {"neutral": 1.0}
    return {name: w / total for name, w in weights.items() if w > LEAST * total}


def amounts(space: EmotionSpace, vector: np.ndarray) -> dict[str, float]:
    """How much of every category is in an offset (dim,): the weights, 0 or more, of directions
    whose sum comes nearest to it (least squares)."""
    from scipy.optimize import nnls

    names = [name for name in space.emotions if name != "neutral"]
    if not np.any(vector) or not names:
        return dict.fromkeys(names, 0.0)
    matrix = np.stack([space.directions[name] for name in names], axis=1)
    weights, _ = nnls(matrix.astype(np.float64), np.asarray(vector, dtype=np.float64))
    return dict(zip(names, map(float, weights), strict=True))


def within_reach(space: EmotionSpace, vectors: np.ndarray) -> np.ndarray:
    """Offsets (k, dim) drawn back to where the networks have been: intensity 1.

    They have heard no more than strong acting; beyond it only what is measured (pitch, tempo,
    colour) goes on growing, and the networks stay.
    """
    kinds, place = np.unique(vectors, axis=0, return_inverse=True)
    amount = np.array([sum(amounts(space, kind).values()) for kind in kinds])
    drawn = kinds / np.maximum(amount, 1.0)[:, None]
    return drawn[place.reshape(-1)].astype(np.float32)


def steered(
    velocity: Velocity, guide: NoisyMelClassifier | None, push: float, wanted: dict[str, float],
    local: Tensor, mask: Tensor,
) -> Velocity:  # fmt: skip
    """velocity + push (1 − t) ∇ Σ wanted log p: towards the wanted categories, away from the rest.

    Nothing is pushed for a push of 0 or for neutral. Raises EmottsError without a classifier.
    """
    if not push or set(wanted) == {"neutral"}:
        return velocity
    if guide is None:
        raise EmottsError("these checkpoints have no 'guide'; leave out classifier guidance")
    weights = torch.tensor([wanted.get(name, 0.0) for name in CATEGORIES], device=local.device)

    def pushed(x: Tensor, t: Tensor) -> Tensor:
        pull = guide.pull(x, t, local, mask, weights)
        return velocity(x, t) + push * (1 - t)[:, None, None] * pull

    return pushed
