"""What makes one line, and what is kept of it. Runs in worker processes."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from emotts.audio.speech import Speech
from emotts.dubbing.cast import RATE_LIMITS
from emotts.dubbing.made import Likenesses, Made
from emotts.dubbing.originals import Original
from emotts.dubbing.script import Line
from emotts.dubbing.slots import SlotPlan, plan_slot
from emotts.dubbing.sounds import encode
from emotts.dubbing.studio import Models, Names, Studio
from emotts.errors import EmottsError

__all__ = ["Failure", "Maker", "Models", "Names", "Studio", "Take", "Task", "measure"]
SOURCE = "source"  # the voice of what keeps its actor's
QUIETEST_DB = -120.0


@dataclass(frozen=True)
class Task:
    """A line to make. key: hash of everything that the take depends on; asked: keywords of
    `synthesize`; slot_seconds: how long it may take, None where it is free; limits: of its rate;
    overflow: what happens if it does not fit. original: what the actor said, to be like it or to
    be converted, None where there is none; neutral: that actor in neutral; felt: whether the line
    takes the original's emotion."""

    key: str
    line: Line
    asked: Mapping[str, Any]
    slot_seconds: float | None = None
    limits: tuple[float, float] = RATE_LIMITS
    overflow: str = "shift"
    original: Original | None = None
    neutral: Original | None = None
    convert: bool = False
    felt: bool = False

    def packed(self) -> Task:
        """With the sounds of its originals, as a worker needs it."""
        if self.original is None:
            return self
        neutral = self.neutral and self.neutral.packed()
        return replace(self, original=self.original.packed(), neutral=neutral)


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
        self.likenesses = Likenesses(studio, self.synthesizer)

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
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            done = self.likenesses.converted(task) if task.convert else self._spoken(task)
        plan, speech = done.plan, done.speech
        said = [" ".join(str(w.message).split()) for w in caught if w.category is UserWarning]
        sound = encode(speech.samples, speech.rate)
        voice = speech.provenance.get("voice")
        facts = {
            "natural_seconds": round(done.natural, 6), "slot_seconds": task.slot_seconds,
            "asked_seconds": plan.seconds, "samples": len(speech.samples), "rate": speech.rate,
            "stretch": round(plan.rate, 6), "overrun_seconds": round(plan.overrun_seconds, 6),
            "spare_seconds": round(plan.spare_seconds, 6), "hint": plan.hint,
            "warnings": [*([plan.warning] if plan.warning else []), *said],
            "heard": self.hear(speech.samples, voice) if self.hear and voice != SOURCE else None,
            **done.facts, **measure(speech), "provenance": speech.provenance,
            "sha256": hashlib.sha256(sound).hexdigest(),
        }  # fmt: skip
        timeline = self._timeline(task, speech, done.track)
        return Take(task.key, sound, {"facts": facts, "timeline": timeline})

    def _spoken(self, task: Task) -> Made:
        text, asked = task.line.text, dict(task.asked)
        if task.original is not None:
            done = self.likenesses.said(task, asked)
            if done is not None:
                return done
        if task.slot_seconds is None:  # its length is known once it is said
            speech = self.synthesizer.synthesize(text, **asked)
            return Made(speech, SlotPlan(None), speech.seconds)
        natural = self.synthesizer.natural_seconds(text, **asked)
        plan = plan_slot(natural, task.slot_seconds, task.limits, task.overflow, text=text)
        speech = self.synthesizer.synthesize(text, **asked, seconds=plan.seconds)
        return Made(speech, plan, natural)

    def _timeline(self, task: Task, speech: Speech, track: Any) -> dict[str, Any]:
        from emotts.dubbing.timeline import line_timeline

        palette = getattr(self.synthesizer, "palette", None)
        language = speech.provenance.get("language", "en-us")
        return line_timeline(
            task.line, speech, 0.0, palette=palette() if palette else None,
            track=track if palette else None,
            language=language,
        )  # fmt: skip


def measure(speech: Speech) -> dict[str, float]:
    """Loudness in LUFS (BS.1770, all of it where it is shorter than a gate) and peak in dBFS."""
    from emotts.dubbing.loudness import integrated_loudness

    peak = float(np.abs(speech.samples).max(initial=0.0))
    loudness = integrated_loudness(speech.samples, speech.rate)
    return {
        "lufs": round(max(loudness, QUIETEST_DB), 2),
        "peak_db": round(float(20 * np.log10(max(peak, 10 ** (QUIETEST_DB / 20)))), 2),
    }
