"""Critics of waveforms: spectrograms at several resolutions, and periods.

After UnivNet's multi-resolution (Jang 2021) and HiFi-GAN's multi-period discriminator (Kong 2020),
slim enough for a CPU.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.models.spectral import stft

Features = list[Tensor]


class SpectrogramCritic(nn.Module):
    """2-d convolutions over the compressed magnitude spectrogram of one resolution."""

    def __init__(self, n_fft: int, channels: int = 16):
        super().__init__()
        self.n_fft = n_fft
        sizes = [1, channels, channels, 2 * channels, 2 * channels]
        strides = [(1, 2), (2, 2), (2, 2), (1, 2)]
        self.layers = nn.ModuleList(
            nn.Conv2d(a, b, (3, 7), stride=stride, padding=(1, 3))
            for a, b, stride in zip(sizes, sizes[1:], strides, strict=False)
        )
        self.out = nn.Conv2d(sizes[-1], 1, (3, 3), padding=1)

    def forward(self, samples: Tensor) -> tuple[Tensor, Features]:
        magnitude = stft(samples, self.n_fft, self.n_fft // 4).abs()
        x = magnitude.clamp_min(1e-5).pow(0.3).unsqueeze(1)
        features = []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.1)
            features.append(x)
        return self.out(x), features


class PeriodCritic(nn.Module):
    """Convolutions over the waveform folded at one period; weights shared by all periods."""

    def __init__(self, channels: int = 16):
        super().__init__()
        sizes = [1, channels, 2 * channels, 4 * channels, 4 * channels]
        self.layers = nn.ModuleList(
            nn.Conv2d(a, b, (5, 1), stride=(3, 1), padding=(2, 0))
            for a, b in zip(sizes, sizes[1:], strict=False)
        )
        self.out = nn.Conv2d(sizes[-1], 1, (3, 1), padding=(1, 0))

    def forward(self, samples: Tensor, period: int) -> tuple[Tensor, Features]:
        usable = samples.shape[-1] // period * period
        x = samples[:, :usable].reshape(len(samples), 1, -1, period)
        features = []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.1)
            features.append(x)
        return self.out(x), features


class Critics(nn.Module):
    """All resolutions, and one period a call."""

    periods = (2, 3, 5, 7, 11)

    def __init__(self, channels: int = 16, sizes: tuple[int, ...] = (256, 1024, 2048)):
        super().__init__()
        self.spectrogram = nn.ModuleList(SpectrogramCritic(n, channels) for n in sizes)
        self.period = nn.ModuleList(PeriodCritic(channels) for _ in self.periods)

    def forward(self, samples: Tensor, which: int) -> list[tuple[Tensor, Features]]:
        index = which % len(self.periods)
        return [critic(samples) for critic in self.spectrogram] + [
            self.period[index](samples, self.periods[index])
        ]


def critic_loss(real: list, fake: list) -> Tensor:
    """Hinge loss of the critics (Lim & Ye 2017), mean over critics."""
    parts = [
        F.relu(1 - r).mean() + F.relu(1 + f).mean()
        for (r, _), (f, _) in zip(real, fake, strict=True)
    ]
    return torch.stack(parts).mean()


def generator_loss(real: list, fake: list) -> tuple[Tensor, Tensor]:
    """Adversarial hinge loss and feature matching, mean over critics."""
    adversarial = torch.stack([F.relu(1 - f).mean() for f, _ in fake]).mean()
    matching = torch.stack(
        [
            F.l1_loss(b, a.detach()) / (a.detach().abs().mean() + 1e-3)
            for (_, xs), (_, ys) in zip(real, fake, strict=True)
            for a, b in zip(xs, ys, strict=True)
        ]
    ).mean()
    return adversarial, matching
