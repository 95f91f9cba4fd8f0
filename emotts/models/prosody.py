"""Flow over phones: log-duration, pitch at two places and energy of every token."""

import torch
from torch import Tensor, nn

from emotts.models.content import PhoneEmbedding
from emotts.models.decoder import ConditionedStack, Conditioner

TARGETS = 4  # log-duration, pitch at one and three quarters, energy
PLACE = 4


def token_place(pause: Tensor) -> Tensor:
    """Where each token lies: (n,) bool pauses -> (n, 4), share of the utterance gone and to come,
    and share of the phrase between two pauses."""
    n = len(pause)
    at = torch.arange(n, dtype=torch.float32)
    before = torch.where(pause, at, torch.zeros(n)).cummax(0).values
    after = n - 1 - torch.where(pause.flip(0), at, torch.zeros(n)).cummax(0).values.flip(0)
    return torch.stack(
        [at / n, torch.log1p(torch.tensor(float(n))).expand(n) - 3.5,
         (at - before).clamp(max=12) / 12, (after - at).clamp(max=12) / 12], dim=-1,
    )  # fmt: skip


class ProsodyFlow(nn.Module):
    """dim, hidden, blocks: size, about 1 M parameters by default."""

    def __init__(
        self, dim: int = 144, hidden: int = 432, blocks: int = 6, kernel: int = 7,
        speaker_size: int = 64, emotion_size: int = 64,
    ):  # fmt: skip
        super().__init__()
        self.phones = PhoneEmbedding(dim)
        self.ending = nn.Embedding(self.phones.phone.num_embeddings, dim)
        self.embed = nn.Linear(TARGETS + PLACE, dim)
        self.condition = Conditioner(dim, speaker_size, emotion_size)
        self.stack = ConditionedStack(dim, hidden, blocks, kernel)
        self.out = nn.Linear(dim, TARGETS)
        nn.init.zeros_(self.out.weight)

    def forward(
        self, x: Tensor, t: Tensor, tokens: Tensor, ending: Tensor, place: Tensor,
        language: Tensor, speaker: Tensor, emotion: Tensor, keep: Tensor, mask: Tensor,
    ) -> Tensor:  # fmt: skip
        """x: (batch, n, 4); tokens: (batch, n, 3); ending: (batch, n) id of the next punctuation;
        place: (batch, n, 4); the rest as in FlowDecoder. Returns (batch, n, 4)."""
        hidden = self.embed(torch.cat([x, place], -1)) + self.phones(tokens, language)
        hidden = hidden + self.ending(ending)
        return self.out(self.stack(hidden, self.condition(t, speaker, emotion, keep), mask))
