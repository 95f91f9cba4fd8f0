"""Add to a set what mixing and comparing of emotions needs beside the supervised directions.

    python -m emotts.training.directions runs/checkpoints --data runs/data

Unsupervised directions (EmoReg) and prototypes, the offsets of real clips for every category, both
from the training clips of the English actors, and the spread of everybody's neutral training clips
go into the checkpoint `voices`.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from emotts.checkpoints import load_checkpoint, save_checkpoint
from emotts.corpora.store import FeatureStore
from emotts.emotion.neutrality import Neutrality, fit_neutrality
from emotts.emotion.space import EmotionSpace
from emotts.emotion.unsupervised import COMPONENTS, unsupervised_directions
from emotts.training.acoustic.emotions import emotion_vectors

CORPUS = "ravdess"
PROTOTYPES = 16  # clips a category


def acted_rows(store: FeatureStore, offsets: np.ndarray, corpora: tuple[str, ...]) -> list[int]:
    """Training clips of the corpora that have an offset."""
    return [i for i in store.select("train", list(corpora)) if offsets[i].any()]


def with_unsupervised(
    space: EmotionSpace, offsets: np.ndarray, emotions: list[str], components: int = COMPONENTS
) -> EmotionSpace:
    """The space with unsupervised directions as long as its supervised ones."""
    radii = {name: float(np.linalg.norm(d)) for name, d in space.directions.items()}
    known = [i for i, name in enumerate(emotions) if name == "neutral" or name in radii]
    found = unsupervised_directions(
        offsets[known], [emotions[i] for i in known], radii, space.projection, components
    )
    return replace(space, unsupervised=found)


def prototypes(
    space: EmotionSpace, offsets: np.ndarray, emotions: list[str], strong: list[bool]
) -> dict[str, np.ndarray]:
    """Offsets (clips, dim) of strongly acted clips of every category: those nearest to the
    direction, so that none is a clip that nobody would name so."""
    found = {}
    for name, direction in space.directions.items():
        rows = [i for i, e in enumerate(emotions) if e == name and strong[i]]
        rows = rows or [i for i, e in enumerate(emotions) if e == name]
        far = np.linalg.norm(offsets[rows] - direction, axis=1)
        found[name] = offsets[np.array(rows)[np.argsort(far)[:PROTOTYPES]]].astype(np.float32)
    return found


def neutrality(store: FeatureStore, vectors: np.ndarray) -> Neutrality:
    """How far neutral training clips lie from their speaker's mean, corpora weighing the same."""
    corpora: dict[str, list[int]] = {}
    for i in store.select("train"):
        if store.utterances[i].emotion == "neutral" and vectors[i].any():
            corpora.setdefault(store.utterances[i].corpus, []).append(i)
    return fit_neutrality([vectors[rows] for rows in corpora.values()])


def extend(folder: Path, data: Path) -> EmotionSpace:
    """Write them into the `voices` of a set, in place, and return its space."""
    store = FeatureStore(data)
    _, vectors = emotion_vectors(store, folder)
    rows = acted_rows(store, vectors, (CORPUS,))
    emotions = [store.utterances[i].emotion for i in rows]
    strong = [store.utterances[i].level == "strong" for i in rows]
    stored = load_checkpoint(folder, "voices")
    arrays = {k[6:]: v.numpy() for k, v in stored.tensors.items() if k.startswith("space.")}
    space = EmotionSpace.from_tensors(arrays, stored.config["space"])
    space = with_unsupervised(space, vectors[rows], emotions)
    space = replace(space, neutrality=neutrality(store, vectors))
    tensors = dict(stored.tensors)
    tensors |= {f"space.{k}": torch.from_numpy(v) for k, v in space.to_tensors().items()}
    for name, clips in prototypes(space, vectors[rows], emotions, strong).items():
        tensors[f"space.prototype.{name}"] = torch.from_numpy(clips)
    config = {**stored.config, "space": space.config}
    card = {"command": "emotts train recipes/base/acoustic.yaml; python -m "
            "emotts.training.pacing; python -m emotts.training.directions",
            "corpora": sorted({v["corpus"] for v in config["voices"].values()})}  # fmt: skip
    save_checkpoint(folder, "voices", tensors, config, card)
    return space


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    asked = parser.parse_args()
    extend(asked.folder, asked.data)
