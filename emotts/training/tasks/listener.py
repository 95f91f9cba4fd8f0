"""Ear for phones: which one every pair of frames belongs to, in any voice, room and emotion.

It does not ship: it listens while the decoder learns long steps (`shortcut`).
"""

import numpy as np
import torch
from torch.nn import functional as F

from emotts.models.listener import PhoneListener
from emotts.training.acoustic.releases import release_weights
from emotts.training.alignment.corpus import AlignedTokens
from emotts.training.tasks import recording


def phones_of_pairs(tokens: AlignedTokens) -> np.ndarray:
    """The symbol that every pair of frames belongs to, (pairs,)."""
    return np.repeat(tokens.ids, tokens.durations).astype(np.int64)


def told_right(logits: torch.Tensor, phones: torch.Tensor, mask: torch.Tensor):
    """Cross-entropy and accuracy over the pairs of mask (batch, pairs, 1), by what each counts.

    logits: (batch, pairs, symbols); phones: (batch, pairs).
    """
    weight = mask[..., 0] / mask.sum()
    loss = (F.cross_entropy(logits.transpose(1, 2), phones, reduction="none") * weight).sum()
    return loss, ((logits.argmax(-1) == phones) * weight).sum()


class Training(recording.Training):
    """options: shares (corpus odds), pairs (a crop)."""

    def networks(self):
        self._draw_from()
        return {"listener": PhoneListener(**self.recipe.model)}

    def _item(self, index: int, generator: np.random.Generator | None) -> dict[str, np.ndarray]:
        mel, part = self._heard(index, generator)
        phones = phones_of_pairs(self.clips.tokens[index])[part]
        weight = release_weights(self.clips.tokens[index], self.clips.store.mel(index))
        return {
            "mel": mel, "phones": phones, "mask": np.ones((len(mel), 1), dtype=np.float32),
            "weight": weight[part, None],
        }  # fmt: skip

    def loss(self, batch, step: int):
        found = self.modules["listener"](batch["mel"], batch["mask"])
        weight = batch["mask"] * batch["weight"]
        loss, right = told_right(found, batch["phones"], weight)
        with torch.no_grad():
            stops = told_right(found, batch["phones"], weight * (weight > 1))[1]
        return loss, {"phones": loss.item(), "right": right.item(), "stops": stops.item()}

    def validate(self, writer, step):
        rows = self.clips.dev[:: max(1, len(self.clips.dev) // 96)]
        found = []
        for start in range(0, len(rows), 16):
            batch = self._stack(rows[start : start + 16], None)
            found.append(self.loss({k: v.to(self.device) for k, v in batch.items()}, step)[1])
        return {k: float(np.mean([f[k] for f in found])) for k in found[0]}

    def export(self):
        tensors = self.modules["listener"].state_dict()
        return tensors, {"kind": "listener", **self.recipe.model}, {}
