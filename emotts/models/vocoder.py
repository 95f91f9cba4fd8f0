"""Mel spectrogram and F0 to audio: ConvNeXt backbone, inverse STFT, source of pulses and noise.

The head gives the absolute magnitude of every bin. Its phase is that of a learned mix of pulse
train and noise, turned by the minimum phase of the magnitude and a learned correction; the noise
may swell and fade with every pulse. After Vocos (Siuzdak 2023), HiFTNet (Li 2023) and neural
source-filter models (Wang 2019).
"""

import torch
from torch import Tensor, nn

from emotts.audio.constants import SAMPLE_RATE
from emotts.audio.mel_config import mel_named
from emotts.models.layers import ResidualStack
from emotts.models.minimum_phase import KEPT, minimum_phase
from emotts.models.source import breath, phase_of, pulse_train
from emotts.models.spectral import istft, stft

HEADS = 6  # log magnitude, phase correction (2), mix, swell of the noise (2)


class Vocoder(nn.Module):
    """dim, hidden, blocks: size of the backbone; about 4.1 M parameters by default.

    mel: a name of `emotts.audio.mel_config.MELS`, which gives the rate, hop, window and bands. The
    shapes below are those of the default, "24k".
    """

    def __init__(self, dim: int = 256, hidden: int = 768, blocks: int = 8, mel: str = "24k"):
        super().__init__()
        self.mel = mel_named(mel)
        # The window's gain: a cosine of amplitude 1 peaks at n_fft / 4, white noise of this
        # deviation has unit power in every bin.
        self.scales = 4.0 / self.mel.n_fft, (0.375 * self.mel.n_fft) ** -0.5
        self.kept = round(KEPT * self.mel.sample_rate / SAMPLE_RATE)
        self.bins = self.mel.n_fft // 2 + 1
        self.embed = nn.Linear(self.mel.n_mels + 2, dim)
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
        n_fft, hop, rate = self.mel.n_fft, self.mel.hop_length, self.mel.sample_rate
        phase = phase_of(f0, hop, rate) if phase is None else phase
        noise = torch.randn_like(phase) if noise is None else noise
        pulse_scale, noise_scale = self.scales
        pulses = stft(pulse_train(phase, f0, voiced, hop, rate), n_fft, hop) * pulse_scale
        hiss, rising, falling = (
            stft(x, n_fft, hop) * noise_scale for x in (noise, *breath(noise, phase, voiced, hop))
        )
        features = torch.cat([mel, torch.log(f0 / 200.0).unsqueeze(-1), voiced.unsqueeze(-1)], -1)
        x = self.embed(features) + self.embed_source(torch.log(pulses.abs() + 1e-2))
        out = self.head(self.backbone(self.first_norm(x)))
        log_magnitude, real, imaginary, mix, cosine, sine = out.chunk(HEADS, dim=-1)
        log_magnitude = log_magnitude.clamp(max=7.0)
        mix = torch.sigmoid(mix)
        hiss = hiss + torch.tanh(cosine) * rising + torch.tanh(sine) * falling
        tract = minimum_phase(log_magnitude.detach(), self.kept)
        turn = torch.complex(real, imaginary) * torch.polar(torch.ones_like(tract), tract)
        direction = (mix * pulses + (1 - mix) * hiss) * turn
        direction = direction / (direction.abs() + 1e-5)
        return istft(torch.exp(log_magnitude) * direction, n_fft, hop)
