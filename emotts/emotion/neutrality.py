"""Speech stops being neutral when it lies farther out than neutral sentences do by themselves.

People's neutral sentences differ among themselves, so a small step away from neutral is heard as
one more neutral sentence. The spread of real neutral speech is the measure of what can be heard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from emotts.errors import EmottsError

SHRINK = 0.3  # of the covariance towards its mean variance
WITHIN = 0.97  # share of neutral sentences that lie within the edge
SLOPE = 2.0  # log-odds a standard deviation of neutral log distance


@dataclass(frozen=True, eq=False)
class Neutrality:
    """P(not neutral) = σ(slope · (log distance − edge)) of an offset from neutral.

    whitening: (dim, dim), makes neutral offsets spread alike in all directions.
    """

    whitening: np.ndarray
    edge: float
    slope: float

    def left(self, e: np.ndarray) -> np.ndarray:
        """Probability (...) that offsets (..., dim) are no longer neutral speech."""
        e = np.asarray(e, dtype=np.float64)
        if e.shape[-1:] != self.whitening.shape[:1]:
            raise EmottsError(
                f"offsets of {self.whitening.shape[0]} values expected, not {e.shape}"
            )
        return 1 / (1 + np.exp(-self.slope * (log_distance(e @ self.whitening) - self.edge)))

    def to_tensors(self) -> dict[str, np.ndarray]:
        """Arrays by flat names, for a checkpoint."""
        limits = np.array([self.edge, self.slope], dtype=np.float32)
        return {"whitening": self.whitening.astype(np.float32), "limits": limits}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, np.ndarray]) -> Neutrality:
        """What `to_tensors` gave."""
        edge, slope = np.asarray(tensors["limits"], dtype=np.float64)
        return cls(np.asarray(tensors["whitening"]), float(edge), float(slope))


def log_distance(whitened: np.ndarray) -> np.ndarray:
    """Natural logarithm of √(1 + length²) of vectors (..., dim)."""
    return 0.5 * np.log1p((whitened**2).sum(axis=-1))


def fit_neutrality(corpora: Sequence[np.ndarray]) -> Neutrality:
    """From neutral offsets (clips, dim) of each corpus, every speaker's around its own mean.

    Each corpus weighs the same. Raises EmottsError where there are too few clips to tell.
    """
    if not corpora or min(len(clips) for clips in corpora) < 3:
        raise EmottsError("the spread of neutral speech needs three neutral clips or more a corpus")
    covariance = np.mean([np.cov(np.asarray(clips, float).T, bias=True) for clips in corpora], 0)
    size = len(covariance)
    covariance = (1 - SHRINK) * covariance + SHRINK * np.trace(covariance) / size * np.eye(size)
    values, vectors = np.linalg.eigh(covariance)
    whitening = vectors / np.sqrt(np.maximum(values, 1e-12)) @ vectors.T
    distances = [log_distance(clips @ whitening) for clips in corpora]
    edge = float(np.mean([np.quantile(d, WITHIN) for d in distances]))
    spread = float(np.mean([d.std() for d in distances]))
    return Neutrality(whitening, edge, SLOPE / max(spread, 1e-6))
