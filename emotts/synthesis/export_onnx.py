"""Checkpoints to a folder that `emotts.onnx_runner` speaks from without torch."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from emotts.audio.constants import N_MELS, SAMPLE_RATE
from emotts.checkpoints import load_checkpoint, resolve
from emotts.errors import EmottsError
from emotts.models.content import ContentEncoder
from emotts.models.decoder import FlowDecoder
from emotts.models.prosody import ProsodyFlow
from emotts.models.vocoder import Vocoder
from emotts.synthesis.models import SynthesisModels, load_models
from emotts.synthesis.networks import build
from emotts.synthesis.voices import Voice

FORMAT, INDEX, OPSET = "emotts onnx 1", "export.json", 17
FACTS = ("sex", "language", "corpus", "licence", "minutes", "log_f0", "pitch_deviation", "energy",
         "tempo")  # fmt: skip
LARGEST_HALF = 65504.0


class _Content(nn.Module):
    def __init__(self, network: ContentEncoder):
        super().__init__()
        self.network = network

    def forward(self, tokens: Tensor, language: Tensor, index: Tensor, position: Tensor):
        ones = torch.ones(1, 1, 1)
        return self.network(tokens, language, ones, index, position, ones)


class _Prosody(nn.Module):
    def __init__(self, network: ProsodyFlow):
        super().__init__()
        self.network = network

    def forward(self, x, t, tokens, ending, place, language, speaker, emotion):
        keep, mask = torch.ones(1, 2), torch.ones(1, 1, 1)
        return self.network(x, t, tokens, ending, place, language, speaker, emotion, keep, mask)


class _Decoder(nn.Module):
    def __init__(self, network: FlowDecoder):
        super().__init__()
        self.network = network

    def forward(self, x, t, mu, local, speaker, emotion, stride=None):
        keep, mask = torch.ones(1, 2), torch.ones(1, 1, 1)
        return self.network(x, t, mu, local, speaker, emotion, keep, mask, stride)


class _Vocoder(nn.Module):
    """The backbone and the head: what stands before and after is signal processing."""

    def __init__(self, network: Vocoder):
        super().__init__()
        self.network = network

    def forward(self, features: Tensor, source: Tensor) -> Tensor:
        net = self.network
        hidden = net.embed(features) + net.embed_source(source)
        return net.head(net.backbone(net.first_norm(hidden)))


def export_onnx(source: str | Path | None, folder: str | Path, half: bool = True) -> Path:
    """Write the synthesis path of a set of checkpoints for onnxruntime.

    source: as for `Synthesizer.from_pretrained`; half: store weights as fp16, as the checkpoints
    do, and widen them when they are loaded (no accuracy is lost, half the size). Returns the
    folder. Raises EmottsError where the folder holds something else, or a package is missing.
    """
    models, home, folder = load_models(source), resolve(source), Path(folder)
    _make(folder)
    stored = load_checkpoint(home, "vocoder")
    vocoder = build(Vocoder, stored.config, stored.tensors)
    for name, network, inputs, outputs in _networks(models, vocoder):
        _write(folder / f"{name}.onnx", network, inputs, outputs, half)
    np.savez(folder / "tables.npz", **_tables(models))
    (folder / "README.md").write_text(_card(models, home), encoding="utf-8")
    _write_index(folder, models)
    return folder


def _make(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / INDEX).is_file():
        raise EmottsError(f"{folder} holds other files; export into a new or empty folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmottsError(f"cannot make the folder {folder}: {error.strerror}") from error


def _networks(
    models: SynthesisModels, vocoder: Vocoder
) -> Iterator[tuple[str, nn.Module, dict[str, Tensor], tuple[str, ...]]]:
    """Name, network, example inputs (batch 1; 7 tokens, 11 pairs) and output names."""
    voice = next(iter(models.voices.values()))
    speaker, emotion = torch.zeros(1, len(voice.embedding)), torch.zeros(1, 1, models.space.dim)
    tokens, language = torch.zeros(1, 7, 3, dtype=torch.int64), torch.zeros(1, dtype=torch.int64)
    time, mel = torch.zeros(1), torch.zeros(1, 11, 2 * N_MELS)
    index = torch.arange(11).clamp(max=6)[None]
    given = {"tokens": tokens, "language": language, "index": index,
             "position": torch.zeros(1, 11, 3)}  # fmt: skip
    yield "content", _Content(models.content), given, ("mu", "voicing")
    given = {"x": torch.zeros(1, 7, 4), "t": time, "tokens": tokens, "ending": tokens[..., 0],
             "place": torch.zeros(1, 7, 4), "language": language, "speaker": speaker,
             "emotion": emotion}  # fmt: skip
    yield "prosody", _Prosody(models.prosody), given, ("velocity",)
    given = {"x": mel, "t": time, "mu": mel, "local": torch.zeros(1, 11, 6), "speaker": speaker,
             "emotion": emotion}  # fmt: skip
    if models.decoder.condition.stride is not None:
        given["stride"] = time
    yield "decoder", _Decoder(models.decoder), given, ("velocity",)
    given = {"features": torch.zeros(1, 11, N_MELS + 2), "source": torch.zeros(1, 11, vocoder.bins)}
    yield "vocoder", _Vocoder(vocoder), given, ("head",)


FIXED = ("t", "language", "speaker", "stride")  # inputs without a length


def _write(
    path: Path, network: nn.Module, inputs: dict[str, Tensor], outputs: tuple[str, ...], half: bool
) -> None:
    """Trace a network and store it; every input but the fixed ones may have any length."""
    try:
        import onnx
    except ImportError as error:
        raise EmottsError(
            "onnx is missing; install it with: pip install 'emotts[export]'"
        ) from error
    lengths = {name: {1: f"{name}_length"} for name in inputs if name not in FIXED}
    part = path.with_suffix(".part")
    with warnings.catch_warnings():  # the tracing exporter, whose graphs broadcast at run time
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(), tuple(inputs.values()), str(part), dynamo=False, opset_version=OPSET,
            input_names=list(inputs), output_names=list(outputs),
            dynamic_axes=lengths | {name: {1: f"{name}_length"} for name in outputs},
        )  # fmt: skip
    model = onnx.load(str(part))
    part.unlink()
    if half:
        _halve(model)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def _halve(model) -> None:
    """Weights that fp16 holds exactly are stored so, and widened by a Cast."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        if values.size < 64 or np.abs(values).max() > LARGEST_HALF:
            continue
        narrow = values.astype(np.float16)
        if not np.array_equal(narrow.astype(np.float32), values):
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(narrow, f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _tables(models: SynthesisModels) -> dict[str, np.ndarray]:
    tables = {
        "durations": models.durations, "energies": models.energies,
        "mel_scale": models.mel_scale.cpu().numpy(),
    }  # fmt: skip
    tables |= {f"changes.{name}": matrix for name, matrix in models.changes.items()}
    tables |= {f"space.{name}": array for name, array in models.space.to_tensors().items()}
    tables |= {f"space.prototype.{name}": clips for name, clips in models.prototypes.items()}
    for name, voice in models.voices.items():
        tables[f"embedding.{name}"] = np.asarray(voice.embedding, dtype=np.float32)
        tables[f"spectrum.{name}"] = voice.spectrum()
    return tables


def _facts(voice: Voice) -> dict:
    return {name: getattr(voice, name) for name in FACTS}


def _write_index(folder: Path, models: SynthesisModels) -> None:
    """List what was written, last, so that a broken export is seen."""
    from emotts import __version__

    names = sorted(p.name for p in folder.iterdir() if p.suffix in (".onnx", ".npz", ".md"))
    files = {}
    for name in names:
        data = (folder / name).read_bytes()
        files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    index = {
        "format": FORMAT, "emotts": __version__, "sample_rate": SAMPLE_RATE,
        "emotion_scale": models.emotion_scale, "space": models.space.config,
        "voices": {name: _facts(voice) for name, voice in models.voices.items()}, "files": files,
    }  # fmt: skip
    text = json.dumps(index, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / INDEX).write_text(text + "\n", encoding="utf-8")


def _card(models: SynthesisModels, home: Path) -> str:
    """What the folder is, and the cards of the weights in it, with their licences."""
    cards = [
        home / f"{name}.md" for name in ("content", "prosody", "acoustic", "vocoder", "voices")
    ]
    licences: Mapping[str, str] = {n: v.licence for n, v in models.voices.items()}
    head = (
        "# Exported emotts voices\n\nMade by `emotts export --format onnx`; speak with\n\n"
        "    from emotts.onnx_runner import OnnxSynthesizer\n"
        '    OnnxSynthesizer("this folder").synthesize("Hello.", emotion="happy").save("a.wav")\n\n'
        "The licences below go with the weights.\n\n"
    )
    voices = "\n".join(f"- {name}: {licence}" for name, licence in licences.items())
    texts = [c.read_text(encoding="utf-8").strip() for c in cards if c.is_file()]
    return head + "## Voices\n\n" + voices + "\n\n" + "\n\n".join(texts) + "\n"
