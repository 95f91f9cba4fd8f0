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
    """Time, speaker and emotion as one vector a step; either can be withheld for guidance."""

    def __init__(self, dim: int, speaker_size: int, emotion_size: int):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(64, dim), nn.SiLU(), nn.Linear(dim, dim))
        self.speaker = nn.Linear(speaker_size, dim)
        self.emotion = nn.Linear(emotion_size, dim, bias=False)
        self.no_speaker = nn.Parameter(torch.zeros(dim))
        self.no_emotion = nn.Parameter(torch.zeros(dim))

    def forward(self, t: Tensor, speaker: Tensor, emotion: Tensor, keep: Tensor) -> Tensor:
        """t: (batch,); speaker: (batch, s); emotion: (batch, 1 or pairs, e); keep: (batch, 2),
        1 where speaker and emotion are given. Returns (batch, 1 or pairs, dim)."""
        keep = keep.unsqueeze(-1)
        who = torch.where(keep[:, 0] > 0, self.speaker(speaker), self.no_speaker)
        how = torch.where(keep[:, 1:2] > 0, self.emotion(emotion), self.no_emotion)
        return F.silu((self.time(time_embedding(t, 64)) + who).unsqueeze(1) + how)


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
    """dim, hidden, blocks, kernel: size, 2.6 M parameters by default."""

    def __init__(
        self, dim: int = 224, hidden: int = 672, blocks: int = 7, kernel: int = 9,
        speaker_size: int = 64, emotion_size: int = 64,
    ):  # fmt: skip
        super().__init__()
        self.embed = nn.Linear(2 * PAIR + LOCAL, dim)
        self.condition = Conditioner(dim, speaker_size, emotion_size)
        self.stack = ConditionedStack(dim, hidden, blocks, kernel)
        self.out = nn.Linear(dim, PAIR)
        nn.init.zeros_(self.out.weight)

    def forward(
        self, x: Tensor, t: Tensor, mu: Tensor, local: Tensor, speaker: Tensor, emotion: Tensor,
        keep: Tensor, mask: Tensor,
    ) -> Tensor:  # fmt: skip
        """x, mu: (batch, pairs, 160); t: (batch,); local: (batch, pairs, 6); speaker: (batch, s);
        emotion: (batch, 1 or pairs, e); keep: (batch, 2); mask: (batch, pairs, 1).
        Returns the velocity (batch, pairs, 160)."""
        hidden = self.embed(torch.cat([x, mu, local], dim=-1))
        return self.out(self.stack(hidden, self.condition(t, speaker, emotion, keep), mask))
