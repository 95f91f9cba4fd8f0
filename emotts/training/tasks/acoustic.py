"""Flow decoder: content prior, pitch, energy, speaker and emotion to mel."""

import numpy as np
import torch
from torch import nn

from emotts.models.contours import frame_curves, token_values
from emotts.models.decoder import FlowDecoder
from emotts.models.flow import flow_pair, masked_error
from emotts.training.acoustic.clips import AcousticClip, AcousticClips
from emotts.training.acoustic.conditions import SHARES, Conditions
from emotts.training.acoustic.priors import Priors
from emotts.training.acoustic.releases import release_weights
from emotts.training.acoustic.voices import voice_checkpoint, voice_statistics
from emotts.training.pictures import mel_picture
from emotts.training.task import Batch, Task
from emotts.training.tasks.content import pad
from emotts.training.tasks.listener import phones_of_pairs

ENERGY_UNIT = 10.0


class Training(Task):
    """options: shares (corpus odds), pairs (a crop), prior_noise (added to mu, so that the
    decoder forgives what it will hear of unseen sentences), voices (speakers to ship)."""

    def networks(self) -> dict[str, nn.Module]:
        self.clips = AcousticClips(self.store, self.recipe.corpora)
        shares = self.recipe.options.get("shares", SHARES)
        self.conditions = Conditions(self.clips, self.recipe.export, shares)
        self.priors = Priors(self.clips, self.recipe.export)
        self.voices = voice_statistics(self.clips, self.conditions.phone_means)
        self.scale = self._deviation()
        return {"decoder": FlowDecoder(**self.recipe.model)}

    def _deviation(self) -> np.ndarray:
        """Standard deviation of relative mel by band over a sample of clips, (160,)."""
        rows = self.conditions.train[:: max(1, len(self.conditions.train) // 300)]
        mels = np.concatenate([self._neutral_mel(i, self.clips.clip(i)) for i in rows])
        return np.tile(mels.std(axis=0), 2).astype(np.float32)

    def _neutral_mel(self, index: int, clip: AcousticClip) -> np.ndarray:
        colour = self.conditions.changes.of(index).colour
        return clip.mel - np.where(clip.voiced[:, None], colour[0], colour[1])

    def _item(self, index: int, generator: np.random.Generator) -> dict[str, np.ndarray]:
        clip = self.clips.clip(index)
        durations = clip.tokens.durations
        values = token_values(durations, clip.semitones, clip.energy)
        pitch, energy = frame_curves(durations, values)
        if generator.random() < 0.5:
            pitch = clip.semitones[: len(pitch)]
        energy = energy - self.conditions.changes.of(index).level_db
        frames = len(pitch)
        log_f0 = self.voices[self.store.utterances[index].speaker]["log_f0"]
        local = np.stack(
            [log_f0 + pitch * np.log(2) / 12 - np.log(200.0), clip.voiced[:frames],
             energy / ENERGY_UNIT], axis=-1,
        )  # fmt: skip
        mel = self._neutral_mel(index, clip)[:frames].reshape(-1, 160) / self.scale
        mu = self.priors[index] / self.scale
        pairs = min(len(mel), len(mu))
        size = self.recipe.options.get("pairs", 112)
        start = int(generator.integers(0, max(1, pairs - size + 1)))
        part = slice(start, min(start + size, pairs))
        local = local.reshape(-1, 2, 3).transpose(0, 2, 1).reshape(-1, 6)
        return {
            "mel": mel[part].astype(np.float32),
            "mu": mu[part].astype(np.float32),
            "local": local[part].astype(np.float32),
            "phones": phones_of_pairs(clip.tokens)[part],
            "mask": np.ones((len(mel[part]), 1), dtype=np.float32),
            "weight": release_weights(clip.tokens, clip.mel)[part, None],
        }

    def batch(self, generator: np.random.Generator) -> Batch:
        c = self.conditions
        picks = self.pick(generator, c.train, self.recipe.batch_size, c.odds)
        return self._stack(picks, generator)

    def _stack(self, picks: list[int], generator: np.random.Generator) -> Batch:
        items = [self._item(i, generator) for i in picks]
        batch = {k: pad([item[k] for item in items]) for k in items[0]}
        drawn = [self.conditions.draw(i, generator) for i in picks]
        return batch | {k: torch.from_numpy(np.stack([d[k] for d in drawn])) for k in drawn[0]}

    def loss(self, batch: Batch, step: int):
        t = torch.rand(len(batch["mel"]), device=batch["mel"].device)
        x, velocity = flow_pair(batch["mel"], t)
        noise = self.recipe.options.get("prior_noise", 0.1) * torch.randn_like(batch["mu"])
        predicted = self.modules["decoder"](
            x, t, batch["mu"] + noise, batch["local"], batch["speaker"], batch["emotion"],
            batch["keep"], batch["mask"],
        )  # fmt: skip
        loss = masked_error(predicted, velocity, batch["mask"] * batch["weight"])
        with torch.no_grad():
            stops = masked_error(predicted, velocity, batch["mask"] * (batch["weight"] > 1))
        return loss, {"flow": loss.item(), "stops": stops.item()}

    def validate(self, writer, step):
        rows = [i for i in self.clips.dev if self.store.utterances[i].speaker in self.voices]
        torch.manual_seed(0)
        rows = rows[:: max(1, len(rows) // 48)][:48]
        batch = self._stack(rows, np.random.default_rng(0))
        batch = {k: v.to(self.device) for k, v in batch.items()}
        return self.loss(batch, step)[1] | self._sampled(batch, writer, step)

    def _sampled(self, batch: Batch, writer, step: int) -> dict[str, float]:
        """Distance and life of mels sampled in four steps at full temperature: mean L1 to the
        recording, and deviation over time by band as a share of the recordings' own."""
        given = {k: batch[k] for k in ("mu", "local", "speaker", "emotion", "mask")}
        keep = torch.ones_like(batch["keep"])
        made = torch.randn_like(batch["mel"])
        for at in range(4):
            t = torch.full((len(made),), at / 4, device=made.device)
            made = made + self.modules["decoder"](made, t, keep=keep, **given) / 4
        real, mask = batch["mel"], batch["mask"][..., 0] > 0
        scale = torch.from_numpy(self.scale).to(made.device)
        distance = ((made - real).abs() * scale)[mask].mean()
        life = made[mask].std(0).mean() / real[mask].std(0).mean()
        shown = torch.cat([made[0], real[0]]).mul(scale).reshape(-1, 80).cpu().numpy()
        writer.add_image("made_and_real", mel_picture(shown - 4.0), step)
        return {"sampled_l1": distance.item(), "life": life.item()}

    def export(self):
        tensors = dict(self.modules["decoder"].state_dict())
        tensors["scale"] = torch.from_numpy(self.scale)
        return tensors, {"kind": "acoustic", **self.recipe.model}, {}

    def companions(self):
        names = self.recipe.options.get("voices") or sorted(self.voices)
        tensors, config = voice_checkpoint(self.clips, self.conditions, names)
        return [("voices", tensors, config)]
