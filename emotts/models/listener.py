"""Which phone is heard in every pair of frames: the ear that a decoder's words are trained with."""

from torch import Tensor, nn

from emotts.models.content import PAIR
from emotts.models.layers import ResidualStack
from emotts.text.symbols import SYMBOLS


class PhoneListener(nn.Module):
    """dim, hidden, blocks, kernel: size, 1.0 M parameters by default."""

    def __init__(
        self, dim: int = 160, hidden: int = 480, blocks: int = 6, kernel: int = 7,
        dropout: float = 0.1,
    ):  # fmt: skip
        super().__init__()
        self.embed = nn.Linear(PAIR, dim)
        self.norm = nn.LayerNorm(dim)
        self.dropout = nn.Dropout(dropout)
        self.stack = ResidualStack(dim, hidden, blocks, kernel)
        self.out = nn.Linear(dim, len(SYMBOLS))

    def forward(self, mel: Tensor, mask: Tensor | None = None) -> Tensor:
        """mel: (batch, pairs, 160) as `emotts.models.recording.heard_mel` gives, two frames side by
        side; mask: (batch, pairs, 1). Returns logits (batch, pairs, symbols)."""
        x = self.dropout(self.norm(self.embed(mel / 2.5)))
        return self.out(self.stack(x, mask))
