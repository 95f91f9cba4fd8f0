"""A small emotion2vec as it is published: names and shapes of the tensors, and its config.yaml."""

from pathlib import Path

import torch
import yaml
from published import waves
from torch import Tensor

AUDIO = "modality_encoders.AUDIO."
DIM, HEADS, HIDDEN, PRENET, DEPTH = 24, 6, 48, 2, 2
LAYERS = [(8, 10, 5), (8, 8, 4), (12, 2, 16)]
POSITIONS, KERNEL, GROUPS, EXTRA = 3, 6, 4, 3


def config(**changes) -> dict:
    """A published config.yaml; changes of its audio part."""
    audio = {
        "type": "AUDIO", "prenet_depth": PRENET, "prenet_layerdrop": 0.05, "prenet_dropout": 0.1,
        "start_drop_path_rate": 0.0, "end_drop_path_rate": 0.0, "num_extra_tokens": EXTRA,
        "init_extra_token_zero": True, "local_grad_mult": 1.0, "use_alibi_encoder": True,
        "alibi_scale": 1.0, "learned_alibi": False, "alibi_max_pos": None,
        "learned_alibi_scale": True, "learned_alibi_scale_per_head": True,
        "learned_alibi_scale_per_layer": False, "num_alibi_heads": HEADS, "model_depth": DEPTH,
        "decoder": None, "extractor_mode": "layer_norm",
        "feature_encoder_spec": "[(8, 10, 5)] + [(8, 8, 4)] * 1 + [(12,2,16)]",
        "conv_pos_width": POSITIONS * KERNEL, "conv_pos_groups": GROUPS,
        "conv_pos_depth": POSITIONS, "conv_pos_pre_ln": False, **changes,
    }  # fmt: skip
    model = {
        "depth": DEPTH, "start_drop_path_rate": 0.0, "end_drop_path_rate": 0.0, "num_heads": HEADS,
        "norm_eps": 1e-05, "norm_affine": True, "encoder_dropout": 0.1, "post_mlp_drop": 0.1,
        "attention_dropout": 0.1, "activation_dropout": 0.0, "dropout_input": 0.0,
        "layerdrop": 0.05, "embed_dim": DIM, "mlp_ratio": HIDDEN / DIM, "layer_norm_first": False,
        "average_top_k_layers": 2, "end_of_block_targets": False, "clone_batch": 8,
        "loss_beta": 0.0, "loss_scale": None, "normalize": True, "modalities": {"audio": audio},
    }  # fmt: skip
    return {"model": "Emotion2vec", "model_conf": model, "tokenizer": "CharTokenizer"}


def state(prefix: str = "") -> dict[str, Tensor]:
    """A published state dict; prefix: what wrappers put before the names."""
    names = {
        AUDIO + "extra_tokens": (1, EXTRA, DIM), AUDIO + "alibi_scale": (1, 1, HEADS, 1, 1),
        AUDIO + "project_features.1.weight": (12,), AUDIO + "project_features.1.bias": (12,),
        AUDIO + "project_features.2.weight": (DIM, 12), AUDIO + "project_features.2.bias": (DIM,),
        AUDIO + "context_encoder.norm.weight": (DIM,), AUDIO + "context_encoder.norm.bias": (DIM,),
    }  # fmt: skip
    before = 1
    for i, (channels, kernel, _) in enumerate(LAYERS):
        conv = f"{AUDIO}local_encoder.conv_layers.{i}."
        names |= {conv + "0.weight": (channels, before, kernel)}
        names |= {conv + "2.1.weight": (channels,), conv + "2.1.bias": (channels,)}
        before = channels
    for i in range(1, POSITIONS + 1):
        place = f"{AUDIO}relative_positional_encoder.{i}.0."
        names |= {place + "weight": (DIM, DIM // GROUPS, KERNEL), place + "bias": (DIM,)}
    for i in range(PRENET):
        names |= block(f"{AUDIO}context_encoder.blocks.{i}.")
    for i in range(DEPTH):
        names |= block(f"blocks.{i}.")
    made = waves(names)
    for name, tensor in made.items():
        if name.endswith("bias"):
            tensor.mul_(0.1)
        elif tensor.dim() == 1:  # a norm's gain, without which all frames come out alike
            tensor.add_(1)
    return {prefix + name: tensor for name, tensor in made.items()}


def block(start: str) -> dict[str, tuple[int, ...]]:
    return {
        start + "norm1.weight": (DIM,), start + "norm1.bias": (DIM,),
        start + "norm2.weight": (DIM,), start + "norm2.bias": (DIM,),
        start + "attn.qkv.weight": (3 * DIM, DIM), start + "attn.qkv.bias": (3 * DIM,),
        start + "attn.proj.weight": (DIM, DIM), start + "attn.proj.bias": (DIM,),
        start + "mlp.fc1.weight": (HIDDEN, DIM), start + "mlp.fc1.bias": (HIDDEN,),
        start + "mlp.fc2.weight": (DIM, HIDDEN), start + "mlp.fc2.bias": (DIM,),
    }  # fmt: skip


def write_folder(folder: Path) -> Path:
    """The published files: config.yaml, and model.pt with a classifier and a decoder beside."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(yaml.safe_dump(config()), encoding="utf-8")
    more = {"proj.weight": torch.zeros(9, DIM), AUDIO + "decoder.proj.weight": torch.zeros(2, 2)}
    torch.save({"model": state("d2v_model.") | more}, folder / "model.pt")
    return folder
