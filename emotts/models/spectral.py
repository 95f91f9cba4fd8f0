"""STFT, its inverse and the mel spectrogram as torch functions, on the shared frame grid."""

from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional as F

from emotts.audio.constants import HOP_LENGTH, N_FFT
from emotts.audio.mel_config import MEL_24K, MelConfig


@lru_cache(maxsize=16)
@torch.inference_mode(False)  # kept for all, so training must be able to use it
def hann(size: int, device: str = "cpu") -> Tensor:
    return torch.hann_window(size, device=device)


def stft(samples: Tensor, n_fft: int = N_FFT, hop: int = HOP_LENGTH) -> Tensor:
    """(batch, n) -> complex (batch, n // hop, n_fft // 2 + 1), frames centred on their hop."""
    edge = (n_fft - hop) // 2
    mode = "reflect" if samples.shape[-1] > edge else "constant"
    padded = F.pad(samples.unsqueeze(1), (edge, n_fft - hop - edge), mode=mode).squeeze(1)
    spectrum = torch.stft(
        padded, n_fft, hop, window=hann(n_fft, str(samples.device)), center=False,
        return_complex=True,
    )  # fmt: skip
    return spectrum.transpose(1, 2)


def istft(spectrum: Tensor, n_fft: int = N_FFT, hop: int = HOP_LENGTH) -> Tensor:
    """Least-squares inverse of `stft`: (batch, frames, bins) -> (batch, frames * hop)."""
    frames = spectrum.shape[1]
    window = hann(n_fft, str(spectrum.device))
    pieces = torch.fft.irfft(spectrum, n_fft, dim=-1) * window
    size = (frames - 1) * hop + n_fft
    samples = _overlap_add(pieces, size, n_fft, hop)
    weight = _overlap_add(window.square().expand(1, frames, n_fft), size, n_fft, hop)
    edge = (n_fft - hop) // 2
    samples, weight = (x[:, edge : edge + frames * hop] for x in (samples, weight))
    return samples / weight.clamp_min(1e-6)


def _overlap_add(pieces: Tensor, size: int, n_fft: int, hop: int) -> Tensor:
    """(batch, frames, n_fft) -> (batch, size); hop by hop where it divides n_fft, which is faster
    than `fold`."""
    if n_fft % hop == 0:
        batch, frames = pieces.shape[:2]
        parts = pieces.reshape(batch, frames, n_fft // hop, hop).unbind(2)
        out = pieces.new_zeros(batch, size // hop, hop)
        for k, part in enumerate(parts):
            out[:, k : k + frames] += part
        return out.flatten(1)
    columns = pieces.transpose(1, 2)
    return F.fold(columns, (1, size), (1, n_fft), stride=(1, hop)).flatten(1)


@lru_cache(maxsize=4)
@torch.inference_mode(False)
def _filters(mel: MelConfig, device: str) -> Tensor:
    return torch.from_numpy(mel.filters()).T.contiguous().to(device)


def log_mel(samples: Tensor, mel: MelConfig = MEL_24K) -> Tensor:
    """(batch, n) -> (batch, n // hop, bands), natural log; equals `mel.log_mel`, padding "same"."""
    magnitude = stft(samples, mel.n_fft, mel.hop_length).abs()
    return torch.log((magnitude @ _filters(mel, str(samples.device))).clamp_min(mel.floor))
