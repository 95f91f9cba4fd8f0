"""Classifier of noisy mels, whose gradient can steer the flow towards an emotion."""

import torch
from torch import Tensor, nn

from emotts.emotion.vocabulary import CATEGORIES
from emotts.models.content import PAIR
from emotts.models.decoder import LOCAL, time_embedding
from emotts.models.layers import ResidualStack


class NoisyMelClassifier(nn.Module):
    """Emotion of a point on the flow's path; 0.25 M parameters by default."""

    def __init__(self, dim: int = 96, hidden: int = 288, blocks: int = 4, kernel: int = 7):
        super().__init__()
        self.embed = nn.Linear(PAIR + LOCAL, dim)
        self.time = nn.Linear(64, dim)
        self.stack = ResidualStack(dim, hidden, blocks, kernel)
        self.out = nn.Linear(2 * dim, len(CATEGORIES))

    def forward(self, x: Tensor, t: Tensor, local: Tensor, mask: Tensor) -> Tensor:
        """x: (batch, pairs, 160) noisy scaled mel; t: (batch,) flow time; local: (batch, pairs,
        6); mask: (batch, pairs, 1). Returns logits of the categories, (batch, 8)."""
        hidden = self.embed(torch.cat([x, local], dim=-1)) + self.time(
            time_embedding(t, 64)
        ).unsqueeze(1)
        hidden = self.stack(hidden, mask)
        count = mask.sum(1).clamp_min(1.0)
        mean = (hidden * mask).sum(1) / count
        spread = (((hidden - mean.unsqueeze(1)) * mask).square().sum(1) / count + 1e-5).sqrt()
        return self.out(torch.cat([mean, spread], dim=-1))

    def pull(self, x: Tensor, t: Tensor, local: Tensor, mask: Tensor, wanted: Tensor) -> Tensor:
        """Gradient in x of Σ wanted_k log p(k | x), times the number of pairs.

        wanted: (8,) weights: positive attracts, and as probabilities sum to 1 the other classes
        repel. EmoDubber (Cong 2025) steers its flow so. Returns x's shape.
        """
        with torch.inference_mode(False), torch.enable_grad():
            point = x.detach().clone().requires_grad_(True)
            scores = torch.log_softmax(self(point, t.clone(), local.clone(), mask.clone()), dim=-1)
            (gradient,) = torch.autograd.grad((scores * wanted.clone()).sum(), point)
        return gradient * mask.sum(1, keepdim=True)
