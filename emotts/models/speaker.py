"""Speaker encoder: a voice as a unit vector."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.audio.constants import N_MELS
from emotts.models.encoder import Pooling
from emotts.models.layers import ResidualStack


class SpeakerEncoder(nn.Module):
    """Log-mel to a unit vector of `size`; level is removed, so loudness says nothing."""

    def __init__(self, dim: int = 160, hidden: int = 400, blocks: int = 5, size: int = 64):
        super().__init__()
        self.front = nn.Linear(2 * N_MELS, dim)
        self.stack = ResidualStack(dim, hidden, blocks)
        self.pooling = Pooling(dim, size)

    def forward(self, mel: Tensor) -> Tensor:
        """mel: (batch, frames, 80), frames even -> (batch, size) of length 1."""
        mel = (mel - mel.mean(dim=(1, 2), keepdim=True)) / 2.5
        batch, frames, width = mel.shape
        x = self.stack(self.front(mel.reshape(batch, frames // 2, 2 * width)))
        return F.normalize(self.pooling(x), dim=-1)


class AngularMargin(nn.Module):
    """Additive angular margin loss (Deng 2019, ArcFace)."""

    def __init__(self, size: int, speakers: int, margin: float = 0.2, scale: float = 20.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(speakers, size) * 0.1)
        self.margin, self.scale = margin, scale

    def forward(self, embedding: Tensor, speaker: Tensor) -> tuple[Tensor, Tensor]:
        """Returns the loss and the logits without margin."""
        cosine = (embedding @ F.normalize(self.weight, dim=-1).T).clamp(-0.9999, 0.9999)
        target = F.one_hot(speaker, cosine.shape[1]).bool()
        moved = torch.where(target, torch.cos(torch.acos(cosine) + self.margin), cosine)
        return F.cross_entropy(self.scale * moved, speaker), self.scale * cosine
