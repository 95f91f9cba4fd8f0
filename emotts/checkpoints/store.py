"""Checkpoints to and from disk: fp16 safetensors, JSON configuration, Markdown card."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from emotts.checkpoints.card import ModelCard, render
from emotts.checkpoints.files import replace_file
from emotts.checkpoints.index import add_to_index, check_file, read_index
from emotts.errors import EmottsError

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Checkpoint:
    """Weights by name (floats as float32, on the CPU) and the configuration they belong to."""

    tensors: dict[str, Tensor]
    config: dict[str, Any] = field(default_factory=dict)


def save_checkpoint(
    folder: str | Path,
    name: str,
    tensors: Mapping[str, Tensor],
    config: Mapping[str, Any],
    card: ModelCard | Mapping[str, Any],
) -> None:
    """Write one checkpoint into a set and enter it in the index, last.

    name: lower-case letters, digits, `-` and `_`; an earlier checkpoint of that name is replaced.
    tensors: floats of any precision are stored as fp16, integers and booleans as they are.
    config: anything JSON can hold. card: see `ModelCard`.
    Raises EmottsError, before anything is written, for a NaN, an infinity or a value beyond fp16,
    and for a name, configuration or card that cannot be stored.
    """
    if not _NAME.fullmatch(name) or name == "index":
        raise EmottsError(
            f"{name!r} cannot name a checkpoint: use lower-case letters, digits, - and _"
        )
    folder = Path(folder)
    stored = {key: _to_store(key, tensor, name) for key, tensor in tensors.items()}
    parameters = sum(tensor.numel() for tensor in stored.values())
    texts = {
        f"{name}.json": _to_json(config, name),
        f"{name}.md": render(name, _to_card(card, name), parameters),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmottsError(f"cannot make the folder {folder}: {error.strerror}") from error
    weights = f"{name}.safetensors"
    replace_file(folder / weights, lambda path: save_file(stored, path))
    for file, text in texts.items():
        replace_file(folder / file, lambda path, text=text: path.write_text(text, encoding="utf-8"))
    add_to_index(folder, [weights, *texts])


def load_checkpoint(folder: str | Path, name: str) -> Checkpoint:
    """Read one checkpoint of a set after checking its size and SHA-256.

    Tensors are read and widened one by one, so that no second copy of the file is held.
    Raises EmottsError naming the file that is missing, truncated or altered, or the weight that
    is not a number.
    """
    folder = Path(folder)
    index = read_index(folder)
    weights, configuration = f"{name}.safetensors", f"{name}.json"
    check_file(folder, index, weights)
    check_file(folder, index, configuration)
    try:
        config = json.loads((folder / configuration).read_text(encoding="utf-8"))
    except ValueError as error:
        raise EmottsError(f"{folder / configuration} is not JSON: {error}") from error
    tensors = {}
    try:
        with safe_open(folder / weights, framework="pt", device="cpu") as file:
            for key in file.keys():
                tensors[key] = _from_store(key, file.get_tensor(key), folder / weights)
    except SafetensorError as error:
        raise EmottsError(f"{folder / weights} is not a safetensors file: {error}") from error
    return Checkpoint(tensors, config)


def _to_store(key: str, tensor: Tensor, name: str) -> Tensor:
    """A tensor of its own storage, floats in fp16."""
    tensor = tensor.detach().cpu()
    if tensor.is_floating_point():
        half = tensor.to(torch.float16)
        if not torch.isfinite(half).all():
            finite = torch.isfinite(tensor).all()
            problem = "holds a value beyond fp16's 65504" if finite else "holds NaN or infinity"
            raise EmottsError(f"checkpoint {name} was not saved: weight {key} {problem}")
        tensor = half
    return tensor.clone(memory_format=torch.contiguous_format)


def _from_store(key: str, tensor: Tensor, path: Path) -> Tensor:
    if not tensor.is_floating_point():
        return tensor.clone()
    if not torch.isfinite(tensor).all():
        raise EmottsError(f"{path}: weight {key} holds NaN or infinity")
    return tensor.to(torch.float32, copy=True)


def _to_json(config: Mapping[str, Any], name: str) -> str:
    try:
        return json.dumps(dict(config), indent=1, allow_nan=False, ensure_ascii=False) + "\n"
    except (TypeError, ValueError) as error:
        raise EmottsError(f"the configuration of checkpoint {name} is not JSON: {error}") from error


def _to_card(card: ModelCard | Mapping[str, Any], name: str) -> ModelCard:
    if isinstance(card, ModelCard):
        return card
    try:
        return ModelCard.model_validate(dict(card))
    except ValidationError as error:
        found = ", ".join(f"{e['loc'][0]}: {e['msg']}" for e in error.errors())
        raise EmottsError(
            f"the card of checkpoint {name} needs corpora and command ({found})"
        ) from error
