"""BigVGAN's generator (Lee et al. 2023), for its published weights.

HiFi-GAN's shape with periodic activations: x + sin²(αx) / β, which gives tones their harmonics.
They would alias, so each is computed at twice the rate between two low-pass filters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.errors import EmottsError
from emotts.models.foreign_weights import renamed, without_prefix
from emotts.models.hifigan import HiFiGANConfig

RATIO, TAPS = 2, 12  # oversampling, and the length of its low-pass filters
# Published names and ours; the filters are made, and checked against the published ones.
NAMES = ((".act.alpha", ".alpha"), (".act.beta", ".beta"))
FILTER = (".upsample.filter", ".lowpass.filter")


class BigVGANConfig(HiFiGANConfig):
    """What the generator reads of a published `config.json`; field names are the published ones."""

    activation: Literal["snake", "snakebeta"] = "snakebeta"
    snake_logscale: bool = True
    use_tanh_at_final: bool = True
    use_bias_at_final: bool = True


def low_pass(cutoff: float, half_width: float, taps: int = TAPS) -> Tensor:
    """Kaiser-windowed sinc of unit gain at 0 Hz, (taps,).

    cutoff, half_width of the transition: as shares of the sampling rate. Kaiser 1974, as in
    Oppenheim & Schafer, Discrete-Time Signal Processing, §7.5.3.
    """
    half = taps // 2
    attenuation = 2.285 * (half - 1) * math.pi * 4 * half_width + 7.95
    if attenuation > 50:
        beta = 0.1102 * (attenuation - 8.7)
    elif attenuation >= 21:
        beta = 0.5842 * (attenuation - 21) ** 0.4 + 0.07886 * (attenuation - 21)
    else:
        beta = 0.0
    window = torch.kaiser_window(taps, periodic=False, beta=beta)
    time = torch.arange(taps) - (taps - 1) / 2
    taken = 2 * cutoff * window * torch.sinc(2 * cutoff * time)
    return taken / taken.sum()


class Snake(nn.Module):
    """x + sin²(αx) / β for every channel, at twice the rate; eq. 2 and fig. 2 of the paper.

    beta: a parameter of its own ("snakebeta"); otherwise α. logscale: parameters are logarithms.
    """

    def __init__(self, channels: int, beta: bool, logscale: bool):
        super().__init__()
        self.logscale = logscale
        start = torch.zeros(channels) if logscale else torch.ones(channels)
        self.alpha = nn.Parameter(start.clone())
        if beta:
            self.beta = nn.Parameter(start.clone())
        taps = low_pass(0.5 / RATIO, 0.6 / RATIO)
        self.register_buffer("taps", taps.view(1, 1, -1), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, time). Returns the same shape."""
        return self.down(self.curve(self.up(x)))

    def curve(self, x: Tensor) -> Tensor:
        """The activation alone, which aliases."""
        alpha, beta = self.alpha, getattr(self, "beta", self.alpha)
        if self.logscale:
            alpha, beta = alpha.exp(), beta.exp()
        alpha, beta = alpha.view(1, -1, 1), beta.view(1, -1, 1)
        return x + torch.sin(alpha * x).square() / (beta + 1e-9)

    def up(self, x: Tensor) -> Tensor:
        """(batch, channels, time) to (batch, channels, 2 · time)."""
        channels, edge = x.shape[1], TAPS // RATIO - 1
        x = F.pad(x, (edge, edge), mode="replicate")
        filters = self.taps.expand(channels, -1, -1)
        x = RATIO * F.conv_transpose1d(x, filters, stride=RATIO, groups=channels)
        cut = edge * RATIO + (TAPS - RATIO) // 2
        return x[..., cut:-cut]

    def down(self, x: Tensor) -> Tensor:
        """(batch, channels, 2 · time) to (batch, channels, time)."""
        channels = x.shape[1]
        x = F.pad(x, (TAPS // 2 - 1, TAPS // 2), mode="replicate")
        return F.conv1d(x, self.taps.expand(channels, -1, -1), stride=RATIO, groups=channels)


class Block(nn.Module):
    """Dilated convolutions behind periodic activations, each with a skip ("AMP block").

    pairs: a plain convolution follows each dilated one (resblock "1").
    """

    def __init__(self, channels: int, kernel: int, dilations: list[int], pairs: bool, snake):
        super().__init__()
        self.pairs = pairs
        if pairs:
            self.convs1 = nn.ModuleList(_conv(channels, kernel, d) for d in dilations)
            self.convs2 = nn.ModuleList(_conv(channels, kernel, 1) for _ in dilations)
        else:
            self.convs = nn.ModuleList(_conv(channels, kernel, d) for d in dilations)
        count = len(dilations) * (2 if pairs else 1)
        self.activations = nn.ModuleList(snake(channels) for _ in range(count))

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, time). Returns the same shape."""
        if not self.pairs:
            for conv, snake in zip(self.convs, self.activations, strict=True):
                x = x + conv(snake(x))
            return x
        first, second = self.activations[::2], self.activations[1::2]
        for dilated, plain, a, b in zip(self.convs1, self.convs2, first, second, strict=True):
            x = x + plain(b(dilated(a(x))))
        return x


class BigVGAN(nn.Module):
    """The generator; its module names are the published ones but for `NAMES`."""

    def __init__(self, config: BigVGANConfig):
        super().__init__()
        self.config = config
        width = config.upsample_initial_channel

        def snake(channels: int) -> Snake:
            return Snake(channels, config.activation == "snakebeta", config.snake_logscale)

        self.conv_pre = nn.Conv1d(config.num_mels, width, 7, padding=3)
        self.ups, self.resblocks = nn.ModuleList(), nn.ModuleList()
        for rate, kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
            up = nn.ConvTranspose1d(
                width, width // 2, kernel, rate, (kernel - rate + 1) // 2,
                output_padding=(kernel - rate) % 2,
            )  # fmt: skip
            self.ups.append(nn.ModuleList([up]))
            width //= 2
            for size, dilations in zip(
                config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True
            ):
                self.resblocks.append(Block(width, size, dilations, config.resblock == "1", snake))
        self.activation_post = snake(width)
        self.conv_post = nn.Conv1d(width, 1, 7, padding=3, bias=config.use_bias_at_final)

    def forward(self, mel: Tensor) -> Tensor:
        """Turn mels into samples.

        mel: (batch, bands, frames), natural log. Returns (batch, frames · hop) in -1…1.
        """
        x = self.conv_pre(mel)
        n_blocks = len(self.config.resblock_kernel_sizes)
        for i, (up,) in enumerate(self.ups):
            x = up(x)
            blocks = self.resblocks[i * n_blocks : (i + 1) * n_blocks]
            x = sum(block(x) for block in blocks) / n_blocks
        x = self.conv_post(self.activation_post(x)).squeeze(1)
        return torch.tanh(x) if self.config.use_tanh_at_final else x.clamp(-1.0, 1.0)


def own_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Published weights, weight norm folded, under our names; EmottsError if they are no BigVGAN.

    Raises too when the file's own low-pass filters are not those that the paper's formula gives.
    """
    prefixes = ("", "module.", "generator.")
    found = without_prefix(state, "activation_post.act.alpha", prefixes, "BigVGAN generator")
    ours = low_pass(0.5 / RATIO, 0.6 / RATIO)
    for name in [name for name in found if name.endswith(FILTER)]:
        theirs = found.pop(name).flatten()
        if theirs.shape != ours.shape or not torch.allclose(theirs, ours, atol=1e-4):
            raise EmottsError(f"the BigVGAN weights have other anti-aliasing filters ({name})")
    return renamed(found, NAMES)


def _conv(channels: int, kernel: int, dilation: int) -> nn.Conv1d:
    padding = (kernel - 1) * dilation // 2
    return nn.Conv1d(channels, channels, kernel, dilation=dilation, padding=padding)
