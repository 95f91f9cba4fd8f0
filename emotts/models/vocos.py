"""Vocos (Siuzdak 2023): ConvNeXt backbone, inverse STFT head, for its published mel weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, model_validator
from torch import Tensor, nn

from emotts.audio.mel_config import MelConfig
from emotts.errors import EmottsError
from emotts.models.foreign_weights import renamed, without_prefix
from emotts.models.layers import ResidualStack
from emotts.models.spectral import hann, istft

LOUDEST = 100.0  # of a bin's magnitude, where the published head clips
FLOOR = 1e-7  # of the published mel
# Published names and ours; buffers (window, filterbank) are made, not read.
NAMES = (
    ("backbone.embed.", "embed."),
    ("backbone.norm.", "first_norm."),
    ("backbone.final_layer_norm.", "backbone.norm."),
    ("backbone.convnext.", "backbone.blocks."),
    (".dwconv.", ".depthwise.conv."),
    (".pwconv1.", ".expand."),
    (".pwconv2.", ".contract."),
    (".gamma", ".scale"),
    ("head.out.", "head."),
)
MADE = ("feature_extractor.", "head.istft.")


class _Features(BaseModel):
    """`init_args` of the published MelSpectrogramFeatures."""

    model_config = ConfigDict(extra="ignore")
    sample_rate: int = 24000
    n_fft: int = 1024
    hop_length: int = 256
    n_mels: int = 100
    padding: Literal["center", "same"] = "center"


class _Backbone(BaseModel):
    model_config = ConfigDict(extra="ignore")
    input_channels: int = Field(gt=0)
    dim: int = Field(gt=0)
    intermediate_dim: int = Field(gt=0)
    num_layers: int = Field(gt=0)
    adanorm_num_embeddings: None = None


class _Head(BaseModel):
    model_config = ConfigDict(extra="ignore")
    dim: int
    n_fft: int
    hop_length: int
    padding: Literal["center", "same"] = "same"


class _FeaturePart(BaseModel):
    class_path: str = Field(pattern=r"(^|\.)MelSpectrogramFeatures$")
    init_args: _Features = _Features()


class _BackbonePart(BaseModel):
    class_path: str = Field(pattern=r"(^|\.)VocosBackbone$")
    init_args: _Backbone


class _HeadPart(BaseModel):
    class_path: str = Field(pattern=r"(^|\.)ISTFTHead$")
    init_args: _Head


class VocosConfig(BaseModel):
    """What the model reads of a published `config.yaml`; field names are the published ones."""

    model_config = ConfigDict(extra="ignore")
    feature_extractor: _FeaturePart
    backbone: _BackbonePart
    head: _HeadPart

    @model_validator(mode="after")
    def _parts_agree(self) -> VocosConfig:
        features, backbone, head = (
            part.init_args for part in (self.feature_extractor, self.backbone, self.head)
        )
        if backbone.input_channels != features.n_mels:
            raise ValueError("backbone.input_channels is not feature_extractor.n_mels")
        if head.dim != backbone.dim:
            raise ValueError("head.dim is not backbone.dim")
        for name in ("n_fft", "hop_length", "padding"):
            if getattr(head, name) != getattr(features, name):
                raise ValueError(f"head.{name} is not feature_extractor.{name}")
        return self

    def mel(self) -> MelConfig:
        """The mel it was trained on: torchaudio's, HTK triangles of unit height, floor 1e-7."""
        f = self.feature_extractor.init_args
        return MelConfig(
            f.sample_rate, f.n_fft, f.hop_length, f.n_mels, 0.0, f.sample_rate / 2, FLOOR, "htk",
            f.padding,
        )  # fmt: skip


class Vocos(nn.Module):
    """Mel to audio; the backbone is that of our own vocoder, the phase comes out of the head."""

    def __init__(self, config: VocosConfig):
        super().__init__()
        self.config = config
        b, h = config.backbone.init_args, config.head.init_args
        self.n_fft, self.hop, self.padding = h.n_fft, h.hop_length, h.padding
        self.embed = nn.Conv1d(b.input_channels, b.dim, 7, padding=3)
        self.first_norm = nn.LayerNorm(b.dim, eps=1e-6)
        self.backbone = ResidualStack(b.dim, b.intermediate_dim, b.num_layers)
        self.head = nn.Linear(b.dim, h.n_fft + 2)

    def spectrum(self, mel: Tensor) -> Tensor:
        """mel: (batch, bands, frames). Returns the complex (batch, frames, n_fft // 2 + 1)."""
        x = self.first_norm(self.embed(mel).transpose(1, 2))
        log_magnitude, phase = self.head(self.backbone(x)).chunk(2, dim=-1)
        return torch.polar(torch.exp(log_magnitude).clamp(max=LOUDEST), phase)

    def forward(self, mel: Tensor) -> Tensor:
        """Turn mels into samples.

        mel: (batch, bands, frames), of `config.mel()`. Returns (batch, frames · hop), or
        (batch, (frames − 1) · hop) where the padding is "center".
        """
        return inverse(self.spectrum(mel), self.n_fft, self.hop, self.padding)


def inverse(spectrum: Tensor, n_fft: int, hop: int, padding: str) -> Tensor:
    """Inverse STFT with a Hann window; (batch, frames, bins) to samples, as `Vocos.forward` says.

    The published paddings: "same" has a frame centred on every hop, "center" one at its multiples.
    """
    if padding == "same":
        return istft(spectrum, n_fft, hop)
    window = hann(n_fft, str(spectrum.device))
    return torch.istft(spectrum.transpose(1, 2), n_fft, hop, window=window, center=True)


def own_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Published weights under our names; EmottsError if they are no Vocos."""
    found = without_prefix(state, "backbone.embed.weight", ("", "module.", "model."), "Vocos")
    if any("codebook" in name for name in found):
        raise EmottsError("this Vocos reads EnCodec tokens; only Vocos for mels can be used")
    kept = {name: tensor for name, tensor in found.items() if not name.startswith(MADE)}
    kept = {k: v for k, v in kept.items() if k.startswith(("backbone.", "head."))}
    out = renamed(kept, NAMES)
    for name, tensor in out.items():
        if name.endswith(".depthwise.conv.weight"):
            out[name] = tensor.unsqueeze(2)
    return out
