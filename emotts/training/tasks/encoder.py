"""Pre-training without labels: masked prediction of random-projection codes (BEST-RQ)."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from emotts.models.encoder import Encoder, RandomQuantizer, encoder_inputs
from emotts.training.relative import augment, cut, relative_clip
from emotts.training.task import Batch, Task


class Training(Task):
    """options: frames (a crop), span (pairs), masked (share of pairs hidden)."""

    def networks(self) -> dict[str, nn.Module]:
        self.train = self.store.select("train", self.recipe.corpora)
        self.dev = self.store.select("dev", self.recipe.corpora)[::8]
        self.quantizer = RandomQuantizer().to(self.device)
        books, codes = self.quantizer.table.shape[:2]
        encoder = Encoder(**self.recipe.model)
        return {"encoder": encoder, "predictor": nn.Linear(encoder.dim, books * codes)}

    def batch(self, generator: np.random.Generator) -> Batch:
        picks = self.pick(generator, self.train, self.recipe.batch_size)
        return self._stack(picks, generator)

    def _stack(self, picks: list[int], generator: np.random.Generator) -> Batch:
        o = self.recipe.options
        frames = o.get("frames", 240)
        clean = [cut(relative_clip(self.store, i), frames, generator) for i in picks]
        noisy = [augment(c, generator, 0.3) for c in clean]
        noisy = [cut(c, frames) for c in noisy]
        out = {}
        for name, clips in (("clean", clean), ("noisy", noisy)):
            for key in ("mel", "semitones", "voiced"):
                out[f"{name}_{key}"] = torch.from_numpy(np.stack([c[key] for c in clips]))
        pairs, span = frames // 2, o.get("span", 8)
        starts = generator.random((len(picks), pairs)) < o.get("masked", 0.45) / span
        hide = np.zeros((len(picks), pairs), dtype=bool)
        for shift in range(span):
            hide[:, shift:] |= starts[:, : pairs - shift]
        out["hide"] = torch.from_numpy(hide)
        return out

    def loss(self, batch: Batch, step: int):
        clean, noisy = (
            encoder_inputs(batch[f"{n}_mel"], batch[f"{n}_semitones"], batch[f"{n}_voiced"])
            for n in ("clean", "noisy")
        )
        codes = self.quantizer(clean)
        hidden = self.modules["encoder"](noisy, batch["hide"])
        scores = self.modules["predictor"](hidden[batch["hide"]])
        target = codes[batch["hide"]]
        loss = F.cross_entropy(scores.reshape(target.numel(), -1), target.reshape(-1))
        right = (scores.reshape(target.numel(), -1).argmax(-1) == target.reshape(-1)).float()
        return loss, {"loss": loss.item(), "accuracy": right.mean().item()}

    def validate(self, writer, step):
        batch = self._stack(self.dev[:24], np.random.default_rng(0))
        _, logs = self.loss({k: v.to(self.device) for k, v in batch.items()}, step)
        return logs

    def export(self):
        tensors = self.modules["encoder"].state_dict()
        return tensors, {"kind": "encoder", **self.recipe.model}, {}
