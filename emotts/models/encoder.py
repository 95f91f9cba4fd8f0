"""Self-supervised speech encoder for emotion: ConvNeXt on pairs of mel frames, plus heads."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.audio.constants import N_MELS
from emotts.models.layers import ResidualStack, reverse_gradient

INPUTS = N_MELS + 3  # log-mel, semitones, voiced, mean level


def encoder_inputs(mel: Tensor, semitones: Tensor, voiced: Tensor) -> Tensor:
    """Join features of the encoder: (batch, frames, 83).

    mel: (batch, frames, 80) natural log minus the speaker's neutral mean spectrum;
    semitones above the speaker's neutral mean, 0 where unvoiced, and voiced: (batch, frames).
    """
    level = mel.mean(dim=-1)
    return torch.cat([mel / 2.5, torch.stack([semitones / 6.0, voiced, level / 2.5], dim=-1)], -1)


class Encoder(nn.Module):
    """Features at 93.75 frames/s to hidden states at 47/s.

    dim, hidden, blocks: size, 1.9 M parameters by default. Frames are joined in pairs.
    """

    def __init__(self, dim: int = 224, hidden: int = 672, blocks: int = 6, kernel: int = 9):
        super().__init__()
        self.dim = dim
        self.front = nn.Linear(2 * INPUTS, dim)
        self.front_norm = nn.LayerNorm(dim)
        self.mask_vector = nn.Parameter(torch.zeros(dim))
        self.stack = ResidualStack(dim, hidden, blocks, kernel)

    def forward(self, inputs: Tensor, hide: Tensor | None = None) -> Tensor:
        """inputs: (batch, frames, 83), frames even; hide: (batch, pairs) bool, masked pairs.

        Returns (batch, frames // 2, dim).
        """
        batch, frames, width = inputs.shape
        x = self.front(inputs.reshape(batch, frames // 2, 2 * width))
        if hide is not None:
            x = torch.where(hide.unsqueeze(-1), self.mask_vector, x)
        return self.stack(self.front_norm(x))


class RandomQuantizer(nn.Module):
    """Codes of BEST-RQ (Chiu 2022): nearest of fixed random vectors after a random projection."""

    def __init__(self, codes: int = 1024, dim: int = 16, books: int = 2, seed: int = 0):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        projection = torch.randn(books, 2 * INPUTS, dim, generator=generator)
        table = F.normalize(torch.randn(books, codes, dim, generator=generator), dim=-1)
        self.register_buffer("projection", projection)
        self.register_buffer("table", table)

    @torch.no_grad()
    def forward(self, inputs: Tensor) -> Tensor:
        """inputs: (batch, frames, 83) -> codes (batch, pairs, books)."""
        batch, frames, width = inputs.shape
        pairs = inputs.reshape(batch, frames // 2, 2 * width)
        pairs = (pairs - pairs.mean((0, 1))) / (pairs.std((0, 1)) + 1e-3)
        points = F.normalize(torch.einsum("bpw,kwd->bpkd", pairs, self.projection), dim=-1)
        return torch.einsum("bpkd,kcd->bpkc", points, self.table).argmax(-1)


class Pooling(nn.Module):
    """Attentive statistics (Okabe 2018): weighted mean and deviation over time, to `size`."""

    def __init__(self, dim: int, size: int):
        super().__init__()
        self.score = nn.Sequential(nn.Linear(dim, 64), nn.Tanh(), nn.Linear(64, dim))
        self.out = nn.Linear(2 * dim, size)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """x: (batch, pairs, dim); mask: (batch, pairs) bool, True where speech is."""
        score = self.score(x)
        if mask is not None:
            score = score.masked_fill(~mask.unsqueeze(-1), -1e4)
        weight = score.softmax(dim=1)
        mean = (weight * x).sum(1)
        variance = (weight * x.square()).sum(1) - mean.square()
        return self.out(torch.cat([mean, variance.clamp_min(1e-5).sqrt()], dim=-1))


class EmotionHeads(nn.Module):
    """Pooled embedding z and what is read from it."""

    def __init__(self, dim: int, classes: int, speakers: int, size: int = 64):
        super().__init__()
        self.pooling = Pooling(dim, size)
        self.category = nn.Linear(size, classes)
        self.level = nn.Linear(size, 1)
        self.affect = nn.Linear(size, 3)
        self.speaker = nn.Sequential(nn.Linear(size, 64), nn.GELU(), nn.Linear(64, speakers))

    def embed(self, hidden: Tensor, mask: Tensor | None = None) -> Tensor:
        """hidden: (batch, pairs, dim) -> z (batch, size)."""
        return self.pooling(hidden, mask)

    def forward(self, z: Tensor, reverse: float = 0.0) -> dict[str, Tensor]:
        return {
            "category": self.category(z),
            "level": torch.sigmoid(self.level(z)).squeeze(-1),
            "affect": torch.tanh(self.affect(z)),
            "speaker": self.speaker(reverse_gradient(z, reverse)),
        }
