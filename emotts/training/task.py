"""What a trainable thing tells the loop."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from emotts.corpora.shards_window import Window
from emotts.corpora.store import FeatureStore
from emotts.training.config import Recipe

Batch = dict[str, Tensor]


class Task(ABC):
    """One objective: its networks, its batches, its losses, its validation, its export.

    A batch is a function of a random generator alone, so that step k of a resumed run sees
    exactly what step k of an unbroken one would have seen.
    """

    def __init__(self, recipe: Recipe, store: FeatureStore):
        self.recipe, self.store = recipe, store

    @abstractmethod
    def networks(self) -> dict[str, nn.Module]:
        """Everything trained, by name; called once."""

    def averaged(self) -> tuple[str, ...]:
        """Names of the networks that get an exponential moving average."""
        return tuple(self.modules)

    def optimizers(self, modules: dict[str, nn.Module]) -> dict[str, torch.optim.Optimizer]:
        """One AdamW over all networks unless a task needs more."""
        parameters = [p for m in modules.values() for p in m.parameters() if p.requires_grad]
        r = self.recipe
        return {
            "all": torch.optim.AdamW(
                parameters, r.learning_rate, betas=r.betas, weight_decay=r.weight_decay
            )
        }

    @abstractmethod
    def batch(self, generator: np.random.Generator) -> Batch: ...

    def pick(
        self, generator: np.random.Generator, rows: Sequence[int], count: int,
        odds: np.ndarray | None = None,
    ) -> list[int]:  # fmt: skip
        """Training clips for a batch, by their odds: any of `rows`, or where shards are streamed
        those of them that are at hand."""
        if self.window is not None:
            return self.window.pick(generator, rows, count, odds)
        return [int(rows[i]) for i in generator.choice(len(rows), count, p=odds)]

    def loss(self, batch: Batch, step: int) -> tuple[Tensor, dict[str, float]]:
        """Loss to minimise and what to log; a task with its own `train_step` has none."""
        raise TypeError(f"{type(self).__name__} trains by its own train_step")

    def train_step(self, batch: Batch, step: int, update: Callable) -> dict[str, float]:
        """One step; `update(optimizer name, loss)` does backward, clipping and the step."""
        loss, logs = self.loss(batch, step)
        update("all", loss)
        return logs

    def validate(self, writer, step: int) -> dict[str, float]:
        """Figures on dev with averaged weights; pictures and audio go to the writer."""
        return {}

    @abstractmethod
    def export(self) -> tuple[dict[str, Tensor], dict, dict]:
        """Averaged tensors, configuration and card facts of what synthesis will load."""

    def companions(self) -> list[tuple[str, dict[str, Tensor], dict]]:
        """Further checkpoints that belong to this one: name, tensors, configuration."""
        return []

    modules: dict[str, nn.Module]
    window: Window | None = None
    device: torch.device = torch.device("cpu")
