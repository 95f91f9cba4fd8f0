"""What SER B computes: is this neutral speech at all, and if not, which emotion is it?

Two questions, because they are not answered by the same evidence. Acted corpora differ in how far
an emotion lies from neutral and agree better on where it lies, and neutral sentences differ among
themselves as much as a mild emotion does. So features relative to neutral are first whitened by
what neutral speech does by itself; a distance in that space says how likely neutral is, and a
multinomial regression that never saw a neutral clip says which emotion. Everything is plain arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotts.errors import EmottsError

NEUTRAL = "neutral"
OUTLIER = 12.0  # neutral deviations beyond which a feature is an outlier of the extractor
Z_LIMIT = 4.0  # the same for a standardised feature of the emotion regression
WAVE_SCALE, LINEAR_SCALE = 5.0, 1.0  # of cosines and features under one penalty


@dataclass
class Whitening:
    """Features over their spread in neutral speech, then decorrelated within blocks."""

    scale: np.ndarray  # (d,)
    matrix: np.ndarray  # (d, d)

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """(n, d) relative to neutral; neutral speech comes out near the unit sphere's spread."""
        return np.clip(features / self.scale, -OUTLIER, OUTLIER) @ self.matrix


@dataclass
class NeutralFirst:
    """p(neutral) = σ(slope · (edge − log distance)), times a softmax over the other classes."""

    classes: tuple[str, ...]  # neutral first
    edge: float
    slope: float
    sharpness: float  # of the softmax, fitted on held-out speakers
    near: Whitening  # whole covariance, for the distance
    form: np.ndarray  # (d, d), positive semi-definite: what tells emotional from neutral spread
    apart: Whitening  # block by block, for the emotions
    deviation: np.ndarray  # (d,) of the whitened emotional clips
    waves: np.ndarray  # (d + 1, w): directions and, last, phases of the random Fourier features
    weights: np.ndarray  # (w + d, classes − 1)
    bias: np.ndarray  # (classes − 1,)

    NUMBERS = ("edge", "slope", "sharpness")
    ARRAYS = ("form", "deviation", "waves", "weights", "bias")

    def log_distance(self, features: np.ndarray) -> np.ndarray:
        """(n,) of features (n, d): how far from neutral speech, in natural logarithm."""
        z = self.near(self._checked(features))
        return 0.5 * np.log1p(np.einsum("ni,ij,nj->n", z, self.form, z))

    def logits(self, features: np.ndarray) -> np.ndarray:
        """(n, classes − 1) for the emotions, of features (n, d)."""
        z = self.apart(self._checked(features)) / self.deviation
        return expand(z, self.waves) @ self.weights + self.bias

    def probabilities(
        self, features: np.ndarray, classes: Sequence[str] | None = None
    ) -> np.ndarray:
        """(n, classes), rows sum to 1. classes: the ones that are asked about, neutral first."""
        classes = tuple(classes or self.classes)
        if classes[0] != NEUTRAL or not set(classes) <= set(self.classes):
            raise EmottsError(f"Classes must begin with neutral and be of {list(self.classes)}.")
        columns = [self.classes.index(name) - 1 for name in classes[1:]]
        log_p = log_softmax(self.sharpness * self.logits(features)[:, columns])
        neutral = sigmoid(self.slope * (self.edge - self.log_distance(features)))[:, None]
        return np.concatenate([neutral, (1 - neutral) * np.exp(log_p)], axis=1)

    def arrays(self, prefix: str = "") -> dict[str, np.ndarray]:
        """What has to be kept beside `classes` and `numbers`."""
        kept = {name: getattr(self, name) for name in self.ARRAYS}
        for name in ("near", "apart"):
            whitening = getattr(self, name)
            kept |= {f"{name}.scale": whitening.scale, f"{name}.matrix": whitening.matrix}
        return {prefix + name: np.ascontiguousarray(array) for name, array in kept.items()}

    def config(self) -> dict:
        """What has to be kept beside `arrays`, as JSON takes it."""
        return {"classes": self.classes} | {name: getattr(self, name) for name in self.NUMBERS}

    @classmethod
    def from_kept(cls, config: dict, arrays: dict[str, np.ndarray], prefix: str = ""):
        """The model that gave `config` and `arrays`."""
        whitenings = {
            name: Whitening(arrays[f"{prefix}{name}.scale"], arrays[f"{prefix}{name}.matrix"])
            for name in ("near", "apart")
        }
        return cls(
            classes=tuple(config["classes"]),
            **{name: config[name] for name in cls.NUMBERS},
            **whitenings,
            **{name: arrays[prefix + name] for name in cls.ARRAYS},
        )

    def _checked(self, features: np.ndarray) -> np.ndarray:
        features = np.atleast_2d(np.asarray(features, dtype=np.float64))
        if features.shape[1] != len(self.deviation):
            raise EmottsError(
                f"The judge takes {len(self.deviation)} features a clip, not {features.shape[1]}."
            )
        return features


def expand(z: np.ndarray, waves: np.ndarray) -> np.ndarray:
    """(n, w + d): standardised features (n, d), limited, as cosines and as themselves.

    Rahimi & Recht 2007, "Random features for large-scale kernel machines": a linear model over the
    cosines is one over a radial kernel.
    """
    z = np.clip(z, -Z_LIMIT, Z_LIMIT)
    scale = WAVE_SCALE * np.sqrt(2 / max(1, waves.shape[1]))
    return np.concatenate([scale * np.cos(z @ waves[:-1] + waves[-1]), LINEAR_SCALE * z], axis=1)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(−x)) without overflow."""
    return np.exp(-np.logaddexp(0, -np.asarray(x, dtype=np.float64)))


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Over the last axis."""
    return logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
