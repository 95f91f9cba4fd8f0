"""HiFi-GAN's generator, so that its published weights can stand in for our vocoder."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.audio.constants import HOP_LENGTH, MEL_FMAX, N_FFT, N_MELS, SAMPLE_RATE
from emotts.audio.mel_config import MEL_24K, MelConfig
from emotts.errors import EmottsError
from emotts.models.foreign_weights import (
    fill,
    fold_weight_norm,
    read_settings,
    read_tensors,
    without_prefix,
)

SLOPE = 0.1


class HiFiGANConfig(BaseModel):
    """What the generator reads of a published `config.json`; training settings are skipped.

    Field names are the published ones.
    """

    model_config = ConfigDict(extra="ignore")

    resblock: Literal["1", "2"] = "1"
    upsample_rates: list[int] = Field(min_length=1)
    upsample_kernel_sizes: list[int] = Field(min_length=1)
    upsample_initial_channel: int = Field(gt=0)
    resblock_kernel_sizes: list[int] = Field(min_length=1)
    resblock_dilation_sizes: list[list[int]] = Field(min_length=1)
    num_mels: int = N_MELS
    sampling_rate: int = SAMPLE_RATE
    hop_size: int = HOP_LENGTH
    n_fft: int = N_FFT
    fmin: float = 0.0
    fmax: float | None = MEL_FMAX

    @model_validator(mode="after")
    def _lengths_agree(self) -> HiFiGANConfig:
        if len(self.upsample_rates) != len(self.upsample_kernel_sizes):
            raise ValueError("upsample_rates and upsample_kernel_sizes differ in length")
        if len(self.resblock_kernel_sizes) != len(self.resblock_dilation_sizes):
            raise ValueError("resblock_kernel_sizes and resblock_dilation_sizes differ in length")
        hop = 1
        for rate in self.upsample_rates:
            hop *= rate
        pairs = zip(self.upsample_rates, self.upsample_kernel_sizes, strict=True)
        if any(rate < 1 or kernel < rate for rate, kernel in pairs):
            raise ValueError("every upsample_kernel_size must be at least its upsample_rate")
        if hop != self.hop_size:
            raise ValueError(f"upsample_rates multiply to {hop}, not to hop_size {self.hop_size}")
        return self

    def mel(self) -> MelConfig:
        """The mel it was trained on."""
        return MelConfig(
            self.sampling_rate, self.n_fft, self.hop_size, self.num_mels, self.fmin,
            self.fmax or self.sampling_rate / 2,
        )  # fmt: skip


class ResidualBlock1(nn.Module):
    """Pairs of a dilated and a plain convolution, each with a skip. Kong et al. 2020, app. A."""

    def __init__(self, channels: int, kernel_size: int, dilations: list[int]):
        super().__init__()
        self.convs1 = nn.ModuleList(_conv(channels, kernel_size, d) for d in dilations)
        self.convs2 = nn.ModuleList(_conv(channels, kernel_size, 1) for _ in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, time). Returns the same shape."""
        for dilated, plain in zip(self.convs1, self.convs2, strict=True):
            x = x + plain(F.leaky_relu(dilated(F.leaky_relu(x, SLOPE)), SLOPE))
        return x


class ResidualBlock2(nn.Module):
    """Dilated convolutions, each with a skip; the small generator's block."""

    def __init__(self, channels: int, kernel_size: int, dilations: list[int]):
        super().__init__()
        self.convs = nn.ModuleList(_conv(channels, kernel_size, d) for d in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, time). Returns the same shape."""
        for conv in self.convs:
            x = x + conv(F.leaky_relu(x, SLOPE))
        return x


class HiFiGAN(nn.Module):
    """Generator of Kong et al. 2020, its module names those of the published weights."""

    def __init__(self, config: HiFiGANConfig):
        super().__init__()
        self.config = config
        width = config.upsample_initial_channel
        block = ResidualBlock1 if config.resblock == "1" else ResidualBlock2
        self.conv_pre = nn.Conv1d(config.num_mels, width, 7, padding=3)
        self.ups = nn.ModuleList()
        self.resblocks = nn.ModuleList()
        for rate, kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
            padding = (kernel - rate + 1) // 2
            self.ups.append(
                nn.ConvTranspose1d(
                    width, width // 2, kernel, rate, padding, output_padding=(kernel - rate) % 2
                )
            )
            width //= 2
            for size, dilations in zip(
                config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True
            ):
                self.resblocks.append(block(width, size, dilations))
        self.conv_post = nn.Conv1d(width, 1, 7, padding=3)

    def forward(self, mel: Tensor) -> Tensor:
        """Turn mels into samples.

        mel: (batch, 80, frames), natural log. Returns (batch, frames · hop) in -1…1.
        """
        x = self.conv_pre(mel)
        n_blocks = len(self.config.resblock_kernel_sizes)
        for i, up in enumerate(self.ups):
            x = up(F.leaky_relu(x, SLOPE))
            blocks = self.resblocks[i * n_blocks : (i + 1) * n_blocks]
            x = sum(block(x) for block in blocks) / n_blocks
        # The published generator leaves the last slope at PyTorch's default.
        return torch.tanh(self.conv_post(F.leaky_relu(x))).squeeze(1)


def load_hifigan(weights: str | Path, config: str | Path | None = None) -> HiFiGAN:
    """Load a published HiFi-GAN generator, ready to synthesize.

    weights: `.safetensors`, or a PyTorch file that is read without unpickling objects; weight
    normalisation is folded in. config: its json; by default `config.json` beside the weights.
    Warns when it was trained for other mels than emotts makes.
    """
    weights = Path(weights)
    beside = Path(config) if config is not None else weights.with_name("config.json")
    settings = read_settings(beside, HiFiGANConfig, "HiFi-GAN")
    if settings.num_mels != N_MELS:
        raise EmottsError(f"{weights} reads {settings.num_mels} mel bands; emotts makes {N_MELS}")
    if differences := settings.mel().differences(MEL_24K):
        warnings.warn(
            f"{weights} was trained for other mels ({', '.join(differences)}): "
            "expect a shifted or dull voice",
            stacklevel=2,
        )
    state = own_names(fold_weight_norm(read_tensors(weights, "HiFi-GAN weights")))
    return fill(HiFiGAN(settings), state, weights, "HiFi-GAN")


def own_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The generator's tensors, without the prefix a wrapper gave them; our names are theirs."""
    prefixes = ("module.", "generator.", "model_g.", "")
    return without_prefix(state, "conv_post.bias", prefixes, "HiFi-GAN generator")


def _conv(channels: int, kernel_size: int, dilation: int) -> nn.Conv1d:
    padding = (kernel_size - 1) * dilation // 2
    return nn.Conv1d(channels, channels, kernel_size, dilation=dilation, padding=padding)
