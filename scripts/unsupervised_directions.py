"""Supervised and unsupervised directions of the emotion space, compared.

    python scripts/unsupervised_directions.py runs/data --checkpoints runs/checkpoints

Embeds the training clips of the acted corpora with the set's recogniser, computes both kinds of
directions and prints their lengths and cosines. With `--output space.npz` it writes the tensors of
the emotion space that holds both; under `space.` they go into the checkpoint `voices`, with the
space's configuration.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from emotts.checkpoints import resolve
from emotts.corpora.store import FeatureStore
from emotts.emotion.space import EmotionSpace
from emotts.emotion.unsupervised import COMPONENTS, unsupervised_directions
from emotts.training.acoustic.emotions import emotion_vectors


def acted_offsets(
    store: FeatureStore, offsets: np.ndarray, corpora: tuple[str, ...]
) -> tuple[np.ndarray, list[str]]:
    """Offsets and emotions of the training clips that the space was built on."""
    rows = [i for i in store.select("train", list(corpora)) if offsets[i].any()]
    return offsets[rows], [store.utterances[i].emotion for i in rows]


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--checkpoints", default=None)
    parser.add_argument("--corpora", default="ravdess", help="separated by commas")
    parser.add_argument("--components", type=int, default=COMPONENTS)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    store = FeatureStore(given.data)
    space, vectors = emotion_vectors(store, resolve(given.checkpoints))
    offsets, emotions = acted_offsets(store, vectors, tuple(given.corpora.split(",")))
    space = with_unsupervised(space, offsets, emotions, given.components)
    names = list(space.unsupervised)
    print(f"{len(emotions)} clips; cosine of unsupervised (rows) with supervised directions")
    print(f"{'':>10}" + "".join(f"{name:>10}" for name in names) + f"{'length':>10}")
    for name in names:
        mine = space.unsupervised[name]
        cosines = [
            mine @ space.directions[k] / np.linalg.norm(mine) / np.linalg.norm(space.directions[k])
            for k in names
        ]
        figures = "".join(f"{c:10.3f}" for c in cosines)
        print(f"{name:>10}{figures}{np.linalg.norm(mine):10.2f}")
    if given.output:
        np.savez(given.output, **space.to_tensors())


if __name__ == "__main__":
    main()
