"""The vocoder for another mel than the networks': 44.1 kHz.

Reads what `python -m emotts.corpora.wide` left beside the 24 kHz features. Phase is not learnt
from the recording, since its pulses are found on 24 kHz frames only: spectra and critics teach it.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.audio.f0 import fill_gaps
from emotts.corpora.wide import WideStore
from emotts.errors import EmottsError
from emotts.models.discriminators import critic_loss, generator_loss
from emotts.models.spectral import log_mel
from emotts.training.spectral_losses import multi_resolution_loss
from emotts.training.task import Batch
from emotts.training.tasks import vocoder

NEVER = 10**9


class Training(vocoder.Training):
    """model: as of `vocoder`, and mel, a name of `emotts.audio.mel_config.MELS`. options: frames (a
    crop), critic_frames, critics_from, adversarial_from, critic_channels, critic_rate; weights mel,
    adversarial, matching."""

    def networks(self) -> dict[str, nn.Module]:
        name = self.recipe.model.get("mel")
        if not name:
            raise EmottsError("the task vocoder_wide needs model.mel, such as 44k")
        self.store = WideStore(self.recipe.data, name)
        self.mel = self.store.mel_config
        return super().networks()

    def _inputs(
        self, index: int, start: int, stop: int, gain: float, surmised: bool = False
    ) -> dict[str, np.ndarray]:
        """Everything about frames start…stop, `gain` louder; F0 is never surmised."""
        f0 = self.store.f0(index, start, stop)
        voiced = f0 > 0
        filled = np.exp(fill_gaps(np.log(np.maximum(f0, 1.0)), voiced, np.log(150.0)))
        mel = self.store.mel(index, start, stop) + np.float32(np.log(gain))
        return {
            "audio": self.store.audio(index, start, stop) * np.float32(gain),
            "mel": np.maximum(mel, np.float32(np.log(self.mel.floor))),
            "f0": filled.astype(np.float32),
            "voiced": voiced.astype(np.float32),
        }

    def _fake(self, batch: Batch) -> Tensor:
        return self.modules["vocoder"](batch["mel"], batch["f0"], batch["voiced"])

    def _mel_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        return F.l1_loss(log_mel(fake, self.mel), log_mel(real, self.mel))

    def train_step(self, batch: Batch, step: int, update) -> dict[str, float]:
        o = self.recipe.options
        real, fake = batch["audio"], self._fake(batch)
        spectral, mel = multi_resolution_loss(real, fake), self._mel_loss(real, fake)
        loss = spectral + o.get("mel", 1.0) * mel
        logs = {"stft": spectral.item(), "mel": mel.item()}
        size = o.get("critic_frames", 32) * self.mel.hop_length
        start = int(torch.randint(0, real.shape[1] - size + 1, ()))
        real, fake = (x[:, start : start + size] for x in (real, fake))
        if step >= o.get("adversarial_from", NEVER):
            adversarial, matching = self._adversarial(real, fake, step)
            loss = loss + o.get("adversarial", 0.3) * adversarial
            loss = loss + o.get("matching", 1.0) * matching
            logs |= {"adversarial": adversarial.item(), "matching": matching.item()}
        update("vocoder", loss)
        if step >= o.get("critics_from", NEVER):
            judged = self.modules["critics"](fake.detach(), step)
            critics = critic_loss(self.modules["critics"](real, step), judged)
            update("critics", critics)
            logs["critics"] = critics.item()
        return logs

    def _adversarial(self, real: Tensor, fake: Tensor, step: int) -> tuple[Tensor, Tensor]:
        critics = self.modules["critics"].requires_grad_(False)
        judged = critics(fake, step)
        with torch.no_grad():
            reference = critics(real, step)
        critics.requires_grad_(True)
        return generator_loss(reference, judged)

    def validate(self, writer, step: int) -> dict[str, float]:
        losses, mels = [], []
        for number, index in enumerate(self.dev):
            item = self._inputs(index, 0, self.store.frames[index], 1.0)
            item = {k: torch.from_numpy(v).unsqueeze(0).to(self.device) for k, v in item.items()}
            fake = self._fake(item)
            losses.append(multi_resolution_loss(item["audio"], fake).item())
            mels.append(self._mel_loss(item["audio"], fake).item())
            if number % 3 == 0:
                rate = self.mel.sample_rate
                writer.add_audio(f"clip{number}", fake[0].clamp(-1, 1), step, rate)
        return {"stft": float(np.mean(losses)), "mel": float(np.mean(mels))}

    def export(self):
        tensors = self.modules["vocoder"].state_dict()
        return tensors, {"kind": "vocoder_wide", **self.recipe.model}, {}
