"""Solving the exported flows: emotion inputs, mixed velocities, Euler and midpoint steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from emotts.emotion.space import EmotionSpace
from emotts.onnx_runner.folder import ExportedModels

Velocity = Callable[[np.ndarray, np.ndarray], np.ndarray]


def euler(velocity: Velocity, x: np.ndarray, steps: int) -> np.ndarray:
    """Integrate dx/dt = velocity(x, t) from noise (t = 0) to data (t = 1); x: (1, n, channels).

    Lipman et al. 2023, eq. 13; the same sums as `emotts.synthesis.sampling.solve`.
    """
    for step in range(steps):
        x = x + velocity(x, np.full(1, step / steps, np.float32)) / np.float32(steps)
    return x


def midpoint(velocity: Velocity, x: np.ndarray, steps: int) -> np.ndarray:
    """The same by the midpoint rule, two evaluations a step."""
    for step in range(steps):
        begun = np.full(1, step / steps, np.float32)
        half = x + velocity(x, begun) / np.float32(2 * steps)
        x = x + velocity(half, begun + np.float32(0.5 / steps)) / np.float32(steps)
    return x


def mixed_velocity(
    told: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
    weights: Sequence[float], emotions: Sequence[np.ndarray],
) -> Velocity:  # fmt: skip
    """v(0) + Σ w_k (v(e_k) − v(0)): see `emotts.synthesis.phrasing.mixed_velocity`."""
    if list(weights) == [1.0]:
        return lambda x, t: told(x, t, emotions[0])

    def velocity(x: np.ndarray, t: np.ndarray) -> np.ndarray:
        neutral = told(x, t, np.zeros_like(emotions[0][:, :1]))
        parts = zip(weights, emotions, strict=True)
        return neutral + sum(np.float32(w) * (told(x, t, e) - neutral) for w, e in parts if w)

    return velocity


def emotion_input(models: ExportedModels, vectors: np.ndarray) -> np.ndarray:
    """Offsets (k, dim) within the networks' reach and scale: (1, k, dim), or (1, 1, dim) if all are
    alike."""
    if (vectors == vectors[0]).all():
        vectors = vectors[:1]
    drawn = within_reach(models.space, vectors)
    return np.ascontiguousarray(drawn * np.float32(models.emotion_scale))[None]


def within_reach(space: EmotionSpace, vectors: np.ndarray) -> np.ndarray:
    """Offsets (k, dim) drawn back to intensity 1, where the networks have been: the weights of the
    directions that come nearest to an offset (least squares, 0 or more) sum to 1 or less."""
    from scipy.optimize import nnls

    names = [name for name in space.emotions if name != "neutral"]
    kinds, place = np.unique(vectors, axis=0, return_inverse=True)
    amount = np.zeros(len(kinds))
    if names:
        matrix = np.stack([space.directions[name] for name in names], axis=1).astype(np.float64)
        amount = np.array(
            [nnls(matrix, k.astype(np.float64))[0].sum() if k.any() else 0.0 for k in kinds]
        )
    drawn = kinds / np.maximum(amount, 1.0)[:, None]
    return drawn[place.reshape(-1)].astype(np.float32)
