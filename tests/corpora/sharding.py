"""A prepared folder of small made clips, and the shards of it."""

import json
from pathlib import Path

import numpy as np

from emotts.corpora.features import ClipFeatures
from emotts.corpora.store import FeatureStore, write_shard
from emotts.corpora.utterance import Utterance

SPLITS = {"train": "", "dev": "sentence", "test": "speaker"}


def clip(pairs: int, seed: int) -> ClipFeatures:
    g = np.random.default_rng(seed)
    frames = 2 * pairs
    f0 = np.where(g.random(frames) < 0.5, 110 * 2 ** g.random(frames), 0).astype(np.float32)
    audio = g.normal(0, 0.1, frames * 256).astype(np.float32)
    mel = g.normal(-5, 2, (80, frames)).astype(np.float32).T  # as `clip_features` lays it out
    return ClipFeatures(audio, mel, f0)


def prepared_folder(folder: Path, train: int = 30, dev: int = 3, test: int = 2) -> FeatureStore:
    """Clips of four speakers in two corpora, 6 to 24 frames long."""
    splits = [s for s, n in (("train", train), ("dev", dev), ("test", test)) for _ in range(n)]
    rows = [
        Utterance(
            id=f"{split}/clip.{i}", path=f"{i}.wav", corpus=("small", "large")[i % 3 > 0],
            speaker="abcd"[i % 4], sex="", language="en-us", emotion="neutral",
            text=f"Dzień {i}.", seconds=1.0, split=split, held_out=SPLITS[split],
        )
        for i, split in enumerate(splits)
    ]  # fmt: skip
    clips = [clip(3 + i % 10, seed=i) for i in range(len(rows))]
    folder.mkdir(parents=True)
    write_shard(folder / "shard-0000", rows[:20], clips[:20])
    write_shard(folder / "shard-0001", rows[20:], clips[20:])
    voice = {"gain_db": 3.0, "log_f0": 4.7, "log_f0_std": 0.2, "mel_mean": [0.0] * 80}
    (folder / "speakers.json").write_text(json.dumps(dict.fromkeys("abcd", voice)))
    return FeatureStore(folder)
