"""Fewer steps: the decoder learns to go in one, two or four what its flow goes in many small ones.

Shortcut models (Frans et al. 2024) with the finished decoder as the teacher: told how far a step
goes, the network gives the mean velocity over it. Its own flow stays what it was.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from emotts.checkpoints import load_checkpoint, save_checkpoint
from emotts.models.decoder import FlowDecoder
from emotts.models.flow import masked_error
from emotts.models.listener import PhoneListener
from emotts.models.stride import LEARNT_STEPS
from emotts.synthesis.networks import build
from emotts.training.pictures import mel_picture
from emotts.training.said import said
from emotts.training.task import Batch
from emotts.training.tasks import acoustic

GRID = 4  # the longest step is the whole way, the shortest a quarter of it
USUAL = 0.25  # temperature


@dataclass(frozen=True)
class Leg:
    """Steps to learn: x (k, pairs, 160) at times t and how far they go (k,), the mean velocity
    there, and which of the batch they belong to (k,)."""

    x: Tensor
    t: Tensor
    stride: Tensor
    velocity: Tensor
    row: Tensor

    def and_then(self, other: "Leg") -> "Leg":
        return Leg(*(torch.cat([getattr(self, k), getattr(other, k)]) for k in vars(self)))


class Training(acoustic.Training):
    """options: as of the decoder's task; usual_share: of the paths at the usual temperature, the
    others lie anywhere up to 1; flow_weight: of staying true to the teacher's own velocity;
    said_weight: of the phones that the listener hears in what two steps make; released_weight: of
    its distance from the recording about releases of stops, which the teacher blurs.

    The teacher is the decoder of `export` when the run begins, and is kept in the run's folder.
    """

    def networks(self) -> dict[str, nn.Module]:
        super().networks()
        kept = self.recipe.run / "teacher"
        if not (kept / "acoustic.safetensors").is_file():
            first = load_checkpoint(self.recipe.export, "acoustic")
            corpora = sorted({u.corpus for u in self.store.utterances})
            card = {"corpora": corpora, "command": "the decoder that teaches"}
            save_checkpoint(kept, "acoustic", first.tensors, first.config, card)
        stored = load_checkpoint(kept, "acoustic")
        self.scale = stored.tensors.pop("scale").numpy()
        self.teacher = build(FlowDecoder, stored.config, stored.tensors)
        self.model = {k: v for k, v in stored.config.items() if k != "kind"} | {"strides": True}
        self.listener = None
        if self.recipe.options.get("said_weight", 0.0):
            ear = load_checkpoint(self.recipe.export, "listener")
            self.listener = build(PhoneListener, ear.config, ear.tensors)
        student = FlowDecoder(**self.model)
        student.load_state_dict(stored.tensors, strict=stored.config.get("strides", False))
        return {"decoder": student}

    def batch(self, generator: np.random.Generator) -> Batch:
        batch = super().batch(generator)
        count = len(batch["mel"])
        usual = generator.random(count) < self.recipe.options.get("usual_share", 0.5)
        batch["temperature"] = torch.from_numpy(
            np.where(usual, USUAL, generator.uniform(0.0, 1.0, count)).astype(np.float32)
        )
        return batch

    def _given(self, batch: Batch) -> Batch:
        given = {k: batch[k] for k in ("local", "speaker", "emotion", "keep", "mask")}
        noise = self.recipe.options.get("prior_noise", 0.1) * torch.randn_like(batch["mu"])
        return given | {"mu": batch["mu"] + noise}

    @torch.no_grad()
    def _path(self, noise: Tensor, given: Batch) -> tuple[list[Tensor], list[Tensor]]:
        """The teacher's way from noise to mel by the midpoint rule: where it is at every quarter
        (5), and how fast there (4)."""
        self.teacher.to(noise.device)
        places, speeds, x = [noise], [], noise
        for k in range(GRID):
            t = torch.full((len(x),), k / GRID, device=x.device)
            speeds.append(self.teacher(x, t, **given))
            half = x + speeds[-1] / (2 * GRID)
            x = x + self.teacher(half, t + 1 / (2 * GRID), **given) / GRID
            places.append(x)
        return places, speeds

    def _legs(self, places: list[Tensor], steps: Tensor) -> Leg:
        """One step of a path for every sample, where the path is walked in so many."""
        count, device = len(steps), steps.device
        quarters = GRID // steps
        begin = (torch.rand(count, device=device) * steps).long() * quarters
        row = torch.arange(count, device=device)
        path = torch.stack(places)
        x, end = path[begin, row], path[begin + quarters, row]
        stride = quarters / GRID
        return Leg(x, begin / GRID, stride, (end - x) / stride[:, None, None], row)

    @torch.no_grad()
    def _own(self, places: list[Tensor], given: Batch) -> Leg:
        """The second of two steps from where the first of its own leads, to the teacher's end."""
        x = places[0]
        half = torch.full((len(x),), 0.5, device=x.device)
        x = x + 0.5 * self.modules["decoder"](x, torch.zeros_like(half), stride=half, **given)
        return Leg(x, half, half, (places[-1] - x) / 0.5, torch.arange(len(x), device=x.device))

    def loss(self, batch: Batch, step: int):
        given = self._given(batch)
        device, count = batch["mel"].device, len(batch["mel"])
        noise = torch.randn_like(batch["mel"]) * batch["temperature"][:, None, None]
        places, speeds = self._path(noise, given)
        choice = torch.tensor(LEARNT_STEPS, device=device)[
            torch.randint(0, 3, (count,), device=device)
        ]
        legs = self._legs(places, torch.full_like(choice, 2)).and_then(self._legs(places, choice))
        part = {k: v[: count // 2] for k, v in given.items()}
        legs = legs.and_then(self._own([p[: count // 2] for p in places], part))
        spot = torch.randint(0, GRID, (count // 2,), device=device)
        row = torch.arange(count - len(spot), count, device=device)
        legs = legs.and_then(
            Leg(torch.stack(places)[spot, row], spot / GRID, torch.zeros(len(spot), device=device),
                torch.stack(speeds)[spot, row], row)
        )  # fmt: skip
        whole = {k: v[legs.row] for k, v in given.items()}
        found = self.modules["decoder"](legs.x, legs.t, stride=legs.stride, **whole)
        counts = whole["mask"] * batch["weight"][legs.row]
        strided = (legs.stride > 0).float()[:, None, None] * counts
        reached = (found - legs.velocity).abs().mean(-1, keepdim=True)
        reached = (reached * strided * legs.stride[:, None, None]).sum() / strided.sum()
        flow = masked_error(found, legs.velocity, counts - strided)
        loss = reached + self.recipe.options.get("flow_weight", 0.1) * flow
        logs = {"reached": reached.item(), "flow": flow.item()}
        heard, more = self._made(noise[: count // 2], part, batch)
        return loss + heard, logs | more

    def _made(self, noise: Tensor, given: Batch, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        """What two of the student's own steps make of the first clips of a batch: how far from the
        recording about releases, and what the listener misses, each by its weight."""
        o, logs, loss = self.recipe.options, {}, noise.new_zeros(())
        said_weight, released_weight = (o.get(f"{k}_weight", 0.0) for k in ("said", "released"))
        if not said_weight and not released_weight:
            return loss, logs
        made = self._walked(self.modules["decoder"], noise, 2, given)
        real, phones, counts = (batch[k][: len(noise)] for k in ("mel", "phones", "weight"))
        opened = given["mask"] * (counts > 1)
        released = ((made - real).abs().mean(-1, keepdim=True) * opened).sum()
        released = released / opened.sum().clamp_min(1.0)
        loss, logs["released"] = loss + released_weight * released, released.item()
        if said_weight:
            self.listener.to(noise.device)
            mel = made * torch.from_numpy(self.scale).to(noise.device)
            missed = said(self.listener, mel, phones, given["mask"], counts)
            loss, logs["said"] = loss + said_weight * missed, missed.item()
        return loss, logs

    @staticmethod
    def _walked(network, x: Tensor, steps: int, given: Batch) -> Tensor:
        """Where a network that is told how far it goes ends in so many steps from noise."""
        for k in range(steps):
            t = torch.full((len(x),), k / steps, device=x.device)
            x = x + network(x, t, stride=torch.full_like(t, 1 / steps), **given) / steps
        return x

    def validate(self, writer, step):
        """How far from the teacher's mels (mean L1 in nepers) it ends in 1, 2 and 4 steps at the
        usual temperature, beside the teacher's own two, and its life over the teacher's."""
        rows = [i for i in self.clips.dev if self.store.utterances[i].speaker in self.voices]
        torch.manual_seed(0)
        rows = rows[:: max(1, len(rows) // 32)][:32]
        batch = self._stack(rows, np.random.default_rng(0))
        batch = {k: v.to(self.device) for k, v in batch.items()}
        given = {k: batch[k] for k in ("mu", "local", "speaker", "emotion", "mask")}
        given["keep"] = torch.ones_like(batch["keep"])
        noise = USUAL * torch.randn_like(batch["mel"])
        wanted, mask = self._path(noise, given)[0][-1], batch["mask"][..., 0] > 0
        scale = torch.from_numpy(self.scale).to(noise.device)
        figures = {}
        learnt = [(f"l1_{n}", self.modules["decoder"], n) for n in LEARNT_STEPS]
        for name, network, steps in [("teacher_2", self.teacher, 2), *learnt]:
            made = self._walked(network, noise, steps, given)
            figures[name] = ((made - wanted).abs() * scale)[mask].mean().item()
            if steps == 2:
                life = made[mask].diff(dim=0).std(0).mean() / wanted[mask].diff(dim=0).std(0).mean()
                figures[name + "_life"] = life.item()
                shown = torch.cat([made[0], wanted[0]]).mul(scale).reshape(-1, 80).cpu().numpy()
                writer.add_image(name, mel_picture(shown - 4.0), step)
        return figures

    def export(self):
        tensors = dict(self.modules["decoder"].state_dict())
        tensors["scale"] = torch.from_numpy(self.scale)
        return tensors, {"kind": "acoustic", **self.model}, {}

    def companions(self):
        return []
