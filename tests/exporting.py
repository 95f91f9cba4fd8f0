"""A tiny set of checkpoints with random weights, and the folder that is exported from it."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

SIZE = 8  # of speaker and emotion vectors
EMOTIONS = ("happy", "sad", "angry")
VOICES = {"kathleen": "en-us", "EB0": "pl"}
CARD = {"corpora": [], "command": "none"}


def _lively(network):
    """Random weights everywhere: layers that start at zero would hide what goes into them."""
    import torch

    for name, weight in network.state_dict().items():
        if name.endswith(("out.weight", "adapt.0.weight", "adapt.1.weight", "no_emotion")):
            torch.nn.init.normal_(weight, std=0.1)
    return network.state_dict()


def _space(random: np.random.Generator):
    from emotts.emotion.space import EmotionSpace

    directions = {name: random.normal(size=SIZE) for name in EMOTIONS}
    unsupervised = {name: random.normal(size=SIZE) for name in EMOTIONS}
    levels = (np.array([0.25, 0.5, 1.0, 1.5]), np.array([1.2, 1.1, 1.0, 1.0]))
    return EmotionSpace(np.eye(SIZE), np.zeros(SIZE), directions, {"happy": levels}, unsupervised)


def _voices(random: np.random.Generator) -> tuple[dict, dict]:
    tensors, facts = {}, {}
    for name, language in VOICES.items():
        vector = random.normal(size=SIZE)
        tensors[f"embedding.{name}"] = vector / np.linalg.norm(vector)
        tensors[f"spectrum.{name}"] = random.normal(-4, 0.5, size=80)
        facts[name] = {
            "log_f0": 5.1, "pitch_deviation": 3.5, "energy": -17.0, "tempo": 0.05, "sex": "female",
            "language": language, "corpus": "kathleen", "licence": "CC0-1.0", "minutes": 1.0,
        }  # fmt: skip
    return tensors, facts


@cache
def tiny_set(folder: Path) -> Path:
    """Write the set that the synthesis path needs; the same for every call."""
    import torch

    from emotts.checkpoints import save_checkpoint
    from emotts.models.content import ContentEncoder
    from emotts.models.decoder import FlowDecoder
    from emotts.models.prosody import ProsodyFlow
    from emotts.models.vocoder import Vocoder

    torch.manual_seed(0)
    random = np.random.default_rng(0)
    body = {"dim": 16, "hidden": 24, "blocks": 2}
    flow = {**body, "kernel": 5, "speaker_size": SIZE, "emotion_size": SIZE}
    content = {**body, "frame_blocks": 1}
    tables = {
        "table.durations": torch.from_numpy(random.normal(1.2, 0.3, size=512)),
        "table.energies": torch.from_numpy(random.normal(0, 3, size=512)),
        "table.changes.ravdess": torch.from_numpy(random.normal(0, 0.1, size=(164, SIZE))),
    }
    for name, kind, config, more in (
        ("content", ContentEncoder, content, {}),
        ("prosody", ProsodyFlow, flow, tables),
        ("acoustic", FlowDecoder, flow, {"scale": torch.linspace(0.5, 1.5, 160)}),
        ("vocoder", Vocoder, body, {}),
    ):
        weights = {**_lively(kind(**config)), **more}
        save_checkpoint(folder, name, weights, {"kind": name, **config}, CARD)
    space = _space(random)
    tensors, facts = _voices(random)
    tensors |= {f"space.{name}": array for name, array in space.to_tensors().items()}
    tensors |= {f"space.prototype.{name}": random.normal(size=(4, SIZE)) for name in EMOTIONS}
    config = {"kind": "voices", "voices": facts, "space": space.config, "emotion_scale": 0.7}
    save_checkpoint(
        folder, "voices", {k: torch.from_numpy(np.asarray(v)) for k, v in tensors.items()},
        config, CARD,
    )  # fmt: skip
    return folder


@cache
def exported_from(checkpoints: Path, folder: Path) -> Path:
    from emotts.synthesis.export_onnx import export_onnx

    return export_onnx(checkpoints, folder)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Path:
    """The tiny set of checkpoints."""
    return tiny_set(tmp_path_factory.getbasetemp() / "tiny-set")


@pytest.fixture(scope="session")
def exported(tiny, tmp_path_factory) -> Path:
    """What `emotts export` makes of it; not to be changed."""
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    return exported_from(tiny, tmp_path_factory.getbasetemp() / "tiny-export")


@pytest.fixture(scope="session")
def by_torch(tiny):
    """A Synthesizer of the tiny set."""
    from emotts.synthesis.synthesizer import Synthesizer

    return Synthesizer.from_pretrained(tiny)
