"""Training clips of shards in the order of the disk, with exact resume.

A reader goes through its shards, one clip after the other, in an order that seed and epoch give;
batches are drawn from the last `size` clips that it came to. webdataset's own pipeline (1.0) has
the same shuffle buffer, but no state: a run that goes on would have to read the epoch again from
its start. Here the buffer is numbers of clips alone, the place in the order decides what it holds,
and the step's own generator draws from it: one number is the whole state.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count, islice

import numpy as np

from emotts.corpora.shards_store import ShardStore
from emotts.corpora.store import FeatureStore
from emotts.errors import EmottsError


class Window:
    """The clips at hand of one reader out of `readers`, which share the shards of an epoch.

    Every clip stays for as many steps as it takes to draw `size` clips, and is drawn once in an
    epoch on average where all have the same odds.
    """

    def __init__(self, store: ShardStore, seed: int, size: int, reader: int = 0, readers: int = 1):
        if len(store.shards) < readers:
            raise EmottsError(
                f"{store.folder} has {len(store.shards)} shards for training, and {readers} "
                "readers (processes times 'accumulate') want at least one each; write smaller "
                "ones with 'emotts corpus shard --size'"
            )
        self.store, self.seed, self.size = store, seed, size
        self.reader, self.readers = reader, readers
        self._known: tuple[Sequence[int] | None, np.ndarray] = (None, np.empty(0))
        self.load_state_dict({"taken": 0})

    def state_dict(self) -> dict[str, int]:
        """How many clips have been left behind."""
        return {"taken": self.taken}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Go to a place in the order."""
        self.taken = state["taken"]
        self._coming = self.order(self.taken)
        self.clips: deque[int] = deque(maxlen=self.size)
        self._take(self.size)

    def order(self, skip: int = 0) -> Iterator[int]:
        """The reader's clips without end, from its clip number `skip` on."""
        for epoch in count():
            shards = np.random.default_rng([self.seed, epoch]).permutation(len(self.store.shards))
            for number in shards[self.reader :: self.readers]:
                rows = self.store.shards[number]
                yield from rows[skip:]
                skip = max(0, skip - len(rows))

    def _take(self, number: int) -> None:
        for index in islice(self._coming, number):
            self.store.expect(index)
            self.clips.append(index)
        self._at_hand = np.array(self.clips)

    def advance(self, number: int) -> None:
        """Leave so many clips behind for the next ones."""
        self.taken += number
        self._take(number)

    def pick(
        self, generator: np.random.Generator, rows: Sequence[int], number: int,
        odds: np.ndarray | None = None,
    ) -> list[int]:  # fmt: skip
        """Draw clips at hand that are among `rows`, by their odds there.

        rows: the same object every time, as what is looked up in it is kept.
        """
        if self._known[0] is not rows:
            weights = np.zeros(len(self.store))
            weights[np.asarray(rows, dtype=np.int64)] = 1.0 if odds is None else odds
            self._known = (rows, weights)
        chances = self._known[1][self._at_hand]
        if not chances.any():
            raise EmottsError(
                f"none of the {len(self._at_hand)} clips at hand of {self.store.folder} is wanted; "
                "give the recipe a larger 'window', or write shards of the wanted corpora alone"
            )
        drawn = generator.choice(len(chances), number, p=chances / chances.sum())
        return [int(self._at_hand[i]) for i in drawn]


def open_windows(
    store: FeatureStore | None, seed: int, size: int, process: int, processes: int, parts: int
) -> list[Window]:
    """One window for each of the `parts` batches that a process sees in a step; none where the
    data is not in shards."""
    if not isinstance(store, ShardStore):
        return []
    readers = processes * parts
    return [Window(store, seed, size, process * parts + part, readers) for part in range(parts)]
