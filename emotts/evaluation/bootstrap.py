"""Bootstrap intervals: how far a figure would move had other clips been drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from emotts.errors import EmottsError


class Interval(NamedTuple):
    """A figure and its interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def bootstrap(
    statistic: Callable[[np.ndarray], float],
    count: int,
    groups: Sequence | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Percentile interval of `statistic`, a function of row indices (k,), over `count` rows.

    groups: (count,) labels; whole groups are drawn (clips of one sentence or speaker hang
    together). Efron 1979. Draws where the statistic is not finite are left out.
    """
    if count < 1 or not 0 < level < 1:
        raise EmottsError("A bootstrap needs at least one row and a level between 0 and 1.")
    rng = np.random.default_rng(seed)
    labels = np.arange(count) if groups is None else np.unique(groups, return_inverse=True)[1]
    if len(labels) != count:
        raise EmottsError(f"A bootstrap over {count} rows was given {len(labels)} group labels.")
    members = [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]
    values = []
    for _ in range(draws):
        drawn = rng.integers(len(members), size=len(members))
        values.append(statistic(np.concatenate([members[i] for i in drawn])))
    values = np.array(values, dtype=np.float64)
    tail = (1 - level) / 2
    low, high = np.nanquantile(np.where(np.isfinite(values), values, np.nan), [tail, 1 - tail])
    return Interval(float(statistic(np.arange(count))), float(low), float(high))


def bootstrap_mean(values: Sequence[float], groups: Sequence | None = None, **options) -> Interval:
    """The interval of a mean."""
    values = np.asarray(values, dtype=np.float64)
    return bootstrap(lambda rows: float(values[rows].mean()), len(values), groups, **options)
