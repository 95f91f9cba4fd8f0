"""How well SER A hears unseen speakers, relative to their neutral speech.

    python scripts/recognition.py runs/data --checkpoints checkpoints

Prints unweighted average recall with bootstrap 95 % intervals on the speaker-held-out test clips
of ravdess (eight classes) and nemo (six), and the confusion matrices.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import confusion_matrix, recall_score

from emotts.checkpoints import load_checkpoint, resolve
from emotts.corpora.store import FeatureStore
from emotts.training.acoustic.emotions import embed_clips, load_ser

ABSENT = {"ravdess": (), "nemo": ("calm", "disgust")}


def heard(store: FeatureStore, rows: list[int], folder: Path, absent: tuple[str, ...]):
    """Asked and heard class indices of clips, each against its speaker's neutral mean."""
    names = load_checkpoint(folder, "ser").config["categories"]
    encoder, heads = load_ser(folder)
    z = embed_clips(store, rows, encoder, heads)
    people = np.array([store.utterances[i].speaker for i in rows])
    asked = np.array([names.index(store.utterances[i].emotion) for i in rows])
    for name in set(people):
        mine = people == name
        z[mine] -= z[mine & (asked == names.index("neutral"))].mean(axis=0)
    with torch.inference_mode():
        scores = heads(torch.from_numpy(z))["category"].numpy()
    scores[:, [names.index(c) for c in absent]] = -np.inf
    return asked, scores.argmax(axis=1), names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--checkpoints", default=None)
    parser.add_argument("--split", default="test", choices=("dev", "test"))
    given = parser.parse_args()
    store, folder = FeatureStore(given.data), resolve(given.checkpoints)
    for corpus, absent in ABSENT.items():
        rows = [
            i
            for i in store.select(given.split, [corpus])
            if given.split == "dev" or store.utterances[i].held_out == "speaker"
        ]
        asked, got, names = heard(store, rows, folder, absent)
        uar = recall_score(asked, got, average="macro")
        draws = np.random.default_rng(0).integers(0, len(rows), (1000, len(rows)))
        spread = [recall_score(asked[d], got[d], average="macro") for d in draws]
        low, high = np.percentile(spread, [2.5, 97.5])
        print(f"{corpus} {given.split}: UAR {uar:.3f} [{low:.3f}, {high:.3f}], {len(rows)} clips")
        used = sorted(set(asked))
        print("  ".join(names[c] for c in used))
        print(confusion_matrix(asked, got, labels=used))


if __name__ == "__main__":
    main()
