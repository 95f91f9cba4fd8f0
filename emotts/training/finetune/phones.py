"""The networks of phones, content and prosody, learn a language beside those that they know."""

from __future__ import annotations

import copy
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from emotts.corpora.store import FeatureStore
from emotts.models.contours import token_values
from emotts.models.flow import flow_pair, masked_error
from emotts.synthesis.models import SynthesisModels
from emotts.text.symbols import SYMBOL_IDS, SYMBOLS
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acoustic.voices import neutral_rows, voice_statistics
from emotts.training.config import Recipe
from emotts.training.finetune.adapters import add_adapters, merged_weights
from emotts.training.finetune.new_symbols import train_rows
from emotts.training.finetune.own_conditions import OwnConditions
from emotts.training.finetune.rehearsal import Rehearsal
from emotts.training.finetune.said import SaidLines
from emotts.training.task import Batch
from emotts.training.tasks import content, prosody

PRIOR_WEIGHTS = {"durations": 5.0, "energies": 3.0}  # as in `phone_durations`, `phone_energies`


def measured_tables(
    models: SynthesisModels, clips: AcousticClips, new: Collection[str], name: str
) -> SynthesisModels:
    """A set whose new symbols last as long and sound as loud as this speaker says them.

    Few occurrences move a symbol little from what it begins as.
    """
    if not new:
        return models
    tempo = voice_statistics(clips, models.durations)[name]["tempo"]
    found: dict[int, list[tuple[float, float]]] = {SYMBOL_IDS[s]: [] for s in new}
    for i in neutral_rows(clips)[name]:
        clip = clips.clip(i)
        t = clip.tokens
        energy = token_values(t.durations, clip.semitones, clip.energy)[:, 2]
        for phone, size, level in zip(t.ids, t.durations, energy, strict=True):
            if int(phone) in found:
                found[int(phone)].append((np.log(size + 0.5) - tempo, level))
    tables = {"durations": models.durations.copy(), "energies": models.energies.copy()}
    for row, values in found.items():
        for number, (kind, table) in enumerate(tables.items()):
            prior = PRIOR_WEIGHTS[kind]
            total = sum(v[number] for v in values)
            table[row] = (total + prior * table[row]) / (len(values) + prior)
    return replace(models, **tables)


class _PhoneTuning(Rehearsal):
    """options: rank (of the adapters; 0 trains all weights), replay_weight, made_lines, symbols
    (ids whose rows are new), language."""

    kind: str

    def __init__(
        self, recipe: Recipe, store: FeatureStore, models: SynthesisModels, clips: AcousticClips,
        conditions: OwnConditions,
    ):  # fmt: skip
        super().__init__(recipe, store)
        self.models, self.clips, self.conditions = models, clips, conditions

    def networks(self) -> dict[str, nn.Module]:
        o = self.recipe.options
        self.replay = SaidLines(self.models, o["made_lines"], self.recipe.batch_size, self.kind)
        self.prepare()
        self.teacher = getattr(self.models, self.kind).to(self.device)
        network = copy.deepcopy(self.teacher).requires_grad_(True).train()
        if o["rank"]:
            network = add_adapters(network, o["rank"])
            train_rows(network, [SYMBOLS[i] for i in o["symbols"]], o["language"])
        return {self.kind: network}

    def prepare(self) -> None:
        """Set what the task's batches are made of."""

    def export(self) -> tuple[dict[str, Tensor], dict, dict]:
        tensors = dict(merged_weights(self.modules[self.kind]))
        return tensors, {"kind": self.kind, **self.recipe.model}, {}

    def companions(self) -> list:
        return []

    def validate(self, writer, step: int) -> dict[str, float]:
        return super().validate(writer, step) if self.clips.dev else {}

    def measure_dev(self) -> float:
        return super().validate(None, 0)[self.figure]


class ContentTuning(_PhoneTuning, content.Training):
    kind, figure = "content", "prior"

    def prepare(self) -> None:
        self.changes, self.odds = self.conditions, self.conditions.odds

    def drift(self, batch: Batch) -> Tensor:
        network = self.modules["content"].eval()  # dropout is for what is learnt
        answers = network(**batch)
        network.train()
        with torch.no_grad():
            before = self.teacher(**batch)
        return sum(
            masked_error(a, b, batch["pair_mask"]) for a, b in zip(answers, before, strict=True)
        )


class ProsodyTuning(_PhoneTuning, prosody.Training):
    kind, figure = "prosody", "flow"

    def prepare(self) -> None:
        models, voice = self.models, self.conditions.voice
        self.conditions.phone_means, self.phone_energy = models.durations, models.energies
        self.voices = {voice.name: {"tempo": voice.tempo, "pitch_deviation": voice.pitch_deviation}}
        self.items: dict[int, dict[str, np.ndarray]] = {}

    def drift(self, batch: Batch) -> Tensor:
        given = {k: v for k, v in batch.items() if k != "target"}
        t = torch.rand(len(batch["target"]), device=batch["target"].device)
        x, _ = flow_pair(batch["target"], t)
        with torch.no_grad():
            before = self.teacher(x, t, **given)
        return masked_error(self.modules["prosody"](x, t, **given), before, batch["mask"])

    def export(self) -> tuple[dict[str, Tensor], dict, dict]:
        tensors, config, facts = super().export()
        tensors["table.durations"] = torch.from_numpy(self.models.durations)
        tensors["table.energies"] = torch.from_numpy(self.models.energies)
        if self.models.heard is not None:
            tensors["table.heard"] = torch.from_numpy(self.models.heard)
        for corpus, matrix in self.models.changes.items():
            tensors[f"table.changes.{corpus}"] = torch.from_numpy(matrix)
        return tensors, config, facts
