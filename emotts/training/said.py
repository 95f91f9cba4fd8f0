"""Whether words can be heard in mels that a decoder makes, by an ear that training alone knows."""

from __future__ import annotations

import torch
from torch import Tensor

from emotts.audio.constants import N_MELS
from emotts.models.listener import PhoneListener
from emotts.models.recording import heard_mel
from emotts.training.tasks.listener import told_right

COLOUR, KNOTS = 0.4, 6  # nepers; points of a random smooth spectrum


def said(
    listener: PhoneListener, mel: Tensor, phones: Tensor, mask: Tensor, counts: Tensor | float = 1.0
) -> Tensor:  # fmt: skip
    """Cross-entropy of the phones meant, in nats, heard through another microphone in every clip
    and by an ear parts of which are switched off, so that it cannot be pleased by a trick.

    mel: (batch, pairs, 160), log, of any level and colour; phones: (batch, pairs); mask: (batch,
    pairs, 1); counts: (batch, pairs, 1), what every pair counts.
    """
    knots = COLOUR * torch.randn(len(mel), 1, KNOTS, device=mel.device)
    colour = torch.nn.functional.interpolate(knots, N_MELS, mode="linear", align_corners=True)
    frames = mel.reshape(len(mel), -1, N_MELS) + colour
    heard = torch.stack([_heard(f, m) for f, m in zip(frames, mask, strict=True)])
    listener.train()
    return told_right(listener(heard.reshape(mel.shape), mask), phones, mask * counts)[0]


def _heard(frames: Tensor, mask: Tensor) -> Tensor:
    """`heard_mel` of the frames that mask (pairs, 1) keeps, zeros after them."""
    count = 2 * int(mask.sum())
    return torch.cat([heard_mel(frames[:count]), torch.zeros_like(frames[count:])])
