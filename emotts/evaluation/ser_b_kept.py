"""Fitted judges as files: safetensors with their configuration, and the one that ships."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from emotts.errors import EmottsError

SHIPPED = Path(__file__).parent / "kept"  # SER B as docs/results.md has it, with its card


def keep(path: Path, tensors: Mapping[str, np.ndarray], config: Mapping[str, Any]) -> Path:
    """Write arrays and a configuration whole or not at all; the folder is made."""
    from safetensors.numpy import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save_file(dict(tensors), part, metadata={"config": json.dumps(config)})
    os.replace(part, path)
    return path


def read(path: Path, absent: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """What `keep` wrote: arrays and configuration. Raises EmottsError with `absent` where there is
    no such file, and for one that is torn."""
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise EmottsError(absent)
    try:
        with safe_open(str(path), "numpy") as kept:
            config = json.loads(kept.metadata()["config"])
            return {name: kept.get_tensor(name) for name in kept.keys()}, config  # noqa: SIM118
    except SafetensorError as error:
        raise EmottsError(f"{path} is no whole safetensors file: {error}") from error
