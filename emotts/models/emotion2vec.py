"""emotion2vec's encoder (Ma et al. 2023) for its published weights.

A data2vec 2.0 encoder (Baevski et al. 2022): convolutions over samples, convolutions for relative
position, and post-norm transformer blocks whose attention falls off with distance (ALiBi, Press et
al. 2021), after some learnt tokens that all frames may write to.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.errors import EmottsError
from emotts.models.foreign_weights import fill, read_settings, read_tensors, without_prefix

AUDIO = "modality_encoders.AUDIO."
PREFIXES = ("", "d2v_model.", "model.", "w2v_encoder.w2v_model.")
# Published names as patterns, and ours; decoder, teacher and classifier are left out.
NAMES = (
    (r"local_encoder\.conv_layers\.(\d+)\.0\.", r"local.\1.conv."),
    (r"local_encoder\.conv_layers\.(\d+)\.2\.1\.", r"local.\1.norm."),
    (r"project_features\.1\.", "project_norm."),
    (r"project_features\.2\.", "project."),
    (r"context_encoder\.norm\.", "prenet_norm."),
    (r"context_encoder\.blocks\.", "prenet."),
)
POSITION = re.compile(r"relative_positional_encoder\.(\d+)\.0\.(.*)")


class _Audio(BaseModel):
    """`model_conf.modalities.audio` of a published configuration."""

    model_config = ConfigDict(extra="ignore")
    feature_encoder_spec: list[tuple[int, int, int]]
    extractor_mode: Literal["layer_norm"] = "layer_norm"
    conv_pos_width: int = Field(95, gt=0)
    conv_pos_groups: int = Field(16, gt=0)
    conv_pos_depth: int = Field(5, gt=0)
    conv_pos_pre_ln: Literal[False] = False
    prenet_depth: int = Field(4, ge=0)
    num_extra_tokens: int = Field(10, ge=0)
    use_alibi_encoder: Literal[True] = True
    learned_alibi: Literal[False] = False
    learned_alibi_scale_per_head: bool = True
    learned_alibi_scale_per_layer: bool = False

    @field_validator("feature_encoder_spec", mode="before")
    @classmethod
    def _convolutions(cls, value: Any) -> Any:
        return layers_of(value) if isinstance(value, str) else value


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore")
    embed_dim: int = Field(768, gt=0)
    depth: int = Field(8, ge=0)
    num_heads: int = Field(12, gt=0)
    mlp_ratio: float = Field(4.0, gt=0)
    norm_eps: float = 1e-5
    norm_affine: Literal[True] = True
    layer_norm_first: Literal[False] = False
    normalize: bool = False
    modalities: dict[str, Any]

    @model_validator(mode="after")
    def _parts_agree(self) -> _Model:
        if self.embed_dim % self.num_heads:
            raise ValueError("num_heads does not divide embed_dim")
        return self


class Emotion2vecConfig(BaseModel):
    """What the encoder reads of a published `config.yaml`; field names are the published ones."""

    model_config = ConfigDict(extra="ignore")
    model: Literal["Emotion2vec"] = "Emotion2vec"
    model_conf: _Model

    @property
    def audio(self) -> _Audio:
        """The part about the audio encoder."""
        return _Audio.model_validate(self.model_conf.modalities["audio"])

    @model_validator(mode="after")
    def _has_audio(self) -> Emotion2vecConfig:
        if "audio" not in self.model_conf.modalities:
            raise ValueError("model_conf.modalities has no audio")
        self.audio  # noqa: B018 - names the field that is wrong
        return self


def layers_of(text: str) -> list[tuple[int, int, int]]:
    """Convolutions written as Python, "[(512, 10, 5)] + [(512, 3, 2)] * 4": (channels, kernel,
    stride) each. Only lists, their sums and multiples are understood; nothing is run.
    """

    def value(node: ast.expr) -> Any:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return [*value(node.left), *value(node.right)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            times = value(node.right)
            if not (isinstance(times, int) and 0 <= times <= 100):
                raise ValueError("a list is repeated 0 to 100 times")
            return [*value(node.left)] * times
        return ast.literal_eval(node)

    try:
        return value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, TypeError) as error:
        raise ValueError(f"{text!r} is no list of convolutions") from error


class _Convolution(nn.Module):
    def __init__(self, channels: tuple[int, int], kernel: int, stride: int):
        super().__init__()
        self.conv = nn.Conv1d(*channels, kernel, stride, bias=False)
        self.norm = nn.LayerNorm(channels[1])

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(self.norm(self.conv(x).transpose(1, 2))).transpose(1, 2)


class _Position(nn.Module):
    def __init__(self, dim: int, kernel: int, groups: int):
        super().__init__()
        self.conv = nn.Conv1d(dim, dim, kernel, padding=kernel // 2, groups=groups)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, frames, dim); an even kernel's last frame is dropped."""
        y = self.conv(x.transpose(1, 2))[..., : x.shape[1]].transpose(1, 2)
        return F.gelu(F.layer_norm(y, y.shape[-1:]))


class _Attention(nn.Module):
    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        batch, frames, dim = x.shape
        shape = (batch, frames, 3, self.heads, dim // self.heads)
        query, key, value = self.qkv(x).view(shape).permute(2, 0, 3, 1, 4)
        out = F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        return self.proj(out.transpose(1, 2).reshape(batch, frames, dim))


class _Block(nn.Module):
    """Post-norm transformer block; its names are the published ones."""

    def __init__(self, dim: int, heads: int, hidden: int, eps: float):
        super().__init__()
        self.attn = _Attention(dim, heads)
        self.norm1, self.norm2 = nn.LayerNorm(dim, eps=eps), nn.LayerNorm(dim, eps=eps)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(dim, hidden), "fc2": nn.Linear(hidden, dim)})

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        x = self.norm1(x + self.attn(x, bias))
        return self.norm2(x + self.mlp["fc2"](F.gelu(self.mlp["fc1"](x))))


