"""Half of every step is old: what a network answered before, it must answer still."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import torch
from torch import Tensor

from emotts.training.task import Batch

REPLAY = "replay_"


class Rehearsal:
    """Goes before a task: batches get a part that is drawn from `self.replay`, and the loss the
    task's `drift` on it, times the option replay_weight."""

    def batch(self, generator: np.random.Generator) -> Batch:
        own = super().batch(generator)
        again = self.replay.batch(generator)
        return own | {REPLAY + k: v for k, v in again.items()}

    def loss(self, batch: Batch, step: int) -> tuple[Tensor, dict[str, float]]:
        loss, logs = super().loss(batch, step)
        kept = {k.removeprefix(REPLAY): v for k, v in batch.items() if k.startswith(REPLAY)}
        if not kept:  # in validation
            return loss, logs
        drift = self.drift(kept)
        total = loss + self.recipe.options["replay_weight"] * drift
        return total, logs | {"drift": drift.item()}

    @abstractmethod
    def drift(self, batch: Batch) -> Tensor:
        """Mean squared difference to what `self.teacher` answers."""

    def dev_loss(self, name: str, network: torch.nn.Module) -> float | None:
        """The task's own loss of a network on the clips that are kept for dev, always with the
        same noise; None where none are."""
        if not self.clips.dev:
            return None
        now, self.modules = self.modules, {name: network}
        try:
            with torch.no_grad():
                return self.measure_dev()
        finally:
            self.modules = now
