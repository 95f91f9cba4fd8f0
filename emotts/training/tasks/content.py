"""Content prior: phones to the relative mel of any voice, emotion's average colour taken off."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.models.content import ContentEncoder
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acoustic.labels import LabelChanges, phone_durations
from emotts.training.acoustic.releases import release_weights, released_places
from emotts.training.task import Batch, Task

SHARES = {"kathleen": 0.35, "lj": 0.2, "ravdess": 0.15, "nemo": 0.3}


def pad(items: list[np.ndarray]) -> Tensor:
    """Stack arrays of different first length, padded with zeros at the end."""
    return nn.utils.rnn.pad_sequence([torch.from_numpy(x) for x in items], batch_first=True)


class Training(Task):
    """options: shares (corpus odds), max_pairs."""

    def networks(self) -> dict[str, nn.Module]:
        self.clips = AcousticClips(self.store, self.recipe.corpora)
        self.changes = LabelChanges(self.clips, phone_durations(self.clips))
        shares = self.recipe.options.get("shares", SHARES)
        corpus = [self.store.utterances[i].corpus for i in self.clips.train]
        counts = {c: corpus.count(c) for c in set(corpus)}
        odds = np.array([shares.get(c, 0.1) / counts[c] for c in corpus])
        self.odds = odds / odds.sum()
        return {"content": ContentEncoder(**self.recipe.model)}

    def batch(self, generator: np.random.Generator) -> Batch:
        picks = self.pick(generator, self.clips.train, self.recipe.batch_size, self.odds)
        return self._stack(picks)

    def _stack(self, picks: list[int]) -> Batch:
        items = [self._item(i) for i in picks]
        batch = {k: pad([item[k] for item in items]) for k in items[0]}
        batch["language"] = torch.tensor([self.clips.tokens[i].language for i in picks])
        return batch

    def _item(self, index: int) -> dict[str, np.ndarray]:
        clip = self.clips.clip(index)
        t = clip.tokens
        where, position = released_places(t, clip.mel)
        limit = self.recipe.options.get("max_pairs", 320)
        colour = self.changes.of(index).colour
        mel = clip.mel - np.where(clip.voiced[:, None], colour[0], colour[1])
        pairs = min(len(where), limit)
        return {
            "tokens": np.stack([t.ids, t.stress, t.length], axis=-1),
            "token_mask": np.ones((len(t.ids), 1), dtype=np.float32),
            "index": where.numpy()[:pairs],
            "position": position.numpy()[:pairs],
            "mel": mel.reshape(-1, 160)[:pairs].astype(np.float32),
            "voiced": clip.voiced.reshape(-1, 2)[:pairs].astype(np.float32),
            "pair_mask": np.ones((pairs, 1), dtype=np.float32),
            "weight": release_weights(t, clip.mel)[:pairs, None],
        }

    def loss(self, batch: Batch, step: int):
        mu, voicing = self.modules["content"](
            batch["tokens"], batch["language"], batch["token_mask"], batch["index"],
            batch["position"], batch["pair_mask"],
        )  # fmt: skip
        mask = batch["pair_mask"]
        # Noise floors differ between recordings and say nothing about words.
        difference = F.huber_loss(mu, batch["mel"], reduction="none", delta=1.5)
        weight = mask * batch["weight"]
        prior = (difference * weight).sum() / weight.sum() / mu.shape[-1]
        voiced = F.binary_cross_entropy_with_logits(voicing, batch["voiced"], reduction="none")
        voiced = (voiced * mask).sum() / mask.sum() / 2
        opened = weight * (weight > 1)
        stops = (difference * opened).sum() / opened.sum().clamp_min(1.0) / mu.shape[-1]
        logs = {"prior": prior.item(), "stops": stops.item(), "voiced": voiced.item()}
        return prior + 0.3 * voiced, logs

    def validate(self, writer, step):
        sums: dict[str, list[float]] = {}
        for start in range(0, min(len(self.clips.dev), 96), 16):
            picks = self.clips.dev[:: max(1, len(self.clips.dev) // 96)][start : start + 16]
            batch = {k: v.to(self.device) for k, v in self._stack(picks).items()}
            for key, value in self.loss(batch, step)[1].items():
                sums.setdefault(key, []).append(value)
        return {k: float(np.mean(v)) for k, v in sums.items()}

    def export(self):
        tensors = self.modules["content"].state_dict()
        return tensors, {"kind": "content", **self.recipe.model}, {}
