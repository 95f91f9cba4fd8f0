"""Vocoder: spectral and phase losses first, then critics, which train alone for a while."""

import numpy as np
import torch
from torch import Tensor, nn

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE
from emotts.audio.f0 import SURMISE, fill_gaps, track_f0
from emotts.models.discriminators import Critics, critic_loss, generator_loss
from emotts.models.phase_lock import pulse_locked_phase
from emotts.models.spectral import log_mel
from emotts.models.vocoder import Vocoder
from emotts.training.pictures import mel_picture
from emotts.training.spectral_losses import mel_loss, multi_resolution_loss, phase_loss
from emotts.training.task import Batch, Task


class Training(Task):
    """options: frames (a crop), critic_frames (what the critics see of it), critics_from and
    adversarial_from (steps), critic_channels, critic_rate, surmised (share of crops whose voicing
    is what the tracker merely surmises); weights mel, phase, adversarial, matching."""

    def networks(self) -> dict[str, nn.Module]:
        o = self.recipe.options
        self.frames = o.get("frames", 64)
        self.train = self.store.select("train", self.recipe.corpora)
        self.train = [i for i in self.train if self.store.frames[i] > self.frames]
        self.odds = np.array([self.store.frames[i] for i in self.train], dtype=np.float64)
        self.odds /= self.odds.sum()
        self.dev = self._dev_clips()
        return {
            "vocoder": Vocoder(**self.recipe.model),
            "critics": Critics(o.get("critic_channels", 16)),
        }

    def _dev_clips(self) -> list[int]:
        """A few dev clips of every corpus."""
        dev = self.store.select("dev", self.recipe.corpora)
        by_corpus: dict[str, list[int]] = {}
        for i in dev:
            by_corpus.setdefault(self.store.utterances[i].corpus, []).append(i)
        return [i for group in by_corpus.values() for i in group[:: max(1, len(group) // 3)][:3]]

    def averaged(self) -> tuple[str, ...]:
        return ("vocoder",)

    def optimizers(self, modules):
        r = self.recipe
        return {
            "vocoder": torch.optim.AdamW(
                modules["vocoder"].parameters(), r.learning_rate, betas=(0.8, 0.98)
            ),
            "critics": torch.optim.AdamW(
                modules["critics"].parameters(),
                r.options.get("critic_rate", 5e-4),
                betas=(0.8, 0.98),
            ),
        }

    def batch(self, generator: np.random.Generator) -> Batch:
        parts = [self._crop(generator) for _ in range(self.recipe.batch_size)]
        return {k: torch.from_numpy(np.stack([p[k] for p in parts])) for k in parts[0]}

    def _crop(self, generator: np.random.Generator) -> dict[str, np.ndarray]:
        (index,) = self.pick(generator, self.train, 1, self.odds)
        start = int(generator.integers(0, self.store.frames[index] - self.frames + 1))
        stop = start + self.frames
        gain = 10 ** (generator.uniform(-0.25, 0.15))
        surmised = generator.random() < self.recipe.options.get("surmised", 0.0)
        return self._inputs(index, start, stop, gain, surmised)

    def _inputs(
        self, index: int, start: int, stop: int, gain: float, surmised: bool = False
    ) -> dict[str, np.ndarray]:
        """Everything about frames start…stop, `gain` louder; surmised: voiced on less evidence."""
        audio = self.store.audio(index, start, stop) * np.float32(gain)
        f0 = track_f0(audio, confidence=SURMISE)[0] if surmised else None
        f0 = self.store.f0(index, start, stop) if f0 is None or not f0.any() else f0
        voiced = f0 > 0
        filled = np.exp(fill_gaps(np.log(np.maximum(f0, 1.0)), voiced, np.log(150.0)))
        mel = self.store.mel(index, start, stop) + np.float32(np.log(gain))
        return {
            "audio": audio,
            "mel": np.maximum(mel, np.float32(np.log(1e-5))),
            "f0": filled.astype(np.float32),
            "voiced": voiced.astype(np.float32),
            "phase": pulse_locked_phase(audio, filled, voiced),
        }

    def _fake(self, batch: Batch) -> Tensor:
        return self.modules["vocoder"](batch["mel"], batch["f0"], batch["voiced"], batch["phase"])

    def train_step(self, batch: Batch, step: int, update) -> dict[str, float]:
        o = self.recipe.options
        real, fake = batch["audio"], self._fake(batch)
        spectral = multi_resolution_loss(real, fake)
        mel = mel_loss(real, fake)
        phase = phase_loss(real, fake, batch["voiced"])
        loss = spectral + o.get("mel", 1.0) * mel + o.get("phase", 0.5) * phase
        logs = {"stft": spectral.item(), "mel": mel.item(), "phase": phase.item()}
        size = o.get("critic_frames", 32) * HOP_LENGTH
        start = int(torch.randint(0, real.shape[1] - size + 1, ()))
        real, fake = (x[:, start : start + size] for x in (real, fake))
        if step >= o.get("adversarial_from", 10**9):
            self.modules["critics"].requires_grad_(False)
            judged = self.modules["critics"](fake, step)
            with torch.no_grad():
                reference = self.modules["critics"](real, step)
            adversarial, matching = generator_loss(reference, judged)
            self.modules["critics"].requires_grad_(True)
            loss = loss + o.get("adversarial", 0.3) * adversarial
            loss = loss + o.get("matching", 1.0) * matching
            logs |= {"adversarial": adversarial.item(), "matching": matching.item()}
        update("vocoder", loss)
        if step >= o.get("critics_from", 10**9):
            judged = self.modules["critics"](fake.detach(), step)
            critics = critic_loss(self.modules["critics"](real, step), judged)
            update("critics", critics)
            logs["critics"] = critics.item()
        return logs

    def validate(self, writer, step: int) -> dict[str, float]:
        losses, mels, cents = [], [], []
        for number, index in enumerate(self.dev):
            item = self._inputs(index, 0, self.store.frames[index], 1.0)
            item = {k: torch.from_numpy(v).unsqueeze(0).to(self.device) for k, v in item.items()}
            fake = self.modules["vocoder"](item["mel"], item["f0"], item["voiced"])
            losses.append(multi_resolution_loss(item["audio"], fake).item())
            mels.append(mel_loss(item["audio"], fake).item())
            heard, found = track_f0(fake[0].cpu().numpy())
            both = found & (self.store.f0(index) > 0)
            error = 1200 * np.abs(np.log2(heard[both] / self.store.f0(index)[both]))
            cents += [float(np.median(error))] if both.any() else []
            if number % 3 == 0:
                writer.add_audio(f"clip{number}", fake[0].clamp(-1, 1), step, SAMPLE_RATE)
                mels_shown = [log_mel(fake)[0].cpu().numpy(), self.store.mel(index)]
                both = np.concatenate(mels_shown)
                f0 = np.tile(self.store.f0(index), 2)
                writer.add_image(f"made_and_real{number}", mel_picture(both, f0), step)
        return {
            "stft": float(np.mean(losses)), "mel": float(np.mean(mels)),
            "f0_cents": float(np.mean(cents)) if cents else 0.0,
        }  # fmt: skip

    def export(self):
        tensors = self.modules["vocoder"].state_dict()
        return tensors, {"kind": "vocoder", **self.recipe.model}, {}
