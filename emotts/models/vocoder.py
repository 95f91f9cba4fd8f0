"""Mel spectrogram and F0 to audio: ConvNeXt backbone, inverse STFT, source of pulses and noise.

The head gives the absolute magnitude of every bin; its phase is a correction to that of a learned
mix of pulse train and noise. After Vocos (Siuzdak 2023), HiFTNet (Li 2023) and neural
source-filter models (Wang 2019).
"""

import torch
from torch import Tensor, nn

from emotts.audio.constants import N_FFT, N_MELS
from emotts.models.layers import ResidualStack
from emotts.models.source import phase_of, pulse_train
from emotts.models.spectral import istft, stft

# The window's gain: a cosine of amplitude 1 peaks at N_FFT / 4, white noise of this deviation has
# unit power in every bin.
PULSE_SCALE = 4.0 / N_FFT
NOISE_SCALE = (0.375 * N_FFT) ** -0.5


class Vocoder(nn.Module):
    """dim, hidden, blocks: size of the backbone; about 3.6 M parameters by default."""

    def __init__(self, dim: int = 256, hidden: int = 768, blocks: int = 8):
        super().__init__()
        self.bins = N_FFT // 2 + 1
        self.embed = nn.Linear(N_MELS + 2, dim)
        self.embed_source = nn.Linear(self.bins, dim)
        self.first_norm = nn.LayerNorm(dim, eps=1e-6)
        self.backbone = ResidualStack(dim, hidden, blocks)
        self.head = nn.Linear(dim, 4 * self.bins)
        with torch.no_grad():
            self.head.weight.mul_(0.2)
            self.head.bias.zero_()
            self.head.bias[self.bins : 2 * self.bins] = 1.0

    def forward(
        self, mel: Tensor, f0: Tensor, voiced: Tensor, phase: Tensor | None = None,
        noise: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        """mel: (batch, frames, 80); f0 (Hz, without gaps), voiced (0..1): (batch, frames).

        phase: of the fundamental, (batch, frames * 256), integrated from f0 if not given;
        noise: white, the same shape. Returns audio (batch, frames * 256).
        """
        phase = phase_of(f0) if phase is None else phase
        noise = torch.randn_like(phase) if noise is None else noise
        pulses = stft(pulse_train(phase, f0, voiced)) * PULSE_SCALE
        hiss = stft(noise) * NOISE_SCALE
        features = torch.cat([mel, torch.log(f0 / 200.0).unsqueeze(-1), voiced.unsqueeze(-1)], -1)
        x = self.embed(features) + self.embed_source(torch.log(pulses.abs() + 1e-2))
        out = self.head(self.backbone(self.first_norm(x)))
        log_magnitude, real, imaginary, mix = out.chunk(4, dim=-1)
        mix = torch.sigmoid(mix)
        source = mix * pulses + (1 - mix) * hiss
        turn = torch.complex(real, imaginary)
        direction = source * turn
        direction = direction / (direction.abs() + 1e-5)
        magnitude = torch.exp(log_magnitude.clamp(max=7.0))
        return istft(magnitude * direction)
