"""All that synthesis loads: networks in evaluation mode, tables, space, voices."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from torch import Tensor

from emotts.checkpoints import load_checkpoint, resolve
from emotts.emotion.space import EmotionSpace
from emotts.models.content import ContentEncoder
from emotts.models.decoder import FlowDecoder
from emotts.models.guide import NoisyMelClassifier
from emotts.models.prosody import ProsodyFlow
from emotts.synthesis.networks import build
from emotts.synthesis.vocoders import Sound, load_vocoder
from emotts.synthesis.voices import Voice, read_voices


@dataclass(frozen=True)
class SynthesisModels:
    """Networks and numbers.

    changes: by acted corpus (164, e), emotion vector to `GlobalChange`; emotion_scale brings
    vectors of the space to what the networks know; prototypes: real clips' offsets by category,
    (clips, e), and guide: a classifier of noisy mels, if there are any. heard: which symbols are in
    the recordings, (symbols,) bool, where the set says so.
    """

    content: ContentEncoder
    prosody: ProsodyFlow
    decoder: FlowDecoder
    vocoder: Sound
    mel_scale: Tensor
    durations: np.ndarray
    energies: np.ndarray
    changes: dict[str, np.ndarray]
    emotion_scale: float
    space: EmotionSpace
    voices: dict[str, Voice]
    folder: Path
    guide: NoisyMelClassifier | None = None
    prototypes: dict[str, np.ndarray] = field(default_factory=dict)
    heard: np.ndarray | None = None

    def change_matrix(self, voice: Voice) -> np.ndarray:
        """What emotions do to a voice: what was tuned for it alone, as its own corpus acted, or as
        the English actors did."""
        own = self.changes.get(voice_changes(voice.name))
        if own is not None:
            return own
        known = voice.corpus if voice.corpus in self.changes else "ravdess"
        return self.changes[known] if known in self.changes else next(iter(self.changes.values()))


def voice_changes(name: str) -> str:
    """The key in `SynthesisModels.changes` of what emotions do to one voice alone."""
    return f"voice.{name}"


def _split(tensors: dict[str, Tensor], prefix: str) -> tuple[dict, dict]:
    inside = {k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)}
    return {k: v for k, v in tensors.items() if not k.startswith(prefix)}, inside


def _guide(folder: Path, device: str) -> NoisyMelClassifier | None:
    """The classifier for guidance, where the set has one."""
    if not (folder / "guide.safetensors").is_file():
        return None
    stored = load_checkpoint(folder, "guide")
    return build(NoisyMelClassifier, stored.config, stored.tensors).to(device)


def load_models(
    source: str | Path | None = None, device: str = "cpu", vocoder: str | None = None
) -> SynthesisModels:
    """Load the set at `source` (None: the embedded one; a folder; a hub id).

    vocoder: see `emotts.synthesis.vocoders.load_vocoder`.

    Raises EmottsError naming a missing, truncated or altered file.
    """
    folder = resolve(source)
    content = load_checkpoint(folder, "content")
    prosody = load_checkpoint(folder, "prosody")
    acoustic = load_checkpoint(folder, "acoustic")
    voices = load_checkpoint(folder, "voices")
    flow, tables = _split(prosody.tensors, "table.")
    scale = acoustic.tensors.pop("scale")
    _, space = _split(voices.tensors, "space.")
    return SynthesisModels(
        content=build(ContentEncoder, content.config, content.tensors).to(device),
        prosody=build(ProsodyFlow, prosody.config, flow).to(device),
        decoder=build(FlowDecoder, acoustic.config, acoustic.tensors).to(device),
        vocoder=load_vocoder(folder, device, vocoder),
        mel_scale=scale.to(device),
        durations=tables["durations"].numpy(),
        energies=tables["energies"].numpy(),
        changes={
            k.removeprefix("changes."): v.numpy()
            for k, v in tables.items()
            if k.startswith("changes.")
        },
        emotion_scale=float(voices.config["emotion_scale"]),
        space=EmotionSpace.from_tensors(
            {k: v.numpy() for k, v in space.items()}, voices.config["space"]
        ),
        voices=read_voices(voices),
        folder=folder,
        guide=_guide(folder, device),
        prototypes={
            k.removeprefix("prototype."): v.numpy()
            for k, v in space.items()
            if k.startswith("prototype.")
        },
        heard=tables["heard"].numpy() if "heard" in tables else None,
    )
