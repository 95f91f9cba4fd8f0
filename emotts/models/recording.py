"""Content prior of a recording: what is said, without who says it or how, from its mel alone."""

import torch
from torch import Tensor, nn

from emotts.models.content import PAIR
from emotts.models.layers import ResidualStack

LOUD = 3.45  # nepers below the loudest twentieth of frames: what counts as speech


def heard_mel(mel: Tensor) -> Tensor:
    """The encoder's input from log-mel (frames, 80): minus the mean spectrum of its loud frames,
    so that level, microphone and much of the voice are gone; bounded below, where only noise is."""
    level = mel.mean(dim=-1)
    loud = mel[level > torch.quantile(level, 0.95) - LOUD]
    return (mel - loud.mean(dim=0)).clamp_min(-9.0)


class RecordingContent(nn.Module):
    """Mel pairs to the prior mean that the text encoder would give for the same words.

    dim, hidden, blocks, kernel: size, 1.9 M parameters by default.
    """

    def __init__(
        self, dim: int = 192, hidden: int = 576, blocks: int = 8, kernel: int = 9,
        dropout: float = 0.1,
    ):  # fmt: skip
        super().__init__()
        self.embed = nn.Linear(PAIR, dim)
        self.norm = nn.LayerNorm(dim)
        self.dropout = nn.Dropout(dropout)
        self.stack = ResidualStack(dim, hidden, blocks, kernel)
        self.out = nn.Linear(dim, PAIR)

    def forward(self, mel: Tensor, mask: Tensor | None = None) -> Tensor:
        """mel: (batch, pairs, 160) as `heard_mel` gives, two frames side by side; mask: (batch,
        pairs, 1). Returns mu (batch, pairs, 160)."""
        x = self.dropout(self.norm(self.embed(mel / 2.5)))
        return self.out(self.stack(x, mask))
