"""A task of four weights with which the loop's promises are tested, and what reads its results."""

import math
import os
import signal

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from torch import nn

from emotts.training.config import Recipe
from emotts.training.loop import Loop
from emotts.training.task import Task


class Line(Task):
    """Fits a line with dropout, so that every step's randomness counts; notes what happens."""

    def networks(self):
        self.modes, self.stop_at, self.break_at = [], None, None
        width = self.recipe.model.get("width", 3)
        return {"line": nn.Sequential(nn.Linear(width, 1), nn.Dropout(0.3))}

    def batch(self, generator):
        x = generator.normal(size=(8, self.recipe.model.get("width", 3))).astype(np.float32)
        return {"x": torch.from_numpy(x), "y": torch.from_numpy(x.sum(1, keepdims=True))}

    def loss(self, batch, step):
        if step == self.stop_at:
            os.kill(os.getpid(), signal.SIGTERM)
        loss = (self.modules["line"](batch["x"]) - batch["y"]).square().mean()
        return loss * (math.nan if step == self.break_at else 1), {"loss": loss.item()}

    def validate(self, writer, step):
        self.modes.append(self.modules["line"].training)
        return {"weight": float(self.modules["line"][0].weight[0, 0])}

    def export(self):
        return self.modules["line"].state_dict(), {}, {}


class Writer(list):
    """Keeps the scalars."""

    def add_scalar(self, *row):
        self.append(row)


@pytest.fixture
def make(tmp_path):
    """Makes a loop in a run folder."""

    def loop(run: str = "run", **settings) -> Loop:
        values = dict(task="line", name="line", run=tmp_path / run, steps=12, batch_size=8,
                      warmup=3, ema=0.9, log_every=4, save_every=1000,
                      validate_every=1000)  # fmt: skip
        recipe = Recipe(**values | settings)
        return Loop(Line(recipe, None), recipe, Accelerator(cpu=True))

    return loop


def train(loop: Loop) -> Writer:
    writer = Writer()
    loop.run(writer, lambda *_: None)
    return writer


def same(a, b) -> bool:
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b
