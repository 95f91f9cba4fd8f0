"""Building blocks on (batch, time, channel) tensors."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class DepthwiseConv(nn.Module):
    """Depthwise convolution over time of (batch, time, channel), length kept.

    Written as a 2-d convolution whose channels-last layout is the tensor as it lies: faster than
    Conv1d on CPUs.
    """

    def __init__(self, channels: int, kernel: int = 7, dilation: int = 1):
        super().__init__()
        padding = (0, (kernel - 1) // 2 * dilation)
        self.conv = nn.Conv2d(
            channels, channels, (1, kernel), padding=padding, dilation=(1, dilation),
            groups=channels,
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x.transpose(1, 2).unsqueeze(2)).squeeze(2).transpose(1, 2)


class ConvNeXtBlock(nn.Module):
    """ConvNeXt block with a residual, after Liu et al. 2022 as used by Vocos (Siuzdak 2023).

    condition: adaptive scale, shift and gate, (batch, time or 1, 3 * channels), or None.
    """

    def __init__(
        self, channels: int, hidden: int, kernel: int = 7, dilation: int = 1, scale: float = 0.1
    ):
        super().__init__()
        self.depthwise = DepthwiseConv(channels, kernel, dilation)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.expand = nn.Linear(channels, hidden)
        self.contract = nn.Linear(hidden, channels)
        self.scale = nn.Parameter(torch.full((channels,), scale))

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        y = self.norm(self.depthwise(x))
        gate = self.scale
        if condition is not None:
            scale, shift, more = condition.chunk(3, dim=-1)
            y = y * (1 + scale) + shift
            gate = gate + more
        return x + gate * self.contract(F.gelu(self.expand(y)))


class ResidualStack(nn.Module):
    """A stack of unconditioned ConvNeXt blocks with a final norm; mask (batch, time, 1) or None."""

    def __init__(self, channels: int, hidden: int, blocks: int, kernel: int = 7):
        super().__init__()
        self.blocks = nn.ModuleList(ConvNeXtBlock(channels, hidden, kernel) for _ in range(blocks))
        self.norm = nn.LayerNorm(channels, eps=1e-6)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        for block in self.blocks:
            x = block(x if mask is None else x * mask)
        x = self.norm(x)
        return x if mask is None else x * mask


class GradientReversal(torch.autograd.Function):
    """Identity forward, gradient times -weight backward (Ganin & Lempitsky 2015)."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: float) -> Tensor:
        ctx.weight = weight
        return x.view_as(x)

    @staticmethod
    def backward(ctx, gradient: Tensor):
        return -ctx.weight * gradient, None


def reverse_gradient(x: Tensor, weight: float) -> Tensor:
    return GradientReversal.apply(x, weight)
