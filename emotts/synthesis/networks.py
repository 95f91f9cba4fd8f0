"""Networks from stored tensors."""

from __future__ import annotations

from torch import Tensor, nn


def build(kind: type[nn.Module], config: dict, tensors: dict[str, Tensor]) -> nn.Module:
    """A network of `config` holding exactly `tensors`, frozen."""
    model = kind(**{k: v for k, v in config.items() if k != "kind"})
    model.load_state_dict(tensors)
    return model.eval().requires_grad_(False)
