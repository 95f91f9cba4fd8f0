"""Classifier on noisy mels for guidance: the emotion of what the decoder sees on its way."""

import numpy as np
import torch
from sklearn.metrics import recall_score
from torch.nn import functional as F

from emotts.emotion.vocabulary import CATEGORIES
from emotts.models.flow import flow_pair
from emotts.models.guide import NoisyMelClassifier
from emotts.training.task import Batch
from emotts.training.tasks import acoustic

ABSENT = [CATEGORIES.index(name) for name in ("calm", "disgust")]  # in nemo


class Training(acoustic.Training):
    """options: as of the decoder's task. Speakers and emotions are drawn alike often."""

    def networks(self):
        super().networks()
        return {"guide": NoisyMelClassifier(**self.recipe.model)}

    def batch(self, generator: np.random.Generator) -> Batch:
        if not hasattr(self, "by_emotion"):
            self.by_emotion: dict[str, list[int]] = {}
            for i in self.conditions.train:
                u = self.store.utterances[i]
                if u.corpus in self.conditions.changes.tables:
                    self.by_emotion.setdefault(u.emotion, []).append(i)
        names = sorted(self.by_emotion)
        drawn = generator.choice(names, self.recipe.batch_size)
        picks = [int(generator.choice(self.by_emotion[str(n)])) for n in drawn]
        return self._labelled(picks, generator)

    def _labelled(self, picks: list[int], generator: np.random.Generator) -> Batch:
        batch = self._stack(picks, generator)
        rows = [self.store.utterances[i] for i in picks]
        batch["category"] = torch.tensor([CATEGORIES.index(u.emotion) for u in rows])
        batch["six"] = torch.tensor([u.corpus == "nemo" for u in rows])
        return batch

    def _scores(self, batch: Batch, t: torch.Tensor) -> torch.Tensor:
        x, _ = flow_pair(batch["mel"], t)
        scores = self.modules["guide"](x, t, batch["local"], batch["mask"])
        absent = torch.zeros(len(CATEGORIES), dtype=torch.bool, device=scores.device)
        absent[ABSENT] = True
        return scores.masked_fill(batch["six"][:, None] & absent, -1e4)

    def loss(self, batch: Batch, step: int):
        t = torch.rand(len(batch["mel"]), device=batch["mel"].device)
        scores = self._scores(batch, t)
        loss = F.cross_entropy(scores, batch["category"])
        right = (scores.argmax(-1) == batch["category"]).float().mean()
        return loss, {"category": loss.item(), "accuracy": right.item()}

    def validate(self, writer, step):
        rows = [i for i in self.clips.dev if self.store.utterances[i].speaker in self.voices]
        rows = [
            i for i in rows if self.store.utterances[i].corpus in self.conditions.changes.tables
        ]
        torch.manual_seed(0)
        out = {}
        for at in (0.1, 0.5, 0.9):
            heard, asked = [], []
            for start in range(0, min(len(rows), 192), 48):
                part = rows[:: max(1, len(rows) // 192)][start : start + 48]
                batch = self._labelled(part, np.random.default_rng(0))
                batch = {k: v.to(self.device) for k, v in batch.items()}
                scores = self._scores(batch, torch.full((len(part),), at, device=self.device))
                heard += scores.argmax(-1).tolist()
                asked += batch["category"].tolist()
            out[f"uar_at_{at:g}"] = float(recall_score(asked, heard, average="macro"))
        return out

    def export(self):
        tensors = self.modules["guide"].state_dict()
        return tensors, {"kind": "guide", **self.recipe.model}, {}

    def companions(self):
        return []
