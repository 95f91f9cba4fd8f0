"""Exponential moving average of weights."""

from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Average:
    """Keeps `decay`-averaged copies of the modules' floating tensors, with early debiasing."""

    def __init__(self, modules: dict[str, nn.Module], decay: float):
        self.modules, self.decay, self.updates = modules, decay, 0
        self.shadow = {k: v.detach().clone() for k, v in self._live()}

    def _live(self):
        for name, module in self.modules.items():
            for key, value in module.state_dict(keep_vars=False).items():
                yield f"{name}.{key}", value

    @torch.no_grad()
    def update(self) -> None:
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for key, value in self._live():
            if value.dtype.is_floating_point:
                self.shadow[key].lerp_(value, 1.0 - decay)
            else:
                self.shadow[key].copy_(value)

    @contextmanager
    def applied(self):
        """Run a block with the averaged weights in place."""
        backup = {k: v.detach().clone() for k, v in self._live()}
        self._write(self.shadow)
        try:
            yield
        finally:
            self._write(backup)

    @torch.no_grad()
    def _write(self, values: dict[str, Tensor]) -> None:
        for key, live in self._live():
            live.copy_(values[key])

    def state_dict(self) -> dict:
        return {"shadow": self.shadow, "updates": self.updates}

    def load_state_dict(self, state: dict) -> None:
        self.updates = state["updates"]
        for key, value in state["shadow"].items():
            self.shadow[key].copy_(value)
