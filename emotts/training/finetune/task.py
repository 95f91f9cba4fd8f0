"""The flow decoder goes on learning: one voice new, all others as they were."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import nn

from emotts.corpora.store import FeatureStore
from emotts.models.flow import flow_pair, masked_error
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.voices import Voice
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.config import Recipe
from emotts.training.finetune.adapters import add_adapters, merged_weights
from emotts.training.finetune.own_conditions import OwnConditions, own_priors
from emotts.training.finetune.rehearsal import Rehearsal
from emotts.training.finetune.replay import MadeReplay, RealReplay
from emotts.training.task import Batch
from emotts.training.tasks import acoustic


class VoiceTuning(Rehearsal, acoustic.Training):
    """options: rank (of the adapters; 0 trains all weights), pairs (a crop), prior_noise, replay
    (a prepared folder or null), replay_weight, made_lines (what the set says without a folder)."""

    def __init__(
        self, recipe: Recipe, store: FeatureStore, models: SynthesisModels, voice: Voice,
        clips: AcousticClips,
    ):  # fmt: skip
        super().__init__(recipe, store)
        self.models, self.voice, self.clips = models, voice, clips

    def networks(self) -> dict[str, nn.Module]:
        o, models = self.recipe.options, self.models
        self.conditions = OwnConditions(self.clips, models, self.voice)
        self.priors = own_priors(self.clips, models)
        self.voices = {self.voice.name: {"log_f0": self.voice.log_f0}}
        self.scale = models.mel_scale.cpu().numpy()
        if o["replay"]:
            self.replay = RealReplay(o["replay"], models.folder, self.recipe, self.scale)
        else:
            texts = [u.text for u in self.store.utterances]
            self.replay = MadeReplay(
                models, texts, self.voice.language, o["made_lines"], self.recipe.batch_size,
                o["pairs"],
            )  # fmt: skip
        self.teacher = models.decoder.to(self.device)
        decoder = copy.deepcopy(models.decoder).requires_grad_(True).train()
        return {"decoder": add_adapters(decoder, o["rank"]) if o["rank"] else decoder}

    def drift(self, batch: Batch) -> torch.Tensor:
        """Mean squared difference to the velocity that the decoder had before."""
        t = torch.rand(len(batch["mel"]), device=batch["mel"].device)
        x, _ = flow_pair(batch["mel"], t)
        given = [batch[k] for k in ("mu", "local", "speaker", "emotion", "keep", "mask")]
        with torch.no_grad():
            before = self.teacher(x, t, *given)
        return masked_error(self.modules["decoder"](x, t, *given), before, batch["mask"])

    def measure_dev(self) -> float:
        torch.manual_seed(0)
        losses = []
        for seed in range(4):
            batch = self._stack(self.clips.dev[:24], np.random.default_rng(seed))
            batch = {k: v.to(self.device) for k, v in batch.items()}
            losses.append(acoustic.Training.loss(self, batch, 0)[1]["flow"])
        return float(np.mean(losses))

    def validate(self, writer, step: int) -> dict[str, float]:
        flow = self.dev_loss("decoder", self.modules["decoder"])
        torch.manual_seed(0)
        again = self.replay.batch(np.random.default_rng(0))
        again = {k: v.to(self.device) for k, v in again.items()}
        figures = {"drift": self.drift(again).item()}
        return figures if flow is None else {"flow": flow} | figures

    def export(self):
        tensors = dict(merged_weights(self.modules["decoder"]))
        tensors["scale"] = torch.from_numpy(self.scale)
        return tensors, {"kind": "acoustic", **self.recipe.model}, {}

    def companions(self):
        return []
