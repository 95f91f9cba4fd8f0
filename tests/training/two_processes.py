"""Run by tests in processes of their own: fits a line for some steps, by what the environment says.

Arguments: run folder, batches of 8 that one process joins to one batch.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from torch import nn

from emotts.training.config import Recipe
from emotts.training.loop import Loop
from emotts.training.processes import part
from emotts.training.task import Task


class Line(Task):
    """A line, a second network that only its own optimizer moves, and one that is never used."""

    joined = 1

    def networks(self):
        return {"line": nn.Linear(3, 1), "other": nn.Linear(3, 1), "unused": nn.Linear(2, 2)}

    def optimizers(self, modules):
        one = {"all": [*modules["line"].parameters(), *modules["unused"].parameters()]}
        two = {"other": modules["other"].parameters()}
        return {k: torch.optim.AdamW(p, 0.1) for k, p in (one | two).items()}

    def batch(self, generator):
        x = [generator.normal(size=(8, 3))]
        for number in range(1, self.joined):
            seed = [self.recipe.seed, self.loop.step, number]
            more = np.random.default_rng(seed)
            more.integers(2**31)  # as the loop draws for torch
            x.append(more.normal(size=(8, 3)))
        x = np.concatenate(x).astype(np.float32)
        return {"x": torch.from_numpy(x), "y": torch.from_numpy(x.sum(1, keepdims=True))}

    def train_step(self, batch, step, update):
        made = {k: self.modules[k](batch["x"]) - batch["y"] for k in ("line", "other")}
        losses = {k: v.square().mean() for k, v in made.items()}
        update("all", losses["line"])
        update("other", losses["other"])
        return {k: v.item() for k, v in losses.items()}

    def export(self):
        return {}, {}, {}


class Nothing:
    def add_scalar(self, *given):
        pass


def main(run: Path, joined: int, accumulate: int) -> None:
    recipe = Recipe(task="line", name="line", run=run, steps=6, batch_size=8, warmup=1,
                    log_every=2, accumulate=accumulate)  # fmt: skip
    task = Line(recipe, None)
    task.joined = joined
    loop = task.loop = Loop(task, recipe, Accelerator(cpu=True))
    told = []
    loop.run(Nothing(), lambda step, logs, left: told.append((logs["line"], logs["other"])))
    if loop.accelerator.is_main_process:
        torch.save({"told": told, **loop.state()}, run / "result.pt")
    part(loop.accelerator)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
