"""Reconstruction losses of waveforms."""

import torch
from torch import Tensor
from torch.nn import functional as F

from emotts.audio.constants import N_FFT, SAMPLE_RATE
from emotts.models.spectral import log_mel, stft

# 128 samples are 5 ms, less than a period: there even magnitudes see where its energy lies.
RESOLUTIONS = (128, 256, 512, 1024, 2048)


def multi_resolution_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Spectral convergence and log-magnitude L1, mean over resolutions (Yamamoto 2020)."""
    parts = []
    for n_fft in RESOLUTIONS:
        a = stft(real, n_fft, n_fft // 4).abs()
        b = stft(fake, n_fft, n_fft // 4).abs()
        convergence = (a - b).norm() / (a.norm() + 1e-5)
        parts.append(convergence + F.l1_loss(torch.log(b + 1e-4), torch.log(a + 1e-4)))
    return torch.stack(parts).mean()


def mel_loss(real: Tensor, fake: Tensor) -> Tensor:
    return F.l1_loss(log_mel(fake), log_mel(real))


def phase_loss(real: Tensor, fake: Tensor, voiced: Tensor, up_to_hz: float = 6000.0) -> Tensor:
    """Mean of 1 - cos(phase difference) where voiced energy is, below `up_to_hz`.

    Meaningful only if `fake` was driven by pulses locked to the phase of `real`. Does not touch
    magnitudes, so it cannot thin the sound. voiced: (batch, frames).
    """
    bins = int(up_to_hz / SAMPLE_RATE * N_FFT)
    a, b = stft(real)[..., :bins], stft(fake)[..., :bins]
    size = a.abs()
    cosine = (a.real * b.real + a.imag * b.imag) / (size * b.abs() + 1e-6)
    weight = size.pow(0.5) * voiced.unsqueeze(-1)
    return ((1 - cosine) * weight).sum() / (weight.sum() + 1e-3)
