"""Excitation for the vocoder: a band-limited pulse train made from F0, and noise."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE


def upsample(frames: Tensor, hop: int = HOP_LENGTH) -> Tensor:
    """Linear interpolation between frame centres: (batch, frames) -> (batch, frames * hop)."""
    return F.interpolate(
        frames.unsqueeze(1), scale_factor=float(hop), mode="linear", align_corners=False
    ).squeeze(1)


def phase_of(f0: Tensor, hop: int = HOP_LENGTH, rate: int = SAMPLE_RATE) -> Tensor:
    """Phase of the fundamental in radians, modulo 2 pi, at every sample.

    f0: (batch, frames) in Hz without gaps. Summed in float64: a minute stays in tune.
    """
    cycles = torch.cumsum(upsample(f0, hop).double() / rate, dim=-1)
    return (2 * math.pi * (cycles % 1.0)).float()


def pulse_train(
    phase: Tensor, f0: Tensor, voiced: Tensor, hop: int = HOP_LENGTH, rate: int = SAMPLE_RATE
) -> Tensor:
    """Sum of all harmonics below the Nyquist frequency, each a cosine of amplitude 1.

    phase: (batch, samples); f0 (Hz, no gaps) and voiced (0..1): (batch, frames).
    Returns (batch, samples). Closed form of the Dirichlet kernel.
    """
    count = torch.floor(0.96 * rate / 2 / f0).repeat_interleave(hop, dim=-1)
    half = phase / 2
    sine = torch.sin(half)
    near = sine.abs() < 1e-3
    kernel = torch.sin((2 * count + 1) * half) / torch.where(near, torch.ones_like(sine), sine)
    kernel = torch.where(near, 2 * count + 1, kernel)
    return 0.5 * (kernel - 1.0) * upsample(voiced, hop)


def breath(
    noise: Tensor, phase: Tensor, voiced: Tensor, hop: int = HOP_LENGTH
) -> tuple[Tensor, Tensor]:
    """Noise that swells once a period, in two quadratures; added to plain noise in any proportion
    they put the swell anywhere in the period. Silent where nothing is voiced.

    noise, phase: (batch, samples); voiced: (batch, frames). Returns two (batch, samples).
    """
    swelling = noise * upsample(voiced, hop)
    return swelling * torch.cos(phase), swelling * torch.sin(phase)
