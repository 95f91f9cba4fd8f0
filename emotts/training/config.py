"""Recipes: strict YAML, each overriding only what differs from the one it extends."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from emotts.errors import EmottsError


class Recipe(BaseModel):
    """What `emotts train` needs to know; `model` and `options` belong to the task.

    accumulate: batches of `batch_size` that a step sees, one after another.
    start: a folder of checkpoints whose weights a new run begins with.
    window: where `data` is a folder of shards, the clips that batches are drawn from at a time.
    """

    model_config = ConfigDict(extra="forbid")

    task: str
    data: Path = Path("runs/data")
    run: Path
    export: Path = Path("runs/checkpoints")
    name: str
    start: Path | None = None
    seed: int = 0
    steps: int = Field(gt=0)
    batch_size: int = Field(gt=0)
    accumulate: int = Field(1, gt=0)
    window: int = Field(2048, gt=0)
    learning_rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.98)
    weight_decay: float = 0.01
    warmup: int = 50
    decay_from: float = 0.7
    final_rate: float = 0.1
    gradient_clip: float = 1.0
    ema: float = 0.998
    threads: int = 1
    log_every: int = 20
    save_every: int = 500
    validate_every: int = 1000
    minutes: float | None = None
    corpora: list[str] | None = None
    model: dict[str, Any] = {}
    options: dict[str, Any] = {}


def _merge(base: dict, override: dict) -> dict:
    merged = dict(base)
    for key, value in override.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merge(merged[key], value)
        else:
            merged[key] = value
    return merged


def _read(path: Path, children: tuple[Path, ...] = ()) -> dict:
    path = path.resolve()
    if path in children:
        raise EmottsError(f"The recipe {path} extends itself through its own parents.")
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EmottsError(f"The recipe {path} cannot be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise EmottsError(f"The recipe {path} is not valid YAML: {error}.") from error
    if not isinstance(values, dict):
        raise EmottsError(f"The recipe {path} must be a mapping of settings.")
    parent = values.pop("extends", None)
    if not parent:
        return values
    return _merge(_read(path.parent / parent, (*children, path)), values)


def load_recipe(path: str | Path, overrides: list[str] = ()) -> Recipe:
    """Read a recipe and apply `key=value` overrides (dots reach inside: `model.dim=64`).

    Raises EmottsError naming the file and every setting that is wrong.
    """
    values = _read(Path(path))
    for item in overrides:
        key, sign, text = item.partition("=")
        if not sign:
            raise EmottsError(f"--set takes key=value, not '{item}'.")
        try:
            change: Any = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise EmottsError(f"--set {item}: the value is not valid YAML.") from error
        for part in reversed(key.split(".")):
            change = {part: change}
        values = _merge(values, change)
    try:
        return Recipe(**values)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg'].lower()}" for e in error.errors()
        )
        raise EmottsError(f"The recipe {path} is wrong at {problems}.") from error
