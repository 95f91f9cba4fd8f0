"""Content priors: of training clips computed once and kept, of dev clips when asked for."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from emotts.checkpoints import load_checkpoint
from emotts.models.content import PAIR, ContentEncoder
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acoustic.emotions import checkpoint_mark
from emotts.training.acoustic.releases import released_places


def load_content(folder: Path) -> ContentEncoder:
    stored = load_checkpoint(folder, "content")
    config = {k: v for k, v in stored.config.items() if k != "kind"}
    model = ContentEncoder(**config)
    model.load_state_dict(stored.tensors)
    return model.eval().requires_grad_(False)


@torch.no_grad()
def prior_of(model: ContentEncoder, clips: AcousticClips, index: int) -> np.ndarray:
    """mu (pairs, 160) float16 of one clip's text at its own durations and releases."""
    t = clips.tokens[index]
    where, position = released_places(t, clips.store.mel(index))
    tokens = torch.from_numpy(np.stack([t.ids, t.stress, t.length], axis=-1))[None]
    mu, _ = model(
        tokens, torch.tensor([t.language]), torch.ones(1, tokens.shape[1], 1), where[None],
        position[None], torch.ones(1, len(where), 1),
    )  # fmt: skip
    return mu[0].numpy().astype(np.float16)


class Priors:
    """`priors[i]`: mu of clip i, (pairs, 160) float32; those of training clips are made with the
    checkpoint's content model the first time, those of dev clips whenever one is asked for."""

    def __init__(self, clips: AcousticClips, checkpoints: Path):
        rows = sorted(set(clips.train))
        pairs = [int(clips.tokens[i].durations.sum()) for i in rows]
        self.starts = dict(zip(rows, np.cumsum([0, *pairs[:-1]]).tolist(), strict=True))
        self.sizes = dict(zip(rows, pairs, strict=True))
        self._clips, self._checkpoints = clips, checkpoints
        path = clips.store.folder / f"priors-train-{checkpoint_mark(checkpoints, 'content')}.npy"
        if not path.exists():
            temporary = path.with_suffix(".part.npy")
            shape = (sum(pairs), PAIR)
            made = np.lib.format.open_memmap(temporary, "w+", np.float16, shape)
            for i in rows:
                mu = prior_of(self._content, clips, i)
                made[self.starts[i] : self.starts[i] + self.sizes[i]] = mu
            made.flush()
            os.replace(temporary, path)
        self.values = np.load(path, mmap_mode="r")

    def __getitem__(self, index: int) -> np.ndarray:
        if index not in self.starts:
            return prior_of(self._content, self._clips, index).astype(np.float32)
        start = self.starts[index]
        return self.values[start : start + self.sizes[index]].astype(np.float32)

    @cached_property
    def _content(self) -> ContentEncoder:
        return load_content(self._checkpoints)
