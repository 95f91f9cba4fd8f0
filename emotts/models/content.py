"""Content prior: phones and durations to what is said, without who says it or how."""

import torch
from torch import Tensor, nn

from emotts.audio.constants import N_MELS
from emotts.models.layers import ResidualStack
from emotts.text.symbols import LANGUAGES, SYMBOLS

PAIR = 2 * N_MELS


class PhoneEmbedding(nn.Module):
    """Phone, stress, length mark and language as one vector a token."""

    def __init__(self, dim: int):
        super().__init__()
        self.phone = nn.Embedding(len(SYMBOLS), dim)
        self.stress = nn.Embedding(3, dim)
        self.length = nn.Embedding(2, dim)
        self.language = nn.Embedding(len(LANGUAGES), dim)
        for table in (self.phone, self.stress, self.length, self.language):
            nn.init.normal_(table.weight, std=0.3)

    def forward(self, tokens: Tensor, language: Tensor) -> Tensor:
        """tokens: (batch, n, 3) phone id, stress, length mark; language: (batch,)."""
        phone, stress, length = tokens.unbind(-1)
        x = self.phone(phone) + self.stress(stress) + self.length(length)
        return x + self.language(language).unsqueeze(1)


def token_of_pair(durations: Tensor) -> tuple[Tensor, Tensor]:
    """Which token every pair belongs to, and how far through it the pair lies.

    durations: (n,) in pairs. Returns index (pairs,) and position (pairs, 3): the share gone, the
    share to come, and the logarithm of the duration.
    """
    index = torch.repeat_interleave(torch.arange(len(durations), device=durations.device),
                                    durations)  # fmt: skip
    starts = torch.cumsum(durations, 0) - durations
    size = durations[index].float()
    gone = (torch.arange(len(index), device=index.device) - starts[index] + 0.5) / size
    return index, torch.stack([gone, 1 - gone, torch.log(size) - 1.0], dim=-1)


class ContentEncoder(nn.Module):
    """Phones (batch, n) to the prior mean of relative mel pairs, and to voicing.

    dim, hidden, blocks: of the token stack; frame_blocks: of the stack after upsampling.
    """

    def __init__(
        self, dim: int = 192, hidden: int = 576, blocks: int = 5, frame_blocks: int = 4,
        dropout: float = 0.1,
    ):  # fmt: skip
        super().__init__()
        self.embed = PhoneEmbedding(dim)
        self.tokens = ResidualStack(dim, hidden, blocks, kernel=5)
        self.position = nn.Linear(3, dim)
        self.dropout = nn.Dropout(dropout)
        self.frames = ResidualStack(dim, hidden, frame_blocks, kernel=7)
        self.out = nn.Linear(dim, PAIR + 2)

    def forward(
        self, tokens: Tensor, language: Tensor, token_mask: Tensor, index: Tensor,
        position: Tensor, pair_mask: Tensor,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        """tokens: (batch, n, 3); language: (batch,); token_mask: (batch, n, 1) float;
        index: (batch, pairs) token of each pair; position: (batch, pairs, 3); pair_mask:
        (batch, pairs, 1). Returns mu (batch, pairs, 160), relative log-mel, and voicing logits
        (batch, pairs, 2), one a frame.
        """
        x = self.tokens(self.dropout(self.embed(tokens, language)), token_mask)
        x = torch.gather(x, 1, index.unsqueeze(-1).expand(-1, -1, x.shape[-1]))
        x = self.frames(self.dropout(x + self.position(position)), pair_mask)
        return self.out(x).split([PAIR, 2], dim=-1)
