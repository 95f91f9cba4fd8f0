"""Phase that a vocal tract adds to its pulses, from the magnitude alone."""

import math
from functools import lru_cache

import torch
from torch import Tensor

KEPT = 50  # samples of the cepstrum, 2 ms: envelopes, not harmonics


@lru_cache(maxsize=4)
@torch.inference_mode(False)  # kept for all, so training must be able to use it
def _lifter(size: int, kept: int, device: str) -> Tensor:
    """Folds a cepstrum to its causal half and fades out what is later than `kept` samples."""
    window = torch.zeros(size, device=device)
    faded = kept // 3
    window[1:kept] = 2.0
    fade = torch.linspace(0, math.pi / 2, faded, device=device).cos()
    window[kept - faded : kept] *= fade
    return window


def minimum_phase(log_magnitude: Tensor, kept: int = KEPT) -> Tensor:
    """Phase in radians of the minimum-phase filter with a smoothed magnitude.

    log_magnitude: (..., bins), natural log; only its cepstrum below `kept` samples counts.
    Returns (..., bins). Oppenheim & Schafer, Discrete-Time Signal Processing, ch. 13.
    """
    size = 2 * (log_magnitude.shape[-1] - 1)
    cepstrum = torch.fft.irfft(log_magnitude.to(torch.complex64), size, dim=-1)
    return torch.fft.rfft(cepstrum * _lifter(size, kept, str(log_magnitude.device)), dim=-1).imag
