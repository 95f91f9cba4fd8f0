"""Take out of a recording's content what its statistics tell of speaker and emotion.

    python -m emotts.training.traces runs/checkpoints --data runs/data

The mean and deviation of mu over a clip's speech tell who speaks, and how, far better than chance.
Least-squares concept erasure (LEACE, Belrose et al. 2023) finds the directions in which they do, on
half of the acted training clips, and the smallest move that leaves them silent; the recording's
encoder then moves every clip as a whole, and its words with it. The other half is for measuring.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from pathlib import Path

import numpy as np
import torch
from rich.progress import track

from emotts.checkpoints import load_checkpoint, save_checkpoint
from emotts.checkpoints.index import add_to_index
from emotts.corpora.shards_store import open_store
from emotts.corpora.store import FeatureStore
from emotts.models.recording import RecordingContent, heard_mel, loud_pairs, statistics
from emotts.synthesis.networks import build

COMMAND = "python -m emotts.training.traces"
CORPUS = "ravdess"  # every actor says the same sentences, so that no words stand for a speaker
OTHERS = 400  # clips of other corpora, which show how statistics vary with words
RIDGE = 0.03


def fits(clip: str) -> bool:
    """Whether a clip of this id belongs to the half that is learnt from."""
    return zlib.crc32(clip.encode()) % 2 == 0


def erasure(
    x: np.ndarray, labels: list[np.ndarray], spread: np.ndarray, ridge: float = RIDGE
) -> tuple[np.ndarray, np.ndarray]:
    """Directions of what tells a label, and the least move that silences it.

    x: (n, d) statistics with one array (n,) of labels for each concept; spread: (d, d), their
    covariance wherever it comes from. Returns found (k, d) and taken (d, k): x less
    taken @ found @ (x - mean) is uncorrelated with every label.
    """
    mean_variance = np.trace(spread) / len(spread)
    spread = (1 - ridge) * spread + ridge * mean_variance * np.eye(len(spread))
    sizes, axes = np.linalg.eigh(spread)
    whiten, colour = (axes / np.sqrt(sizes)) @ axes.T, (axes * np.sqrt(sizes)) @ axes.T
    told = np.concatenate([y[:, None] == np.unique(y) for y in labels], axis=1).astype(float)
    shared = (x - x.mean(axis=0)).T @ (told - told.mean(axis=0)) / len(x)
    basis, strength, _ = np.linalg.svd(whiten @ shared, full_matrices=False)
    basis = basis[:, strength > 1e-6 * strength[0]]
    return basis.T @ whiten, colour @ basis


def heard(network: RecordingContent, mel: np.ndarray) -> np.ndarray:
    """Statistics (320,) of the content of mel (frames, 80), as the bare network hears it."""
    pairs = len(mel) // 2
    given = heard_mel(torch.from_numpy(np.ascontiguousarray(mel, dtype=np.float32)))
    given = given[: 2 * pairs].reshape(pairs, -1)
    with torch.inference_mode():
        mu = network(given[None])[0]
        spoken = loud_pairs(given, torch.ones(pairs, dtype=torch.bool))
        return statistics(mu[spoken]).numpy()


def _rows(store: FeatureStore) -> tuple[list[int], list[int]]:
    train = [i for i, u in enumerate(store.utterances) if u.split == "train"]
    acted = [i for i in train if store.utterances[i].corpus == CORPUS]
    acted = [i for i in acted if fits(store.utterances[i].id)]
    others = [i for i in train if store.utterances[i].corpus != CORPUS]
    return acted, others[:: max(1, len(others) // OTHERS)]


def take_traces(folder: Path, store: FeatureStore, ridge: float = RIDGE) -> int:
    """Fit the erasure to the recording's encoder of a set, and write it there.

    Returns how many directions were taken out.
    """
    stored = load_checkpoint(folder, "recording")
    tensors = {k: v for k, v in stored.tensors.items() if not k.startswith("trace_")}
    config = {k: v for k, v in stored.config.items() if k != "traces"}
    network = build(RecordingContent, config, tensors)
    acted, others = _rows(store)
    rows = [*acted, *others]
    x = np.stack([heard(network, store.mel(i)) for i in track(rows, "statistics")])
    about = [store.utterances[i] for i in rows]
    corpora = np.array([u.corpus for u in about])
    within = np.concatenate([x[corpora == c] - x[corpora == c].mean(axis=0) for c in set(corpora)])
    known = x[: len(acted)]
    labels = [
        np.array([getattr(u, k) for u in about[: len(acted)]]) for k in ("speaker", "emotion")
    ]
    found, taken = erasure(known, labels, np.cov(within.T), ridge)
    for name, values in (("centre", known.mean(axis=0)), ("found", found), ("taken", taken)):
        tensors[f"trace_{name}"] = torch.from_numpy(values.astype(np.float32))
    card = (folder / "recording.md").read_text(encoding="utf-8").rstrip()
    save_checkpoint(
        folder, "recording", tensors, config | {"traces": len(found)},
        {"command": COMMAND, "corpora": ()},
    )  # fmt: skip
    note = "" if COMMAND in card else f"\n\nTraces of speaker and emotion are taken by `{COMMAND}`."
    (folder / "recording.md").write_text(card + note + "\n", encoding="utf-8")
    add_to_index(folder, ["recording.md"])
    return len(found)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoints", type=Path, help="folder of the set, which is changed")
    parser.add_argument("--data", type=Path, default=Path("runs/data"), help="extracted features")
    parser.add_argument("--ridge", type=float, default=RIDGE, help="shrinkage of the spread, 0-1")
    asked = parser.parse_args(arguments)
    torch.set_num_threads(1)
    count = take_traces(asked.checkpoints, open_store(asked.data), asked.ridge)
    print(f"{count} directions taken out of the content of recordings.", file=sys.stderr)


if __name__ == "__main__":
    main()
