"""Flow decoder: velocity of noisy mel pairs given content, pitch, energy, speaker and emotion."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.models.content import PAIR
from emotts.models.layers import ConvNeXtBlock

LOCAL = 6  # log F0, voiced and energy of two frames


def time_embedding(t: Tensor, size: int) -> Tensor:
    """Sinusoids of flow time: (batch,) in 0..1 -> (batch, size)."""
    rates = torch.exp(torch.arange(size // 2, device=t.device) * (-math.log(1000.0) / (size // 2)))
    angles = t[:, None] * 1000.0 * rates
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


class Conditioner(nn.Module):
    """Time, speaker and emotion as one vector a step; either can be withheld for guidance.

    strides: whether it can be told how far a step will go (shortcut models, Frans et al. 2024).
    """

    def __init__(self, dim: int, speaker_size: int, emotion_size: int, strides: bool = False):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(64, dim), nn.SiLU(), nn.Linear(dim, dim))
        self.stride = nn.Linear(64, dim) if strides else None
        self.speaker = nn.Linear(speaker_size, dim)
        self.emotion = nn.Linear(emotion_size, dim, bias=False)
        self.no_speaker = nn.Parameter(torch.zeros(dim))
        self.no_emotion = nn.Parameter(torch.zeros(dim))
        if self.stride is not None:
            nn.init.zeros_(self.stride.weight)
            nn.init.zeros_(self.stride.bias)

    def forward(
        self, t: Tensor, speaker: Tensor, emotion: Tensor, keep: Tensor,
        stride: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        """t: (batch,); speaker: (batch, s); emotion: (batch, 1 or pairs, e); keep: (batch, 2),
        1 where speaker and emotion are given; stride: (batch,), None or 0 for the flow's own
        velocity. Returns (batch, 1 or pairs, dim)."""
        keep = keep.unsqueeze(-1)
        who = torch.where(keep[:, 0] > 0, self.speaker(speaker), self.no_speaker)
        how = torch.where(keep[:, 1:2] > 0, self.emotion(emotion), self.no_emotion)
        when = self.time(time_embedding(t, 64))
        if self.stride is not None and stride is not None:
            when = when + (stride > 0)[:, None] * self.stride(time_embedding(stride, 64))
        return F.silu((when + who).unsqueeze(1) + how)


class ConditionedStack(nn.Module):
    """ConvNeXt blocks whose norms follow a condition (adaptive layer norm, Peebles & Xie 2023)."""

    def __init__(self, dim: int, hidden: int, blocks: int, kernel: int):
        super().__init__()
        self.blocks = nn.ModuleList(ConvNeXtBlock(dim, hidden, kernel) for _ in range(blocks))
        self.adapt = nn.ModuleList(nn.Linear(dim, 3 * dim) for _ in range(blocks))
        for layer in self.adapt:
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.norm = nn.LayerNorm(dim, eps=1e-6)

    def forward(self, x: Tensor, condition: Tensor, mask: Tensor) -> Tensor:
        for block, adapt in zip(self.blocks, self.adapt, strict=True):
            x = block(x * mask, adapt(condition))
        return self.norm(x) * mask


class FlowDecoder(nn.Module):
    """dim, hidden, blocks, kernel: size, 2.6 M parameters by default; strides: whether it can be
    told how far a step goes."""

    def __init__(
        self, dim: int = 224, hidden: int = 672, blocks: int = 7, kernel: int = 9,
        speaker_size: int = 64, emotion_size: int = 64, strides: bool = False,
    ):  # fmt: skip
        super().__init__()
        self.embed = nn.Linear(2 * PAIR + LOCAL, dim)
        self.condition = Conditioner(dim, speaker_size, emotion_size, strides)
        self.stack = ConditionedStack(dim, hidden, blocks, kernel)
        self.out = nn.Linear(dim, PAIR)
        nn.init.zeros_(self.out.weight)

    def forward(
        self, x: Tensor, t: Tensor, mu: Tensor, local: Tensor, speaker: Tensor, emotion: Tensor,
        keep: Tensor, mask: Tensor, stride: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        """x, mu: (batch, pairs, 160); t: (batch,); local: (batch, pairs, 6); speaker: (batch, s);
        emotion: (batch, 1 or pairs, e); keep: (batch, 2); mask: (batch, pairs, 1); stride:
        (batch,), how far the step goes. Returns the velocity (batch, pairs, 160), the mean one
        over the stride."""
        hidden = self.embed(torch.cat([x, mu, local], dim=-1))
        return self.out(self.stack(hidden, self.condition(t, speaker, emotion, keep, stride), mask))
