"""A support vector classifier with probabilities, fitted by scikit-learn, kept as plain arrays.

scikit-learn fits (Cortes & Vapnik 1995, radial kernel, one against one). A class's logit is the
sum of the log-logistics of its pairwise decisions (a product of pairwise experts), times one
sharpness fitted on held-out groups of speakers: on dev this kept the recall of the votes, where a
logistic regression over the decisions lost four points. What is kept are arrays and no pickle, and
prediction is numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from emotts.errors import EmottsError

Z_LIMIT = 4.0  # a standardised feature beyond this is an outlier of the extractor
SHARPNESSES = np.geomspace(0.1, 10, 41)


@dataclass
class KernelClassifier:
    """softmax over classes of sharpness · Σ_pairs log σ(±d), d = exp(−γ‖z − v‖²)·W + b."""

    classes: tuple[str, ...]
    gamma: float
    sharpness: float
    mean: np.ndarray  # (d,)
    deviation: np.ndarray  # (d,)
    support: np.ndarray  # (s, d)
    weights: np.ndarray  # (s, pairs)
    bias: np.ndarray  # (pairs,)

    ARRAYS = ("mean", "deviation", "support", "weights", "bias")

    def standardize(self, features: np.ndarray) -> np.ndarray:
        """z-scores by the training statistics, limited to ±Z_LIMIT."""
        features = np.atleast_2d(np.asarray(features, dtype=np.float64))
        if features.shape[1] != len(self.mean):
            raise EmottsError(
                f"The classifier takes {len(self.mean)} features a clip, not {features.shape[1]}."
            )
        return np.clip((features - self.mean) / self.deviation, -Z_LIMIT, Z_LIMIT)

    def decisions(self, features: np.ndarray) -> np.ndarray:
        """Pairwise decisions (n, pairs), above 0 for the pair's first class, of features (n, d)."""
        z = self.standardize(features)
        squared = (z**2).sum(1)[:, None] + (self.support**2).sum(1)[None] - 2 * z @ self.support.T
        return np.exp(-self.gamma * np.maximum(squared, 0)) @ self.weights + self.bias

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """(n, classes), rows sum to 1."""
        logits = _pooled(self.decisions(features), len(self.classes))
        return np.exp(_log_softmax(self.sharpness * logits))

    def predict(self, features: np.ndarray) -> np.ndarray:
        """The likeliest class of each row, (n,) str."""
        return np.array(self.classes)[self.probabilities(features).argmax(axis=1)]

    def arrays(self, prefix: str = "") -> dict[str, np.ndarray]:
        """What has to be kept beside `classes`, `gamma` and `sharpness`."""
        return {prefix + name: np.ascontiguousarray(getattr(self, name)) for name in self.ARRAYS}


def _pooled(decisions: np.ndarray, count: int) -> np.ndarray:
    """Sum of log σ of each class's pairwise decisions: (n, pairs) to (n, count)."""
    pooled = np.zeros((len(decisions), count))
    for column, (i, j) in enumerate(combinations(range(count), 2)):
        pooled[:, i] -= np.logaddexp(0, -decisions[:, column])
        pooled[:, j] -= np.logaddexp(0, decisions[:, column])
    return pooled


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


def _pair_weights(svc) -> np.ndarray:
    """libsvm's packed dual coefficients (classes − 1, s) as one column of weights a pair."""
    ends = np.cumsum(svc.n_support_)
    rows = [slice(end - n, end) for end, n in zip(ends, svc.n_support_, strict=True)]
    pairs = list(combinations(range(len(rows)), 2))
    weights = np.zeros((ends[-1], len(pairs)))
    for column, (i, j) in enumerate(pairs):
        weights[rows[i], column] = svc.dual_coef_[j - 1, rows[i]]
        weights[rows[j], column] = svc.dual_coef_[i, rows[j]]
    return weights


def _new_svc(cost: float, gamma: float):
    from sklearn.svm import SVC

    return SVC(C=cost, gamma=gamma, class_weight="balanced", decision_function_shape="ovo")


def fit(
    features: np.ndarray,
    labels: Sequence[str],
    speakers: Sequence[str],
    classes: Sequence[str],
    cost: float = 3.0,
    gamma: float | None = None,
    folds: int = 6,
) -> KernelClassifier:
    """Fit on features (n, d), with class-balanced costs and speaker-grouped probabilities.

    classes: three or more, in the order of the probabilities. gamma: 0.5/d when None.
    """
    from sklearn.model_selection import GroupKFold

    labels, speakers = np.asarray(labels), np.asarray(speakers)
    missing = [name for name in classes if name not in labels]
    if missing or len(classes) < 3 or not set(labels) <= set(classes):
        raise EmottsError(f"Labels must cover {list(classes)} (three or more) and nothing else.")
    gamma = 0.5 / features.shape[1] if gamma is None else gamma
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-9
    z = np.clip((features - mean) / deviation, -Z_LIMIT, Z_LIMIT)
    index = {name: i for i, name in enumerate(classes)}
    targets = np.array([index[label] for label in labels])
    svc = _new_svc(cost, gamma).fit(z, targets)
    held_out = np.zeros((len(z), len(svc.intercept_)))
    for kept, left in GroupKFold(min(folds, len(set(speakers)))).split(z, targets, speakers):
        held_out[left] = (
            _new_svc(cost, gamma).fit(z[kept], targets[kept]).decision_function(z[left])
        )
    pooled, truth = _pooled(held_out, len(classes)), (np.arange(len(z)), targets)
    sharpness = max(SHARPNESSES, key=lambda s: _log_softmax(s * pooled)[truth].mean())
    return KernelClassifier(
        tuple(classes), gamma, float(sharpness), mean, deviation,
        svc.support_vectors_, _pair_weights(svc), svc.intercept_,
    )  # fmt: skip
