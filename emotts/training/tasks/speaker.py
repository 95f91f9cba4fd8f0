"""Speaker encoder, told apart with an angular margin."""

import numpy as np
import torch
from torch import nn

from emotts.models.speaker import AngularMargin, SpeakerEncoder
from emotts.training.task import Batch, Task


class Training(Task):
    """options: frames (a crop). Validation: equal error rate over pairs of held-out clips."""

    def networks(self) -> dict[str, nn.Module]:
        self.train = self.store.select("train", self.recipe.corpora)
        self.groups: dict[str, list[int]] = {}
        for i in self.train:
            self.groups.setdefault(self.store.utterances[i].speaker, []).append(i)
        self.names = sorted(self.groups)
        sizes = [len(self.groups[self.store.utterances[i].speaker]) for i in self.train]
        self.odds = 1.0 / (np.array(sizes) * len(self.names))  # every speaker as often
        self.dev = self.store.select("dev", self.recipe.corpora)[::4]
        encoder = SpeakerEncoder(**self.recipe.model)
        size = encoder.pooling.out.out_features
        return {"speaker": encoder, "margin": AngularMargin(size, len(self.names))}

    def averaged(self):
        return ("speaker",)

    def _mel(self, index: int, generator: np.random.Generator) -> np.ndarray:
        frames = self.recipe.options.get("frames", 160)
        have = self.store.frames[index]
        start = int(generator.integers(0, max(1, have - frames + 1)))
        mel = self.store.mel(index, start, start + frames)
        if len(mel) < frames:
            mel = np.concatenate([mel] * (frames // len(mel) + 1))[:frames]
        return mel

    def batch(self, generator: np.random.Generator) -> Batch:
        picks = self.pick(generator, self.train, self.recipe.batch_size, self.odds)
        who = np.array([self.names.index(self.store.utterances[i].speaker) for i in picks])
        mels = [self._mel(i, generator) for i in picks]
        colour = generator.normal(0, 0.1, (len(who), 1, 80))
        return {
            "mel": torch.from_numpy((np.stack(mels) + colour).astype(np.float32)),
            "speaker": torch.from_numpy(who),
        }

    def loss(self, batch: Batch, step: int):
        loss, logits = self.modules["margin"](
            self.modules["speaker"](batch["mel"]), batch["speaker"]
        )
        right = (logits.argmax(-1) == batch["speaker"]).float().mean()
        return loss, {"loss": loss.item(), "accuracy": right.item()}

    def validate(self, writer, step):
        from sklearn.metrics import roc_curve

        generator = np.random.default_rng(0)
        mels = torch.from_numpy(np.stack([self._mel(i, generator) for i in self.dev]))
        vectors = self.modules["speaker"](mels.to(self.device)).cpu()
        names = np.array([self.store.utterances[i].speaker for i in self.dev])
        upper = np.triu_indices(len(names), 1)
        same = (names[:, None] == names[None])[upper]
        wrong, found, _ = roc_curve(same, (vectors @ vectors.T).numpy()[upper])
        place = np.argmin(np.abs(wrong - (1 - found)))
        return {"equal_error_rate": float(wrong[place])}

    def export(self):
        tensors = self.modules["speaker"].state_dict()
        return tensors, {"kind": "speaker", **self.recipe.model}, {}
