"""Tempo of a recording changed where somebody speaks; its pauses keep their length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LONGEST, SHORTEST = np.log(2.0), np.log(0.5)


@dataclass(frozen=True)
class TimeMap:
    """Pairs of frames that go out, by where they come from.

    places: (pairs out,) positions among the pairs that came in, with fractions; first, last: how
    many pairs go out for the margins before and behind.
    """

    places: np.ndarray
    first: int = 0
    last: int = 0

    def __len__(self) -> int:
        return len(self.places)

    def pairs(self, values: np.ndarray) -> np.ndarray:
        """Values of pairs (pairs in, …) where they go, interpolated."""
        return _at(values, self.places)

    def frames(self, values: np.ndarray) -> np.ndarray:
        """Values of frames (2 pairs in, …) where they go, interpolated."""
        return _at(values, self._frame_places())

    def flags(self, flags: np.ndarray) -> np.ndarray:
        """Flags of frames (2 pairs in,) where they go, of the nearest."""
        nearest = np.clip(np.round(self._frame_places()), 0, len(flags) - 1).astype(int)
        return flags[nearest]

    def samples(self, samples: np.ndarray, size: int) -> np.ndarray:
        """Samples (size · pairs in,) in blocks of a pair, where they go; whole only where nothing
        is stretched."""
        nearest = np.clip(np.round(self.places), 0, len(samples) // size - 1).astype(int)
        return samples.reshape(-1, size)[nearest].reshape(-1)

    def _frame_places(self) -> np.ndarray:
        ends = np.concatenate([self.places, self.places[-1:] + 1.0])
        step = np.minimum(np.diff(ends), 1.0)
        centre = 2 * self.places + 0.5
        return np.stack([centre - step / 2, centre + step / 2], axis=-1).reshape(-1)


def _at(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    places = np.clip(places, 0, len(values) - 1)
    low = np.floor(places).astype(int)
    high = np.minimum(low + 1, len(values) - 1)
    share = (places - low).reshape(-1, *[1] * (values.ndim - 1)).astype(values.dtype)
    return values[low] * (1 - share) + values[high] * share


def unchanged(pairs: int, before: int = 0, after: int = 0) -> TimeMap:
    """Everything stays where it is."""
    return TimeMap(np.arange(pairs, dtype=np.float64), before, after)


def stretched(
    spoken: np.ndarray, log_tempo: np.ndarray, before: int = 0, after: int = 0
) -> TimeMap:
    """Stretches of speech made longer or shorter.

    spoken: (pairs,) bool; log_tempo: (pairs,), natural log of the ratio of durations, kept within
    a factor of two. before, after: pairs of the margins.
    """
    count = len(spoken)
    inner = np.flatnonzero(np.diff(spoken.astype(np.int8))) + 1
    edges = np.unique(np.concatenate([[0, before, count - after, count], inner])).astype(int)
    places, sizes = [], []
    for start, end in zip(edges[:-1], edges[1:], strict=True):
        part = np.arange(start, end, dtype=np.float64)
        if spoken[start]:
            lengths = np.exp(np.clip(log_tempo[start:end], SHORTEST, LONGEST))
            until = np.concatenate([[0.0], np.cumsum(lengths)])
            size = max(1, int(round(until[-1])))
            middles = (np.arange(size) + 0.5) * until[-1] / size
            part = start + np.interp(middles, until, np.arange(len(until))) - 0.5
        places.append(part)
        sizes.append(len(part))
    ends = np.cumsum([0, *sizes])
    first = ends[np.searchsorted(edges, before)]
    last = ends[-1] - ends[np.searchsorted(edges, count - after)]
    return TimeMap(np.concatenate(places), int(first), int(last))
