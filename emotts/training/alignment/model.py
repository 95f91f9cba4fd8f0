"""The aligner's Gaussians: what they hold, how they score, how they are estimated and saved."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from emotts.errors import EmottsError
from emotts.training.alignment.hmm import STATES_PER_PHONE

VARIANCE_FLOOR = 0.05
MEAN_PRIOR_PAIRS = 4.0
COVARIANCE_PRIOR_PAIRS = 150.0
TRANSITION_PRIOR = 4.0


@dataclass
class AlignerModel:
    """Full-covariance Gaussians and transition log-probabilities of phones and one silence.

    weights: (1 + d + d(d+1)/2, states) float32, log-likelihoods linear in `expand(features)`;
    states = 3 · phones + 1, the last is silence. log_stay, log_leave: (states,).
    log_use, log_skip: (phones,), of a pause token's being heard.
    """

    weights: np.ndarray
    log_stay: np.ndarray
    log_leave: np.ndarray
    log_use: np.ndarray
    log_skip: np.ndarray

    @property
    def n_phones(self) -> int:
        """The size of the table of token ids."""
        return len(self.log_use)

    @property
    def dimension(self) -> int:
        """The number of features of a pair."""
        return dimension_of(len(self.weights))

    def save(self, path: str | Path) -> None:
        """Write the model as an npz of plain arrays, at once or not at all."""
        path = Path(path)
        if not path.parent.is_dir():
            raise EmottsError(f"the folder {path.parent} for the aligner does not exist")
        partial = path.with_name(path.name + ".partial")
        with open(partial, "wb") as file:
            np.savez(file, **{field.name: getattr(self, field.name) for field in fields(self)})
        os.replace(partial, path)

    @classmethod
    def load(cls, path: str | Path) -> AlignerModel:
        """Read a model that `save` wrote; pickled arrays are refused."""
        names = [field.name for field in fields(cls)]
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return cls(**{name: arrays[name] for name in names})
        except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
            raise EmottsError(
                f"{path} is not an aligner: it must be an npz holding {', '.join(names)}"
            ) from error


def dimension_of(n_expanded: int) -> int:
    """Undo the size of `expand`: 1 + d + d(d+1)/2 columns belong to d features."""
    return round((np.sqrt(8 * n_expanded + 1) - 3) / 2)


def expand(features: np.ndarray) -> np.ndarray:
    """Write features as [1, x, x_i x_j for i ≤ j]: a Gaussian's log-likelihood is linear in them.

    features: (pairs, d). Returns (pairs, 1 + d + d(d+1)/2) float32. Sums of the rows are also all
    that estimating a Gaussian needs.
    """
    features = np.asarray(features, dtype=np.float32)
    n, d = features.shape
    rows = np.empty((n, 1 + d + d * (d + 1) // 2), dtype=np.float32)
    rows[:, 0] = 1.0
    rows[:, 1 : d + 1] = features
    start = d + 1
    for i in range(d):
        np.multiply(features[:, i:], features[:, i, None], out=rows[:, start : start + d - i])
        start += d - i
    return rows


def gaussian_weights(means: np.ndarray, covariances: np.ndarray) -> np.ndarray:
    """Turn Gaussians into the columns that score `expand(features)`.

    means: (states, d); covariances: (states, d, d). Returns (1 + d + d(d+1)/2, states) float32.
    """
    d = means.shape[1]
    upper = np.triu_indices(d)
    precisions = np.linalg.inv(covariances)
    log_determinants = np.linalg.slogdet(covariances)[1]
    linear = np.einsum("sij,sj->si", precisions, means)
    constant = -0.5 * (
        d * np.log(2 * np.pi) + log_determinants + np.einsum("si,si->s", linear, means)
    )
    twice_off_diagonal = np.where(upper[0] == upper[1], -0.5, -1.0)
    quadratic = precisions[:, upper[0], upper[1]] * twice_off_diagonal
    return np.concatenate([constant[:, None], linear, quadratic], axis=1).T.astype(np.float32)


@dataclass
class Statistics:
    """What one pass over the utterances counts: sums of expanded features and of transitions.

    sums: (states, 1 + d + d(d+1)/2); visits, of a state by a path, (states,); used and offered,
    pause tokens heard and met, (phones,).
    """

    sums: np.ndarray
    visits: np.ndarray
    used: np.ndarray
    offered: np.ndarray

    @classmethod
    def empty(cls, n_phones: int, dimension: int) -> Statistics:
        """Start counting at nought."""
        states = STATES_PER_PHONE * n_phones + 1
        width = 1 + dimension + dimension * (dimension + 1) // 2
        return cls(
            np.zeros((states, width)), np.zeros(states), np.zeros(n_phones), np.zeros(n_phones)
        )

    def add_pairs(self, expanded: np.ndarray, states: np.ndarray) -> None:
        """Count each pair for its model state. expanded: (pairs, width); states: (pairs,)."""
        order = np.argsort(states, kind="stable")
        present, starts = np.unique(states[order], return_index=True)
        self.sums[present] += np.add.reduceat(expanded[order], starts, axis=0)

    def add(self, other: Statistics) -> None:
        """Add another's counts."""
        for field in fields(self):
            getattr(self, field.name).__iadd__(getattr(other, field.name))

    def estimate(self, covariance_prior: float = COVARIANCE_PRIOR_PAIRS) -> AlignerModel:
        """Fit the model. Rarely seen states lean on their phone, rare phones on all speech."""
        means, covariances = self._gaussians(covariance_prior)
        counts = self.sums[:, 0]
        stay = (counts - self.visits + TRANSITION_PRIOR / 2) / (counts + TRANSITION_PRIOR)
        stay = np.clip(stay, 0.02, 0.98)
        use = (self.used + TRANSITION_PRIOR / 2) / (self.offered + TRANSITION_PRIOR)
        logs = (np.log(p).astype(np.float32) for p in (stay, 1 - stay, use, 1 - use))
        return AlignerModel(gaussian_weights(means, covariances), *logs)

    def _gaussians(self, covariance_prior: float) -> tuple[np.ndarray, np.ndarray]:
        counts, d = self.sums[:, 0], dimension_of(self.sums.shape[1])
        firsts = self.sums[:, 1 : d + 1]
        seconds = np.zeros((len(counts), d, d))
        rows, columns = np.triu_indices(d)
        seconds[:, rows, columns] = self.sums[:, d + 1 :]
        seconds[:, columns, rows] = self.sums[:, d + 1 :]

        speech = firsts[:-1].sum(0) / max(counts[:-1].sum(), 1.0)
        phone_counts = counts[:-1].reshape(-1, STATES_PER_PHONE).sum(1)
        phone_sums = firsts[:-1].reshape(-1, STATES_PER_PHONE, d).sum(1)
        prior = MEAN_PRIOR_PAIRS
        phones = (phone_sums + prior * speech) / (phone_counts + prior)[:, None]
        parents = np.concatenate([np.repeat(phones, STATES_PER_PHONE, axis=0), speech[None]])
        means = (firsts + prior * parents) / (counts + prior)[:, None]

        crossed = np.einsum("si,sj->sij", firsts, means)
        scatter = seconds - crossed - crossed.transpose(0, 2, 1)
        scatter += counts[:, None, None] * np.einsum("si,sj->sij", means, means)
        shared = scatter.sum(0) / max(counts.sum(), 1.0) + VARIANCE_FLOOR * np.eye(d)
        prior = covariance_prior
        covariances = (scatter + prior * shared) / (counts + prior)[:, None, None]
        unseen = parents - speech
        covariances += np.where(counts < 1, 1.0, 0.0)[:, None, None] * np.einsum(
            "si,sj->sij", unseen, unseen
        )
        return means, covariances + VARIANCE_FLOOR * np.eye(d)
