"""Content prior of a recording: what is said, without who says it or how, from its mel alone."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.models.content import PAIR
from emotts.models.layers import ResidualStack

LOUD = 3.45  # nepers below the loudest twentieth of frames: what counts as speech
WHOLE = 47  # pairs of speech, a second, from which on their statistics are believed wholly
GAP = 9  # pairs: what is shorter, such as a stop's closure, belongs to the speech around it
LEAST_DEVIATION, MOST_SCALED = 1e-3, 1.5


def heard_mel(mel: Tensor) -> Tensor:
    """The encoder's input from log-mel (frames, 80): minus the mean spectrum of its loud frames,
    so that level, microphone and much of the voice are gone; bounded below, where only noise is."""
    level = mel.mean(dim=-1)
    loud = mel[level > torch.quantile(level, 0.95) - LOUD]
    return (mel - loud.mean(dim=0)).clamp_min(-9.0)


class RecordingContent(nn.Module):
    """Mel pairs to the prior mean that the text encoder would give for the same words.

    dim, hidden, blocks, kernel: size, 1.9 M parameters by default; traces: directions in which a
    clip's statistics told of speaker and emotion, and tell no more (`emotts.training.traces`).
    """

    def __init__(
        self, dim: int = 192, hidden: int = 576, blocks: int = 8, kernel: int = 9,
        dropout: float = 0.1, traces: int = 0,
    ):  # fmt: skip
        super().__init__()
        self.embed = nn.Linear(PAIR, dim)
        self.norm = nn.LayerNorm(dim)
        self.dropout = nn.Dropout(dropout)
        self.stack = ResidualStack(dim, hidden, blocks, kernel)
        self.out = nn.Linear(dim, PAIR)
        self.traces = traces
        if traces:
            self.register_buffer("trace_centre", torch.zeros(2 * PAIR))
            self.register_buffer("trace_found", torch.zeros(traces, 2 * PAIR))
            self.register_buffer("trace_taken", torch.zeros(2 * PAIR, traces))

    def forward(self, mel: Tensor, mask: Tensor | None = None) -> Tensor:
        """mel: (batch, pairs, 160) as `heard_mel` gives, two frames side by side; mask: (batch,
        pairs, 1). Returns mu (batch, pairs, 160)."""
        x = self.dropout(self.norm(self.embed(mel / 2.5)))
        mu = self.out(self.stack(x, mask))
        if not self.traces:
            return mu
        kept = [torch.ones(len(m), dtype=torch.bool) if mask is None else mask[i, :, 0] > 0
                for i, m in enumerate(mel)]  # fmt: skip
        return torch.stack([self._without_traces(*of) for of in zip(mu, mel, kept, strict=True)])

    def _without_traces(self, mu: Tensor, mel: Tensor, kept: Tensor) -> Tensor:
        """mu (pairs, 160) shifted and scaled as a whole, so that the mean and deviation of its
        speech lie where they tell nothing."""
        spoken = kept & loud_pairs(mel, kept)
        sure = min(1.0, int(spoken.sum()) / WHOLE)
        found = statistics(mu[spoken])
        moved = sure * (self.trace_taken @ (self.trace_found @ (found - self.trace_centre)))
        mean, deviation = found.chunk(2)
        deviation = deviation.clamp_min(LEAST_DEVIATION)
        scale = (1 - moved[PAIR:] / deviation).clamp(1 / MOST_SCALED, MOST_SCALED)
        return (mu - mean) * scale + mean - moved[:PAIR]


def loud_pairs(mel: Tensor, kept: Tensor) -> Tensor:
    """Which pairs of mel (pairs, 160) are loud enough to be speech, by the loudest twentieth of
    those `kept` (pairs,), or lie in a short gap between such."""
    level = mel.mean(dim=-1)
    loud = (level > torch.quantile(level[kept], 0.95) - LOUD).float()[None]
    wide = F.max_pool1d(loud, GAP, 1, GAP // 2)
    return -F.max_pool1d(-wide, GAP, 1, GAP // 2)[0] > 0


def statistics(mu: Tensor) -> Tensor:
    """Mean and deviation over time of mu (pairs, 160): (320,)."""
    return torch.cat([mu.mean(dim=0), mu.std(dim=0, correction=0)])
