"""UTMOS22's strong learner rebuilt from its published weights.

Saeki et al. 2022, "UTMOS: UTokyo-SaruLab System for VoiceMOS Challenge 2022": wav2vec 2.0 base,
an embedding of the data domain and one of the listener beside every frame, a bidirectional LSTM
and a two-layer projection whose mean over frames is 2·x + 3. The layout read here is the one
without the phoneme encoder, `utmos22_strong_*.pt` (or the same names as .safetensors). Sizes are
read from the tensors.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from emotts.errors import EmottsError

STRIDES = (5, 2, 2, 2, 2, 2, 2)  # of wav2vec 2.0; no tensor shows them
HEAD_DIM = 64
_POSITION = "encoder.pos_conv_embed.conv."
_NAMES = (  # fairseq's names, and transformers'
    (r"feature_extractor\.conv_layers\.(\d+)\.0\.", r"feature_extractor.conv_layers.\1.conv."),
    (r"feature_extractor\.conv_layers\.0\.2\.", "feature_extractor.conv_layers.0.layer_norm."),
    (r"layer_norm\.", "feature_projection.layer_norm."),
    (r"post_extract_proj\.", "feature_projection.projection."),
    (r"mask_emb", "masked_spec_embed"),
    (r"encoder\.pos_conv\.0\.weight_g", f"{_POSITION}parametrizations.weight.original0"),
    (r"encoder\.pos_conv\.0\.weight_v", f"{_POSITION}parametrizations.weight.original1"),
    (r"encoder\.pos_conv\.0\.bias", f"{_POSITION}bias"),
    (r"(encoder\.layers\.\d+\.)self_attn_layer_norm\.", r"\1layer_norm."),
    (r"(encoder\.layers\.\d+\.)self_attn\.", r"\1attention."),
    (r"(encoder\.layers\.\d+\.)fc1\.", r"\1feed_forward.intermediate_dense."),
    (r"(encoder\.layers\.\d+\.)fc2\.", r"\1feed_forward.output_dense."),
)  # fmt: skip


class UtmosStrong(nn.Module):
    """wav2vec2: an encoder of samples; the other sizes as in the weights."""

    def __init__(self, wav2vec2: nn.Module, domain: int, judge: int, hidden: int, projected: int):
        super().__init__()
        self.wav2vec2 = wav2vec2
        self.domain_emb = nn.Parameter(torch.zeros(1, domain))
        self.judge_emb = nn.Parameter(torch.zeros(1, judge))
        width = wav2vec2.config.hidden_size + domain + judge
        self.blstm = nn.LSTM(width, hidden, batch_first=True, bidirectional=True)
        self.projection = nn.Sequential(
            nn.Linear(2 * hidden, projected), nn.ReLU(), nn.Linear(projected, 1)
        )

    def forward(self, samples: Tensor) -> Tensor:
        """samples: (batch, n) at 16 kHz. Returns opinions (batch,)."""
        frames = self.wav2vec2(samples).last_hidden_state
        batch, count, _ = frames.shape
        beside = torch.cat([self.domain_emb, self.judge_emb], dim=1).expand(batch, count, -1)
        heard, _ = self.blstm(torch.cat([frames, beside], dim=2))
        return 2 * self.projection(heard).mean(dim=(1, 2)) + 3


def utmos_weights(source: str | Path) -> Path:
    """The weight file of a folder, or the file itself."""
    path = Path(source).expanduser()
    if path.is_file():
        return path
    found = sorted(path.glob("*.safetensors")) + sorted(path.glob("*.pt"))
    if not found:
        raise EmottsError(f"{source} holds no weights of UTMOS22 strong (.safetensors or .pt)")
    return found[0]


def load_utmos(source: str | Path) -> UtmosStrong:
    """Build the model from a folder or file; raises EmottsError for another model's weights."""
    from emotts.models.torchaudio_stand_in import install

    install()
    from transformers import Wav2Vec2Model

    path = utmos_weights(source)
    tensors = _read(path)
    try:
        model = UtmosStrong(
            Wav2Vec2Model(_config(tensors)), tensors["domain_emb"].shape[1],
            tensors["judge_emb"].shape[1], tensors["blstm.weight_hh_l0"].shape[1],
            tensors["projection.0.weight"].shape[0],
        )  # fmt: skip
        model.load_state_dict({_renamed(name): tensor for name, tensor in tensors.items()})
    except (KeyError, IndexError, RuntimeError) as error:
        raise EmottsError(f"{path} holds the weights of another model than UTMOS22's") from error
    return model.eval().requires_grad_(False)


def _read(path: Path) -> dict[str, Tensor]:
    import pickle

    if path.suffix == ".safetensors":
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            return load_file(path)
        except SafetensorError as error:
            raise EmottsError(f"{path} is no file of safetensors") from error
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise EmottsError(f"{path} holds more than tensors, or none") from error


def _config(tensors: dict[str, Tensor]) -> Any:
    from transformers import Wav2Vec2Config

    kernels = [
        tensors[f"wav2vec2.feature_extractor.conv_layers.{i}.0.weight"].shape
        for i in range(len(STRIDES))
    ]
    position = tensors["wav2vec2.encoder.pos_conv.0.weight_v"].shape
    dim = position[0]
    layers = {name.split(".")[3] for name in tensors if name.startswith("wav2vec2.encoder.layers.")}
    return Wav2Vec2Config(
        hidden_size=dim, num_hidden_layers=len(layers), num_attention_heads=max(1, dim // HEAD_DIM),
        intermediate_size=tensors["wav2vec2.encoder.layers.0.fc1.weight"].shape[0],
        conv_dim=[shape[0] for shape in kernels], conv_kernel=[shape[2] for shape in kernels],
        conv_stride=list(STRIDES), num_conv_pos_embeddings=position[2],
        num_conv_pos_embedding_groups=dim // position[1], layerdrop=0.0,
    )  # fmt: skip


def _renamed(name: str) -> str:
    if not name.startswith("wav2vec2."):
        return name
    inner = name.removeprefix("wav2vec2.")
    for pattern, replacement in _NAMES:
        new, count = re.subn(f"^{pattern}", replacement, inner)
        if count:
            return f"wav2vec2.{new}"
    return name
