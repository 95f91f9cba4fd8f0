"""Weights of other projects: read without running code, weight normalisation folded in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError
from torch import Tensor, nn

from emotts.errors import EmottsError

WRAPPERS = ("generator", "state_dict", "model")


def read_tensors(path: str | Path, what: str = "weights") -> dict[str, Tensor]:
    """Read a state dict by a loader that cannot run code, onto the CPU.

    path: `.safetensors`, or a file of torch.save (.pt, .pth, .bin, .ckpt), where the state dict
    may lie under `generator`, `state_dict` or `model`; what is no tensor is left out. what: how
    the error names it. Raises EmottsError for a file that is missing, torn or holds objects.
    """
    path = Path(path)
    if not path.is_file():
        raise EmottsError(f"the {what} {path} do not exist")
    if path.suffix == ".safetensors":
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            return load_file(path)
        except SafetensorError as error:
            raise EmottsError(f"{path} is not a whole safetensors file") from error
    return _tensors_of(_unpacked(path))


def _unpacked(path: Path):
    from pickle import UnpicklingError

    import torch

    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, EOFError, OSError) as error:
        raise EmottsError(
            f"{path} is not a PyTorch file of tensors alone: it is torn, or holds objects whose "
            "reading would run code; ask its author for safetensors"
        ) from error


def _tensors_of(content) -> dict[str, Tensor]:
    for wrapper in WRAPPERS:
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            content = content[wrapper]
    if not isinstance(content, Mapping):
        return {}
    return {k: v for k, v in content.items() if isinstance(k, str) and isinstance(v, Tensor)}


def fold_weight_norm(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
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


def without_prefix(
    state: Mapping[str, Tensor], landmark: str, prefixes: tuple[str, ...], what: str
) -> dict[str, Tensor]:
    """Keep what lies under the prefix before `landmark`, without it, as float32.

    Raises EmottsError when no prefix has the landmark: the weights are not of that model.
    """
    for prefix in prefixes:
        if prefix + landmark in state:
            return {
                name.removeprefix(prefix): tensor.float()
                for name, tensor in state.items()
                if name.startswith(prefix)
            }
    raise EmottsError(f"the weights hold no {what} (no {landmark})")


def renamed(state: Mapping[str, Tensor], table: tuple[tuple[str, str], ...]) -> dict[str, Tensor]:
    """Write published names as ours: every pair of the table is a replacement within a name."""
    out = {}
    for name, tensor in state.items():
        for theirs, ours in table:
            name = name.replace(theirs, ours)
        out[name] = tensor
    return out


def read_settings(path: Path, kind: type[BaseModel], what: str) -> BaseModel:
    """Read a published configuration, json or yaml by its ending, into `kind`.

    Raises EmottsError naming the file, and the field that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise EmottsError(f"cannot read the {what} configuration {path}") from error
    except UnicodeDecodeError as error:
        raise EmottsError(f"the {what} configuration {path} is not json or yaml") from error
    try:
        values = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (json.JSONDecodeError, yaml.YAMLError) as error:
        form = "json" if path.suffix == ".json" else "yaml"
        raise EmottsError(f"the {what} configuration {path} is not {form}") from error
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"]) or "whole"
        raise EmottsError(
            f"the {what} configuration {path} is wrong ({where}): {problem['msg']}"
        ) from error


def fill(model: nn.Module, state: Mapping[str, Tensor], source: str | Path, what: str) -> nn.Module:
    """Load exactly `state`, in evaluation mode; EmottsError with the first thing that is off."""
    try:
        model.load_state_dict(dict(state))
    except RuntimeError as error:
        first = str(error).splitlines()[-1].strip()
        raise EmottsError(f"{source} does not fit its {what} configuration: {first}") from error
    return model.eval()
