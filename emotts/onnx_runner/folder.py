"""An exported folder: four networks, tables of numbers, voices, and a list with their SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from emotts.emotion.space import EmotionSpace
from emotts.errors import EmottsError

FORMAT = "emotts onnx 1"
INDEX = "export.json"
NETWORKS = ("content", "prosody", "decoder", "vocoder")

Network = Any  # onnxruntime.InferenceSession


@dataclass(frozen=True)
class RunnerVoice:
    """A speaker as `emotts.synthesis.voices.Voice` has it; spectrum (80,), embedding (64,)."""

    name: str
    sex: str
    language: str
    corpus: str
    licence: str
    minutes: float
    log_f0: float
    pitch_deviation: float
    energy: float
    tempo: float
    spectrum: np.ndarray
    embedding: np.ndarray


@dataclass(frozen=True)
class ExportedModels:
    """Networks as onnxruntime sessions, and the numbers of `SynthesisModels` as arrays."""

    networks: Mapping[str, Network]
    tables: Mapping[str, np.ndarray]
    emotion_scale: float
    space: EmotionSpace
    voices: dict[str, RunnerVoice]
    prototypes: dict[str, np.ndarray]

    def run(self, name: str, **given: np.ndarray) -> list[np.ndarray]:
        """The outputs of a network."""
        return self.networks[name].run(None, given)

    def hears(self, name: str, given: str) -> bool:
        """Whether a network has an input of this name."""
        return any(one.name == given for one in self.networks[name].get_inputs())

    def change_matrix(self, voice: RunnerVoice) -> np.ndarray:
        """What emotions do to a voice, (164, e); see `SynthesisModels.change_matrix`."""
        changes = _under(self.tables, "changes.")
        if (own := changes.get(f"voice.{voice.name}")) is not None:
            return own
        known = voice.corpus if voice.corpus in changes else "ravdess"
        return changes[known] if known in changes else next(iter(changes.values()))


def read_folder(folder: str | Path, threads: int = 0) -> ExportedModels:
    """Load what `emotts export` wrote; threads: of onnxruntime, 0 for as many as there are cores.

    Raises EmottsError naming a file that is missing, truncated or altered.
    """
    folder = Path(folder)
    index = _index(folder)
    for name, facts in index["files"].items():
        _check(folder / name, facts)
    with np.load(folder / "tables.npz", allow_pickle=False) as file:
        tables = {key: file[key] for key in file.files}
    space = _under(tables, "space.")
    return ExportedModels(
        networks={name: _session(folder / f"{name}.onnx", threads) for name in NETWORKS},
        tables=tables,
        emotion_scale=float(index["emotion_scale"]),
        space=EmotionSpace.from_tensors(space, index["space"]),
        voices={name: _voice(name, facts, tables) for name, facts in index["voices"].items()},
        prototypes=_under(space, "prototype."),
    )


def _under(tables: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {k.removeprefix(prefix): v for k, v in tables.items() if k.startswith(prefix)}


def _index(folder: Path) -> dict:
    path = folder / INDEX
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EmottsError(
            f"{folder} is no exported folder: {INDEX} is missing; make one with "
            "'emotts export --format onnx -o FOLDER'"
        ) from error
    except ValueError as error:
        raise EmottsError(f"{path} is not JSON: {error}") from error
    wanted = {"files", "voices", "space", "emotion_scale"}
    if not isinstance(index, dict) or index.get("format") != FORMAT or not wanted <= set(index):
        raise EmottsError(f"{path} is not of the format {FORMAT!r}; export the checkpoints anew")
    listed = {*(f"{name}.onnx" for name in NETWORKS), "tables.npz"}
    if listed - set(index["files"]):
        raise EmottsError(f"{path} does not list {sorted(listed - set(index['files']))[0]}")
    return index


def _check(path: Path, facts: Mapping[str, Any]) -> None:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EmottsError(f"{path} cannot be read: {error.strerror}; export anew") from error
    if len(data) != facts["bytes"]:
        raise EmottsError(f"{path} is truncated or altered: {len(data)} bytes of {facts['bytes']}")
    if hashlib.sha256(data).hexdigest() != facts["sha256"]:
        raise EmottsError(f"{path} is altered: its SHA-256 is not that of {INDEX}")


def _session(path: Path, threads: int) -> Network:
    try:
        import onnxruntime
    except ImportError as error:
        raise EmottsError(
            "onnxruntime is missing; install it with: pip install 'emotts[onnx]'"
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Threads that wait busily after a network hold the core that the next one wants.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _voice(name: str, facts: Mapping[str, Any], tables: Mapping[str, np.ndarray]) -> RunnerVoice:
    return RunnerVoice(
        name=name, spectrum=tables[f"spectrum.{name}"], embedding=tables[f"embedding.{name}"],
        **facts,
    )  # fmt: skip
