"""A folder of shards as a store of features: any clip by its number, none kept in memory."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path

import numpy as np

from emotts.corpora.shards import ARRAYS, TYPES, read_index, shape
from emotts.corpora.store import FeatureStore, SpeakerStatistics
from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError

OPEN_SHARDS = 64  # mapped at a time, so that no machine's limit of open files is reached


class ShardStore(FeatureStore):
    """What `FeatureStore` is for a prepared folder, for the shards made of one.

    `shards[k]` is the range of clips in shard k of the training split. Raises EmottsError if the
    folder holds no shards or a shard is cut short.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        paths = sorted(self.folder.glob("*-[0-9]*.tar"))
        if not paths or not (self.folder / "speakers.json").is_file():
            raise EmottsError(
                f"{self.folder} holds no shards; make them with 'emotts corpus shard PREPARED -o "
                f"{self.folder}'."
            )
        self.paths, self.shards = paths, []
        self.utterances: list[Utterance] = []
        self.frames: list[int] = []
        self._shard: list[int] = []
        begins: list[tuple[int, ...]] = []
        for number, path in enumerate(paths):
            first = len(self.frames)
            for row in read_index(path):
                self.utterances.append(Utterance(**row["utterance"]))
                self.frames.append(row["frames"])
                self._shard.append(number)
                begins.append(tuple(row[name] for name in ARRAYS))
            if path.name.startswith("train-"):
                self.shards.append(range(first, len(self.frames)))
        self._begins = np.array(begins, dtype=np.int64)
        stored = json.loads((self.folder / "speakers.json").read_text(encoding="utf-8"))
        self.speakers = {name: SpeakerStatistics(**values) for name, values in stored.items()}
        self._mapped = lru_cache(OPEN_SHARDS)(
            lambda number: np.memmap(self.paths[number], dtype=np.uint8, mode="r")
        )

    def _slice(self, name: str, index: int, start: int, stop: int | None, scale: int = 1):
        frames = self.frames[index]
        whole = shape(name, frames)
        begin = int(self._begins[index, ARRAYS.index(name)])
        size = int(np.prod(whole)) * np.dtype(TYPES[name]).itemsize
        values = self._mapped(self._shard[index])[begin : begin + size]
        stop = frames if stop is None else min(stop, frames)
        return values.view(TYPES[name]).reshape(whole)[start * scale : stop * scale]

    def expect(self, index: int) -> None:
        """Tell the system that a clip will be read soon, so that it is fetched ahead, in order."""
        if not hasattr(os, "posix_fadvise"):
            return
        begins, frames = self._begins[index], self.frames[index]
        sizes = [np.prod(shape(n, frames)) * np.dtype(TYPES[n]).itemsize for n in ARRAYS]
        length = int((begins + sizes).max() - begins.min())
        with self.paths[self._shard[index]].open("rb") as file:
            os.posix_fadvise(file.fileno(), int(begins.min()), length, os.POSIX_FADV_WILLNEED)


def open_store(folder: str | Path) -> FeatureStore:
    """The store of a folder: of shards, where it holds some, else of a prepared one."""
    if any(Path(folder).glob("*-[0-9]*.tar")):
        return ShardStore(folder)
    return FeatureStore(folder)
