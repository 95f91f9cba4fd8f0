"""Emotion vectors of training clips, and the emotion space, from the tuned encoder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import torch

from emotts.checkpoints import load_checkpoint
from emotts.corpora.store import FeatureStore
from emotts.emotion.directions import projection, speaker_subspace, supervised_directions
from emotts.emotion.space import EmotionSpace
from emotts.models.encoder import EmotionHeads, Encoder, encoder_inputs
from emotts.training.relative import cut, relative_clip

FRAMES = 320


def checkpoint_mark(folder: Path, name: str) -> str:
    """First letters of the SHA-256 of a checkpoint's weights, to name what was made with it."""
    index = json.loads((Path(folder) / "index.json").read_text(encoding="utf-8"))
    return index["files"][f"{name}.safetensors"]["sha256"][:10]


def load_ser(folder: Path, name: str = "ser") -> tuple[Encoder, EmotionHeads]:
    """The tuned encoder and its heads, frozen."""
    stored = load_checkpoint(folder, name)
    encoder = Encoder(**stored.config["encoder"])
    heads = EmotionHeads(encoder.dim, len(stored.config["categories"]), 1)
    tensors = stored.tensors
    encoder.load_state_dict({k[8:]: v for k, v in tensors.items() if k.startswith("encoder.")})
    own = {k[6:]: v for k, v in tensors.items() if k.startswith("heads.")}
    heads.load_state_dict(own, strict=False)
    return encoder.eval().requires_grad_(False), heads.eval().requires_grad_(False)


@torch.no_grad()
def embed_clips(store: FeatureStore, rows: list[int], encoder, heads) -> np.ndarray:
    """Pooled embeddings z (clips, size) of clips relative to their speaker's neutral."""
    out = []
    for start in range(0, len(rows), 32):
        clips = [cut(relative_clip(store, i), FRAMES) for i in rows[start : start + 32]]
        t = {k: torch.from_numpy(np.stack([c[k] for c in clips])) for k in clips[0]}
        hidden = encoder(encoder_inputs(t["mel"], t["semitones"], t["voiced"]))
        out.append(heads.embed(hidden, t["mask"]).numpy())
    return np.concatenate(out)


def build_space(
    store: FeatureStore, rows: list[int], z: np.ndarray, speaker_directions: int = 2
) -> tuple[EmotionSpace, np.ndarray]:
    """Emotion space from the training clips, and every clip's offset e.

    Directions are those of ravdess, whose levels are acted, or where it is missing of all corpora.
    """
    u = [store.utterances[i] for i in rows]
    speakers = np.array([x.speaker for x in u])
    emotions = np.array([x.emotion for x in u])
    neutral = {
        s: z[(speakers == s) & (emotions == "neutral")].mean(0)
        for s in np.unique(speakers[emotions == "neutral"])
    }
    means = np.stack(list(neutral.values()))
    matrix = projection(speaker_subspace(means, speaker_directions))
    offsets = np.stack([(z[i] - neutral[s]) @ matrix.T for i, s in enumerate(speakers)])
    acted = np.array([x.corpus == "ravdess" for x in u])
    acted = acted if acted.any() else np.ones(len(u), dtype=bool)
    directions = supervised_directions(
        offsets[acted], emotions[acted], speakers[acted],
        [x.level == "strong" for x, a in zip(u, acted, strict=True) if a],
    )  # fmt: skip
    return EmotionSpace(matrix, means.mean(0), directions), offsets.astype(np.float32)


def emotion_vectors(store: FeatureStore, checkpoints: Path) -> tuple[EmotionSpace, np.ndarray]:
    """The space and e of every clip of the store, (clips, size); zero outside `train`.

    Computed once for each checkpoint `ser`, kept beside the features.
    """
    target = store.folder / f"emotion-{checkpoint_mark(checkpoints, 'ser')}.npz"
    if target.exists():
        with np.load(target, allow_pickle=False) as stored:
            arrays = {k: stored[k] for k in stored.files}
        vectors = arrays.pop("vectors")
        names = sorted(k.split(".", 1)[1] for k in arrays if k.startswith("direction."))
        config = {"dim": vectors.shape[1], "emotions": names, "calibrated": []}
        return EmotionSpace.from_tensors(arrays, config), vectors
    rows = store.select("train")
    calm = {store.utterances[i].speaker for i in rows if store.utterances[i].emotion == "neutral"}
    rows = [i for i in rows if store.utterances[i].speaker in calm]
    z = embed_clips(store, rows, *load_ser(checkpoints))
    space, offsets = build_space(store, rows, z)
    vectors = np.zeros((len(store), offsets.shape[1]), dtype=np.float32)
    vectors[rows] = offsets
    temporary = target.with_suffix(".part.npz")
    np.savez(temporary, vectors=vectors, **space.to_tensors())
    os.replace(temporary, target)
    return space, vectors
