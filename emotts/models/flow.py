"""Optimal-transport conditional flow matching: the training pair and the guided velocity."""

from collections.abc import Callable

import torch
from torch import Tensor

SIGMA = 1e-4
Velocity = Callable[[Tensor, Tensor], Tensor]


def flow_pair(data: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """A point on the path from noise to data at time t, and the velocity there.

    data: (batch, time, channels); t: (batch,). Lipman et al. 2023, eq. 22–23.
    """
    noise = torch.randn_like(data)
    at = t[:, None, None]
    return (1 - (1 - SIGMA) * at) * noise + at * data, data - (1 - SIGMA) * noise


def masked_error(predicted: Tensor, target: Tensor, mask: Tensor) -> Tensor:
    """Mean squared error where mask (batch, time, 1) is 1."""
    error = (predicted - target).square().mean(-1, keepdim=True)
    return (error * mask).sum() / mask.sum().clamp_min(1.0)
