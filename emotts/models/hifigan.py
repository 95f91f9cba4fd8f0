"""HiFi-GAN's generator, so that its published weights can stand in for our vocoder."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.audio.constants import HOP_LENGTH, MEL_FMAX, N_FFT, N_MELS, SAMPLE_RATE
from emotts.errors import EmottsError

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

    def differences(self) -> list[str]:
        """Name what its mel spectrogram has otherwise than emotts's, which it will be fed."""
        ours = {
            "sampling_rate": SAMPLE_RATE,
            "hop_size": HOP_LENGTH,
            "n_fft": N_FFT,
            "fmin": 0.0,
            "fmax": MEL_FMAX,
        }
        mine = {name: getattr(self, name) for name in ours}
        mine["fmax"] = mine["fmax"] or self.sampling_rate / 2
        return [
            f"{name} {mine[name]:g} for {ours[name]:g}" for name in ours if mine[name] != ours[name]
        ]


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
    settings = read_config(Path(config) if config is not None else weights.with_name("config.json"))
    if settings.num_mels != N_MELS:
        raise EmottsError(f"{weights} reads {settings.num_mels} mel bands; emotts makes {N_MELS}")
    if settings.differences():
        warnings.warn(
            f"{weights} was trained for other mels ({', '.join(settings.differences())}): "
            "expect a shifted or dull voice",
            stacklevel=2,
        )
    generator = HiFiGAN(settings)
    state = fold_weight_norm(_strip(_read_tensors(weights)))
    try:
        generator.load_state_dict(state)
    except RuntimeError as error:
        first = str(error).splitlines()[-1].strip()
        raise EmottsError(f"{weights} does not fit its HiFi-GAN configuration: {first}") from error
    return generator.eval()


def read_config(path: Path) -> HiFiGANConfig:
    """Read a published `config.json`; name the file and the field that is wrong."""
    try:
        return HiFiGANConfig.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise EmottsError(f"cannot read the HiFi-GAN configuration {path}") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise EmottsError(f"the HiFi-GAN configuration {path} is not json") from error
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"]) or "whole"
        raise EmottsError(
            f"the HiFi-GAN configuration {path} is wrong ({where}): {problem['msg']}"
        ) from error


def fold_weight_norm(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Replace direction and gain by the weight they stand for: w = g · v / ‖v‖.

    Reads both of PyTorch's spellings, `weight_g`/`weight_v` and `parametrizations.weight.original0`
    and `1`; other tensors pass through. Salimans and Kingma 2016, eq. 2.
    """
    spellings = (
        ("weight_g", "weight_v"),
        ("parametrizations.weight.original0", "parametrizations.weight.original1"),
    )
    folded = dict(state)
    for gain_name, direction_name in spellings:
        for name in [name for name in folded if name.endswith("." + gain_name)]:
            stem = name.removesuffix(gain_name)
            if stem + direction_name not in folded:
                raise EmottsError(f"{name} has no {stem + direction_name} to go with it")
            gain, direction = folded.pop(name), folded.pop(stem + direction_name)
            norm = direction.flatten(1).norm(dim=1).view(-1, *[1] * (direction.dim() - 1))
            folded[stem + "weight"] = gain * direction / norm
    return folded


def _conv(channels: int, kernel_size: int, dilation: int) -> nn.Conv1d:
    padding = (kernel_size - 1) * dilation // 2
    return nn.Conv1d(channels, channels, kernel_size, dilation=dilation, padding=padding)


def _read_tensors(path: Path) -> dict[str, Tensor]:
    """Read a state dict by a loader that cannot run code."""
    if not path.is_file():
        raise EmottsError(f"the HiFi-GAN weights {path} do not exist")
    if path.suffix == ".safetensors":
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            return load_file(path)
        except SafetensorError as error:
            raise EmottsError(f"{path} is not a whole safetensors file") from error
    from pickle import UnpicklingError

    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, EOFError) as error:
        raise EmottsError(f"{path} is not a PyTorch file of tensors alone") from error
    for wrapper in ("generator", "state_dict", "model"):
        if isinstance(content, dict) and isinstance(content.get(wrapper), dict):
            content = content[wrapper]
    return {k: v for k, v in content.items() if isinstance(v, Tensor)}


def _strip(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Keep the generator's tensors, without the prefix a wrapper gave them; as float32."""
    for prefix in ("module.", "generator.", "model_g.", ""):
        if prefix + "conv_post.bias" in state:
            return {
                name.removeprefix(prefix): tensor.float()
                for name, tensor in state.items()
                if name.startswith(prefix)
            }
    raise EmottsError("the weights hold no HiFi-GAN generator (no conv_post)")