class Emotion2vec(nn.Module):
    """Samples at 16 kHz to hidden states, one before and one after every block."""

    def __init__(self, config: Emotion2vecConfig):
        super().__init__()
        self.config, m, a = config, config.model_conf, config.audio
        sizes = [1, *(channels for channels, _, _ in a.feature_encoder_spec)]
        self.local = nn.ModuleList(
            _Convolution((before, size), kernel, stride)
            for before, (size, kernel, stride) in zip(sizes, a.feature_encoder_spec, strict=False)
        )
        self.project_norm = nn.LayerNorm(sizes[-1])
        self.project = nn.Linear(sizes[-1], m.embed_dim)
        kernel = max(3, a.conv_pos_width // a.conv_pos_depth)
        self.positional = nn.ModuleList(
            _Position(m.embed_dim, kernel, a.conv_pos_groups) for _ in range(a.conv_pos_depth)
        )
        self.extra_tokens = nn.Parameter(torch.randn(1, a.num_extra_tokens, m.embed_dim))
        depth = a.prenet_depth + m.depth
        self.alibi_scale = nn.Parameter(
            torch.ones(
                depth if a.learned_alibi_scale_per_layer else 1, 1,
                m.num_heads if a.learned_alibi_scale_per_head else 1, 1, 1,
            )
        )  # fmt: skip
        block = (m.embed_dim, m.num_heads, int(m.embed_dim * m.mlp_ratio), m.norm_eps)
        self.prenet_norm = nn.LayerNorm(m.embed_dim, eps=m.norm_eps)
        self.prenet = nn.ModuleList(_Block(*block) for _ in range(a.prenet_depth))
        self.blocks = nn.ModuleList(_Block(*block) for _ in range(m.depth))

    def forward(self, samples: Tensor, layer: int) -> Tensor:
        """samples: (batch, n); layer: how many blocks to run, those before the main ones included.

        Returns (batch, frames, embed_dim) after that block, without the extra tokens.
        """
        x = samples.unsqueeze(1)
        for part in self.local:
            x = part(x)
        x = self.project(self.project_norm(x.transpose(1, 2)))
        place = x
        for part in self.positional:
            place = part(place)
        x = x + place
        extra = self.extra_tokens.shape[1]
        bias = self.distance_bias(x.shape[1])
        bias = F.pad(bias, (extra, 0, extra, 0))
        x = torch.cat([self.extra_tokens.expand(len(x), -1, -1), x], dim=1)
        x = self.prenet_norm(x)
        for i, part in enumerate([*self.prenet, *self.blocks][:layer]):
            x = part(x, bias[i if len(bias) > 1 else 0])
        return x[:, extra:]

    def distance_bias(self, frames: int) -> Tensor:
        """What attention loses by distance, (1 or blocks, 1, heads, frames, frames)."""
        heads = self.config.model_conf.num_heads
        place = torch.arange(frames, device=self.alibi_scale.device)
        apart = -(place[:, None] - place[None, :]).abs().float()
        steep = torch.tensor(slopes(heads), device=apart.device).view(1, 1, heads, 1, 1)
        return steep * apart * self.alibi_scale.clamp_min(0)


def slopes(heads: int) -> list[float]:
    """How fast each head's attention falls: 2^(−8/n), 2^(−16/n), …; Press et al. 2021, §3.

    Where the number is no power of two, those of the power below, then every other one of the next.
    """
    power = 2 ** math.floor(math.log2(heads))
    first = [2.0 ** (-8 * (i + 1) / power) for i in range(power)]
    return first if power == heads else first + slopes(2 * power)[0::2][: heads - power]


def own_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Published weights under our names; EmottsError if they are no emotion2vec."""
    landmark = AUDIO + "local_encoder.conv_layers.0.0.weight"
    out = {}
    for name, tensor in without_prefix(state, landmark, PREFIXES, "emotion2vec encoder").items():
        if not name.startswith((AUDIO, "blocks.")) or name.startswith(AUDIO + "decoder."):
            continue
        name = name.removeprefix(AUDIO)
        if found := POSITION.fullmatch(name):
            name = f"positional.{int(found[1]) - 1}.conv.{found[2]}"
        for theirs, ours in NAMES:
            name = re.sub("^" + theirs, ours, name)
        if name == "alibi_scale" and tensor.dim() == 4:
            tensor = tensor.unsqueeze(0)
        out[name] = tensor
    return out


def load_emotion2vec(folder: str | Path) -> Emotion2vec:
    """The encoder of a published folder: config.yaml beside model.safetensors or one .pt file.

    Raises EmottsError where one of them is missing, does not fit, or holds more than tensors.
    """
    folder = Path(folder)
    settings = read_settings(folder / "config.yaml", Emotion2vecConfig, "emotion2vec")
    found = [folder / "model.safetensors", folder / "model.pt", *sorted(folder.glob("*.pt"))]
    weights = next((path for path in found if path.is_file()), None)
    if weights is None:
        raise EmottsError(f"{folder} holds no weights of emotion2vec: model.safetensors or a .pt")
    state = own_names(read_tensors(weights))
    return fill(Emotion2vec(settings), state, weights, "emotion2vec")
