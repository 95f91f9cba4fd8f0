"""Where lines are made: the models, what can be asked of them, and who hears what they said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from emotts.errors import EmottsError

Hear = Callable[[np.ndarray, str], "dict[str, Any] | None"]


@dataclass(frozen=True)
class Names:
    """What scripts and casts may name. voices; emotions: beside the eight categories; learned:
    and stored: hashes of learnt emotions and of a user's own voices by name; mark: hash of the
    checkpoints."""

    voices: tuple[str, ...]
    emotions: tuple[str, ...]
    mark: str
    learned: Mapping[str, str] = field(default_factory=dict)
    stored: Mapping[str, str] = field(default_factory=dict)


class Studio(Protocol):
    """Where lines are made. It is sent to the workers, so it only says where the models are."""

    def names(self) -> Names:
        """What can be asked for, without loading the models."""

    def open(self) -> Any:
        """Load the models: an object with `synthesize` and `natural_seconds`."""

    def ear(self, synthesizer: Any) -> Hear | None:
        """What hears the emotion of samples (n,) in a voice, None if nothing does."""

    def embedder(self) -> Any:
        """What hears emotions of originals; asked for when the first line is said like one."""

    def converter(self) -> Any:
        """What converts originals; asked for when the first is converted."""


@dataclass(frozen=True)
class Models:
    """The studio of a set of checkpoints: a folder, a hub id, or None for the set that ships."""

    checkpoint: str | None = None
    device: str = "cpu"

    def names(self) -> Names:
        """Read from the set's tables; raises EmottsError if there is no set."""
        from emotts.checkpoints import resolve
        from emotts.checkpoints.index import INDEX, read_index
        from emotts.emotion.presets import PRESETS, STYLES

        folder = resolve(self.checkpoint)
        index = read_index(folder)
        try:
            voices = json.loads((folder / "voices.json").read_text(encoding="utf-8"))["voices"]
        except (OSError, ValueError, KeyError) as error:
            raise EmottsError(f"the voices of {folder} cannot be read: {error}") from error
        ser = index.files.get("ser.safetensors")
        learned = _learned(ser.sha256[:10] if ser else "")
        mark = hashlib.sha256((folder / INDEX).read_bytes()).hexdigest()
        hashes = {k: hashlib.sha256(v.tobytes()).hexdigest() for k, v in learned.items()}
        stored = {name: _voice_hash(voice) for name, voice in _stored(folder).items()}
        emotions = (*learned, *PRESETS, *STYLES)
        return Names((*voices, *stored), emotions, mark, hashes, stored)

    def open(self) -> Any:
        """A Synthesizer on one thread, with the learnt emotions and the user's own voices."""
        import torch

        from emotts.synthesis.synthesizer import Synthesizer

        torch.set_num_threads(1)
        synthesizer = Synthesizer.from_pretrained(self.checkpoint, device=self.device)
        synthesizer.learned |= _learned(synthesizer.mark)
        synthesizer.stored |= _stored(synthesizer.models.folder)
        return synthesizer

    def embedder(self) -> Any:
        """The recogniser in its emotion space."""
        from emotts.synthesis.reference import Embedder

        return Embedder.from_pretrained(self.checkpoint)

    def converter(self) -> Any:
        """A Converter, with the learnt emotions and the user's own voices."""
        from emotts.synthesis.converter import Converter

        converter = Converter.from_pretrained(self.checkpoint, device=self.device)
        converter.learned |= _learned(converter.mark)
        converter.stored |= _stored(converter.models.folder)
        return converter

    def ear(self, synthesizer: Any) -> Hear | None:
        """SER A, against the voice's own synthesized neutral; None where the set has none."""
        from emotts.synthesis.recognizer import Recognizer

        folder = synthesizer.models.folder
        if not (folder / "ser.safetensors").is_file():
            return None
        return _Ear(synthesizer, Recognizer.from_pretrained(folder))


class _Ear:
    def __init__(self, synthesizer: Any, recognizer: Any):
        self.synthesizer, self.recognizer = synthesizer, recognizer
        self.neutral: dict[str, Any] = {}

    def __call__(self, samples: np.ndarray, voice: str) -> dict[str, Any] | None:
        from emotts.synthesis.spoken_neutral import spoken_neutral

        if voice not in self.neutral:
            self.neutral[voice] = spoken_neutral(self.synthesizer, self.recognizer, voice)
        try:
            heard = self.recognizer.recognize(samples, self.neutral[voice])
        except EmottsError:  # too short or too quiet to be heard
            return None
        return {
            "emotion": heard.emotion,
            "probability": round(heard.probabilities[heard.emotion], 3),
            "intensity": round(heard.intensity, 3),
        }


def _stored(folder: Any) -> dict[str, Any]:
    from emotts.synthesis.stored_voices import stored_voices

    return stored_voices(folder)


def _voice_hash(voice: Any) -> str:
    facts = [voice.model_dump(mode="json"), voice.log_f0, voice.pitch_deviation, voice.energy,
             voice.tempo, voice.mel_mean, voice.embedding]  # fmt: skip
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _learned(mark: str) -> dict[str, np.ndarray]:
    from emotts.emotion.learned import LearnedEmotions

    return LearnedEmotions().directions(mark)
