"""Prosody flow over phones, given emotion, speaker and the text."""

import numpy as np
import torch
from torch import nn

from emotts.models.contours import next_punctuation
from emotts.models.flow import flow_pair, masked_error
from emotts.models.prosody import ProsodyFlow, token_place
from emotts.text.sequence import is_pause_symbol
from emotts.text.symbols import BORDER, symbol_id
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acoustic.conditions import SHARES, Conditions
from emotts.training.acoustic.prosody_targets import prosody_targets
from emotts.training.acoustic.voices import phone_energies, voice_statistics
from emotts.training.task import Batch, Task
from emotts.training.tasks.content import pad


class Training(Task):
    """options: shares (corpus odds)."""

    def networks(self) -> dict[str, nn.Module]:
        self.clips = AcousticClips(self.store, self.recipe.corpora)
        shares = self.recipe.options.get("shares", SHARES)
        self.conditions = Conditions(self.clips, self.recipe.export, shares)
        self.voices = voice_statistics(self.clips, self.conditions.phone_means)
        self.phone_energy = phone_energies(self.clips)
        self.items: dict[int, dict[str, np.ndarray]] = {}
        return {"prosody": ProsodyFlow(**self.recipe.model)}

    def _item(self, index: int) -> dict[str, np.ndarray]:
        """The text and the targets of one clip, kept: they are small."""
        if index not in self.items:
            clip = self.clips.clip(index)
            t = clip.tokens
            pause = np.array([is_pause_symbol(i) for i in t.ids])
            voice = self.voices[self.store.utterances[index].speaker]
            self.items[index] = {
                "tokens": np.stack([t.ids, t.stress, t.length], axis=-1),
                "ending": next_punctuation(t.ids, pause, symbol_id(BORDER)),
                "place": token_place(torch.from_numpy(pause)).numpy(),
                "mask": np.ones((len(t.ids), 1), dtype=np.float32),
                "target": prosody_targets(
                    clip, voice, self.conditions.changes.of(index), self.conditions.phone_means,
                    self.phone_energy, pause,
                ),
            }  # fmt: skip
        return self.items[index]

    def batch(self, generator: np.random.Generator) -> Batch:
        c = self.conditions
        picks = self.pick(generator, c.train, self.recipe.batch_size, c.odds)
        return self._stack(picks, generator)

    def _stack(self, picks: list[int], generator: np.random.Generator) -> Batch:
        items = [self._item(i) for i in picks]
        batch = {k: pad([item[k] for item in items]) for k in items[0]}
        drawn = [self.conditions.draw(i, generator) for i in picks]
        batch |= {k: torch.from_numpy(np.stack([d[k] for d in drawn])) for k in drawn[0]}
        batch["language"] = torch.tensor([self.clips.tokens[i].language for i in picks])
        return batch

    def loss(self, batch: Batch, step: int):
        t = torch.rand(len(batch["target"]), device=batch["target"].device)
        x, velocity = flow_pair(batch["target"], t)
        predicted = self.modules["prosody"](
            x, t, batch["tokens"], batch["ending"], batch["place"], batch["language"],
            batch["speaker"], batch["emotion"], batch["keep"], batch["mask"],
        )  # fmt: skip
        loss = masked_error(predicted, velocity, batch["mask"])
        return loss, {"flow": loss.item()}

    def validate(self, writer, step):
        rows = [i for i in self.clips.dev if self.store.utterances[i].speaker in self.voices]
        torch.manual_seed(0)
        batch = self._stack(rows[:: max(1, len(rows) // 64)][:64], np.random.default_rng(0))
        return self.loss({k: v.to(self.device) for k, v in batch.items()}, step)[1]

    def export(self):
        tensors = dict(self.modules["prosody"].state_dict())
        tensors["table.durations"] = torch.from_numpy(self.conditions.phone_means)
        tensors["table.energies"] = torch.from_numpy(self.phone_energy)
        for corpus, matrix in self.conditions.change_matrices().items():
            tensors[f"table.changes.{corpus}"] = torch.from_numpy(matrix)
        config = {"kind": "prosody", **self.recipe.model}
        return tensors, config, {}
