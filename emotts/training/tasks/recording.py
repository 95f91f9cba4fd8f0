"""Content of recordings: their mel, disturbed in voice and sound, to the prior of their text."""

import numpy as np
import torch
from torch.nn import functional as F

from emotts.audio.constants import N_MELS
from emotts.models.recording import RecordingContent, heard_mel
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acoustic.conditions import SHARES
from emotts.training.acoustic.priors import Priors
from emotts.training.task import Batch, Task
from emotts.training.tasks.content import pad

WARP = 0.12  # largest change of the frequency axis, a formant shift of about two semitones
TILT = 1.5  # nepers between the lowest and the highest band
NOISE = (-12.0, -5.0)  # log-mel level of added noise


def disturb(mel: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Another voice, room and machine: mel (frames, 80) with the frequency axis bent, tilted, a
    random smooth colour and noise; the words stay."""
    bands = np.arange(N_MELS)
    warp = 1.0 + generator.uniform(-WARP, WARP)
    place = np.clip(bands * warp, 0, N_MELS - 1)
    low = np.floor(place).astype(int)
    share = (place - low).astype(np.float32)
    mel = mel[:, low] * (1 - share) + mel[:, np.minimum(low + 1, N_MELS - 1)] * share
    knots = generator.normal(0, 0.4, 6)
    colour = np.interp(bands, np.linspace(0, N_MELS - 1, 6), knots)
    mel = mel + colour + generator.uniform(-TILT, TILT) * (bands / N_MELS - 0.5)
    if generator.random() < 0.5:
        noise = generator.uniform(*NOISE) + generator.normal(0, 0.5, mel.shape)
        mel = np.logaddexp(mel, noise)
    if generator.random() < 0.15:  # telephone: nothing above 4 kHz
        mel[:, 48:] = mel[:, 48:].min()
    return mel.astype(np.float32)


class Training(Task):
    """options: shares (corpus odds), pairs (a crop)."""

    def networks(self):
        self._draw_from()
        self.priors = Priors(self.clips, self.recipe.export)
        return {"recording": RecordingContent(**self.recipe.model)}

    def _draw_from(self) -> None:
        """The clips, and the odds that batches take them by."""
        self.clips = AcousticClips(self.store, self.recipe.corpora)
        shares = self.recipe.options.get("shares", SHARES)
        corpus = [self.store.utterances[i].corpus for i in self.clips.train]
        odds = np.array([shares.get(c, 0.1) / corpus.count(c) for c in corpus])
        self.odds = odds / odds.sum()

    def batch(self, generator: np.random.Generator) -> Batch:
        picks = self.pick(generator, self.clips.train, self.recipe.batch_size, self.odds)
        return self._stack(picks, generator)

    def _stack(self, picks: list[int], generator: np.random.Generator | None) -> Batch:
        items = [self._item(i, generator) for i in picks]
        return {k: pad([item[k] for item in items]) for k in items[0]}

    def _item(self, index: int, generator: np.random.Generator | None) -> dict[str, np.ndarray]:
        mel, part = self._heard(index, generator)
        mask = np.ones((len(mel), 1), dtype=np.float32)
        return {"mel": mel, "mu": self.priors[index][part], "mask": mask}

    def _heard(self, index: int, generator: np.random.Generator | None) -> tuple[np.ndarray, slice]:
        """Mel of a crop of a clip, (pairs, 160), and which pairs those are; disturbed where there
        is a generator, whole where there is none."""
        mel = self.store.mel(index)
        if generator is not None:
            mel = disturb(mel, generator)
        mel = heard_mel(torch.from_numpy(np.ascontiguousarray(mel))).numpy()
        pairs = min(len(mel) // 2, int(self.clips.tokens[index].durations.sum()))
        size, start = self.recipe.options.get("pairs", 160), 0
        if generator is not None:
            start = int(generator.integers(0, max(1, pairs - size + 1)))
        part = slice(start, min(start + size, pairs))
        return mel[: 2 * pairs].reshape(pairs, -1)[part], part

    def loss(self, batch: Batch, step: int):
        found = self.modules["recording"](batch["mel"], batch["mask"])
        difference = F.huber_loss(found, batch["mu"], reduction="none", delta=1.0)
        loss = (difference * batch["mask"]).sum() / batch["mask"].sum() / found.shape[-1]
        return loss, {"prior": loss.item()}

    def validate(self, writer, step):
        rows = self.clips.dev[:: max(1, len(self.clips.dev) // 96)]
        sums = []
        for start in range(0, len(rows), 16):
            batch = self._stack(rows[start : start + 16], None)
            sums.append(self.loss({k: v.to(self.device) for k, v in batch.items()}, step)[1])
        return {"prior": float(np.mean([s["prior"] for s in sums]))}

    def export(self):
        tensors = self.modules["recording"].state_dict()
        return tensors, {"kind": "recording", **self.recipe.model}, {}
