"""Mel spectrogram and F0 to audio: ConvNeXt backbone, inverse STFT, source of pulses and noise.

The head gives the absolute magnitude of every bin. Its phase is that of a learned mix of pulse
train and noise, turned by the minimum phase of the magnitude and a learned correction; the noise
may swell and fade with every pulse. After Vocos (Siuzdak 2023), HiFTNet (Li 2023) and neural
source-filter models (Wang 2019).
"""

import torch
from torch import Tensor, nn

from emotts.audio.constants import N_FFT, N_MELS
from emotts.models.layers import ResidualStack
from emotts.models.minimum_phase import minimum_phase
from emotts.models.source import breath, phase_of, pulse_train
from emotts.models.spectral import istft, stft

# The window's gain: a cosine of amplitude 1 peaks at N_FFT / 4, white noise of this deviation has
# unit power in every bin.
PULSE_SCALE = 4.0 / N_FFT
NOISE_SCALE = (0.375 * N_FFT) ** -0.5
HEADS = 6  # log magnitude, phase correction (2), mix, swell of the noise (2)


class Vocoder(nn.Module):
    """dim, hidden, blocks: size of the backbone; about 4.1 M parameters by default."""

    def __init__(self, dim: int = 256, hidden: int = 768, blocks: int = 8):
        super().__init__()
        self.bins = N_FFT // 2 + 1
        self.embed = nn.Linear(N_MELS + 2, dim)
        self.embed_source = nn.Linear(self.bins, dim)
        self.first_norm = nn.LayerNorm(dim, eps=1e-6)
        self.backbone = ResidualStack(dim, hidden, blocks)
        self.head = nn.Linear(dim, HEADS * self.bins)
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
        hiss, rising, falling = (
            stft(x) * NOISE_SCALE for x in (noise, *breath(noise, phase, voiced))
        )
        features = torch.cat([mel, torch.log(f0 / 200.0).unsqueeze(-1), voiced.unsqueeze(-1)], -1)
        x = self.embed(features) + self.embed_source(torch.log(pulses.abs() + 1e-2))
        out = self.head(self.backbone(self.first_norm(x)))
        log_magnitude, real, imaginary, mix, cosine, sine = out.chunk(HEADS, dim=-1)
        log_magnitude = log_magnitude.clamp(max=7.0)
        mix = torch.sigmoid(mix)
        hiss = hiss + torch.tanh(cosine) * rising + torch.tanh(sine) * falling
        tract = minimum_phase(log_magnitude.detach())
        turn = torch.complex(real, imaginary) * torch.polar(torch.ones_like(tract), tract)
        direction = (mix * pulses + (1 - mix) * hiss) * turn
        direction = direction / (direction.abs() + 1e-5)
        return istft(torch.exp(log_magnitude) * direction)
