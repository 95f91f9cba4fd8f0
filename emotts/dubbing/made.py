"""Lines made of originals: said like them, or converted. Models are loaded for the first one."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from emotts.audio.constants import SAMPLE_RATE
from emotts.audio.speech import Speech
from emotts.dubbing.slots import SlotPlan, plan_slot
from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.dubbing.originals import Original
    from emotts.dubbing.studio import Studio
    from emotts.dubbing.worker import Task
    from emotts.emotion.track import EmotionTrack


@dataclass(frozen=True)
class Made:
    """A line before it is measured and written. natural: seconds it takes if nobody hurries it;
    facts: more of them; track: what is felt, where it was no name."""

    speech: Speech
    plan: SlotPlan
    natural: float
    facts: dict[str, Any] = field(default_factory=dict)
    track: EmotionTrack | None = None


class Likenesses:
    """What a worker needs for originals, and how their actors sound in neutral."""

    def __init__(self, studio: Studio, synthesizer: Any):
        self.studio, self.synthesizer = studio, synthesizer
        self._neutrals: dict[str, Any] = {}

    @cached_property
    def embedder(self) -> Any:
        """Hears what is felt."""
        return self.studio.embedder()

    @cached_property
    def converter(self) -> Any:
        """Converts."""
        return self.studio.converter()

    def said(self, task: Task, asked: dict[str, Any]) -> Made | None:
        """The line in the time of its original, and with its emotion where the task says so; None
        where nobody speaks in it."""
        from emotts.dubbing.like import heard_track, say_like

        samples = task.original.samples()
        track = heard_track(self.embedder, samples, self._neutral(task.neutral)) if (
            task.felt) else None  # fmt: skip
        if track is not None:
            asked = {k: v for k, v in asked.items() if k != "intensity"} | {"emotion": track}
        done = say_like(
            self.synthesizer, task.line.text, asked, samples, task.slot_seconds, task.limits
        )
        if done is None:
            warnings.warn("has an original in which nobody speaks; said without it", stacklevel=2)
            return None
        if task.overflow == "fail" and done.plan.overrun_seconds > 0:
            raise EmottsError(f"the line {done.plan.warning}; {done.plan.hint}")
        facts = {
            "original": task.original.key, "phrases": done.phrases,
            "timing_error_seconds": round(done.error_seconds, 4),
            "emotion_from": "original" if track is not None else "line",
        }  # fmt: skip
        return Made(done.speech, done.plan, done.natural_seconds, facts, track)

    def converted(self, task: Task) -> Made:
        """The original, converted. Raises EmottsError where there is none."""
        from emotts.dubbing.converting import convert_line

        if task.original is None:
            raise EmottsError("there is no original of the line to convert")
        samples = task.original.samples()
        neutral = task.neutral.samples() if task.neutral is not None else None
        speech = convert_line(self.converter, task.line, task.asked, samples, neutral)
        seconds = len(samples) / SAMPLE_RATE
        plan = plan_slot(seconds, task.slot_seconds, (1.0, 1.0), task.overflow, text=task.line.text)
        facts = {
            "original": task.original.key, "converted": True,
            "emotion_from": "original" if task.line.emotion is None else "line",
        }  # fmt: skip
        return Made(speech, plan, seconds, facts)

    def _neutral(self, neutral: Original | None) -> Any:
        if neutral is None:
            return None
        if neutral.key not in self._neutrals:
            self._neutrals[neutral.key] = self.embedder.neutral(neutral.samples())
        return self._neutrals[neutral.key]
