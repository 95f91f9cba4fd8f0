"""What makes one line: the models, and what is asked of them. Runs in worker processes."""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from emotts.audio.speech import Speech
from emotts.dubbing.cast import RATE_LIMITS
from emotts.dubbing.script import Line
from emotts.dubbing.slots import plan_slot
from emotts.errors import EmottsError

SUBTYPE = "PCM_24"
QUIETEST_DB = -120.0
Hear = Callable[[np.ndarray, str], "dict[str, Any] | None"]


@dataclass(frozen=True)
class Names:
    """What scripts and casts may name. voices; emotions: beside the eight categories; learned:
    hashes of learnt emotions by name; mark: hash of the checkpoints."""

    voices: tuple[str, ...]
    emotions: tuple[str, ...]
    mark: str
    learned: Mapping[str, str] = field(default_factory=dict)


class Studio(Protocol):
    """Where lines are made. It is sent to the workers, so it only says where the models are."""

    def names(self) -> Names:
        """What can be asked for, without loading the models."""

    def open(self) -> Any:
        """Load the models: an object with `synthesize` and `natural_seconds`."""

    def ear(self, synthesizer: Any) -> Hear | None:
        """What hears the emotion of samples (n,) in a voice, None if nothing does."""


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
        return Names(tuple(voices), (*learned, *PRESETS, *STYLES), mark, hashes)

    def open(self) -> Any:
        """A Synthesizer on one thread, with the learnt emotions."""
        import torch

        from emotts.synthesis.synthesizer import Synthesizer

        torch.set_num_threads(1)
        synthesizer = Synthesizer.from_pretrained(self.checkpoint, device=self.device)
        synthesizer.learned |= _learned(synthesizer.mark)
        return synthesizer

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
        from emotts.synthesis.hearing import TEXTS

        if voice not in self.neutral:
            texts = TEXTS.get(self.synthesizer.voice(voice).language[:2], TEXTS["en"])
            spoken = [self.synthesizer.synthesize(text, voice).samples for text in texts]
            self.neutral[voice] = self.recognizer.hear_neutral(spoken)
        try:
            heard = self.recognizer.recognize(samples, self.neutral[voice])
        except EmottsError:  # too short or too quiet to be heard
            return None
        return {
            "emotion": heard.emotion,
            "probability": round(heard.probabilities[heard.emotion], 3),
            "intensity": round(heard.intensity, 3),
        }


def _learned(mark: str) -> dict[str, np.ndarray]:
    from emotts.emotion.learned import LearnedEmotions

    return LearnedEmotions().directions(mark)


@dataclass(frozen=True)
class Task:
    """A line to make. key: hash of everything that the take depends on; asked: keywords of
    `synthesize`; slot_seconds: how long it may take, None where it is free; limits: of its rate;
    overflow: what happens if it does not fit."""

    key: str
    line: Line
    asked: Mapping[str, Any]
    slot_seconds: float | None = None
    limits: tuple[float, float] = RATE_LIMITS
    overflow: str = "shift"


@dataclass(frozen=True)
class Take:
    """A finished line: its sound as a wav file of 24 bits, and its details: facts and timeline."""

    key: str
    sound: bytes
    details: dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """Why a line could not be made."""

    key: str
    reason: str


class Maker:
    """Makes lines with the models of a studio."""

    def __init__(self, studio: Studio):
        self.synthesizer = studio.open()
        self.hear = studio.ear(self.synthesizer)

    def make(self, task: Task) -> Take | Failure:
        """Make a line; whatever is wrong with it becomes a Failure."""
        try:
            return self._made(task)
        except EmottsError as error:
            return Failure(task.key, " ".join(str(error).split()))
        except Exception as error:  # one line of hundreds must not end the job
            reason = f"unexpected {type(error).__name__}: {error}"
            return Failure(task.key, " ".join(reason.split()))

    def _made(self, task: Task) -> Take:
        text, asked = task.line.text, dict(task.asked)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            natural = self.synthesizer.natural_seconds(text, **asked)
            plan = plan_slot(natural, task.slot_seconds, task.limits, task.overflow, text=text)
            speech = self.synthesizer.synthesize(text, **asked, seconds=plan.seconds)
        said = [" ".join(str(w.message).split()) for w in caught if w.category is UserWarning]
        sound = encode(speech.samples, speech.rate)
        facts = {
            "natural_seconds": round(natural, 6), "slot_seconds": task.slot_seconds,
            "asked_seconds": plan.seconds, "samples": len(speech.samples), "rate": speech.rate,
            "stretch": round(plan.rate, 6), "overrun_seconds": round(plan.overrun_seconds, 6),
            "spare_seconds": round(plan.spare_seconds, 6), "hint": plan.hint,
            "warnings": [*([plan.warning] if plan.warning else []), *said],
            "heard": self.hear(speech.samples, asked["voice"]) if self.hear else None,
            **measure(speech), "provenance": speech.provenance,
            "sha256": hashlib.sha256(sound).hexdigest(),
        }  # fmt: skip
        return Take(task.key, sound, {"facts": facts, "timeline": self._timeline(task, speech)})

    def _timeline(self, task: Task, speech: Speech) -> dict[str, Any]:
        from emotts.dubbing.timeline import line_timeline

        palette = getattr(self.synthesizer, "palette", None)
        language = speech.provenance.get("language", "en-us")
        return line_timeline(
            task.line, speech, 0.0, palette=palette() if palette else None, language=language
        )


def encode(samples: np.ndarray, rate: int) -> bytes:
    """Samples (n,) as the bytes of a wav file of 24 bits."""
    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, np.clip(samples, -1, 1), rate, subtype=SUBTYPE, format="WAV")
    return buffer.getvalue()


def measure(speech: Speech) -> dict[str, float]:
    """Loudness in LUFS (BS.1770, all of it where it is shorter than a gate) and peak in dBFS."""
    from emotts.dubbing.loudness import integrated_loudness

    peak = float(np.abs(speech.samples).max(initial=0.0))
    loudness = integrated_loudness(speech.samples, speech.rate)
    return {
        "lufs": round(max(loudness, QUIETEST_DB), 2),
        "peak_db": round(float(20 * np.log10(max(peak, 10 ** (QUIETEST_DB / 20)))), 2),
    }
