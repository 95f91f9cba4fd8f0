"""How well a change of voice is heard as an emotion, and whose voice it still is.

Two ears that may steer synthesis: SER A and an ear for what actors change (`acted.py`), both
relative to each voice's own synthesized neutral; the speaker encoder tells what is lost of the
voice. The independent judge is never asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.models.change import GlobalChange
from emotts.synthesis.calibration import TEXTS
from emotts.synthesis.course import Course
from emotts.synthesis.hearing import Hearing, neutral_line, silent
from emotts.synthesis.line import Line
from emotts.synthesis.models import SynthesisModels, voice_changes
from emotts.synthesis.sentence import Settings, Spoken, speak
from emotts.synthesis.voices import Voice
from emotts.training.acted import ActedListener

VOICES = ("kathleen", "lj", "actor02", "actor04")
SENTENCES = 4  # of the made ones
# Likeness to the voice's neutral over that of its neutral takes, from which on it is dear.
LIKE, UNLIKE_COST = 0.97, 8.0


class Ears:
    """Hears changes on some voices' synthesized mels."""

    def __init__(
        self, models: SynthesisModels, acted: ActedListener | None = None,
        voices: Sequence[str] = VOICES,
    ):  # fmt: skip
        self.models, self.acted = models, acted
        self.hearing = Hearing.load(replace(models, vocoder=silent))
        self.voices = [models.voices[v] for v in voices if v in models.voices]
        self.texts = TEXTS["en"][:SENTENCES]
        self.neutral: dict[str, np.ndarray | None] = {}
        self.own: dict[str, float] = {}
        for voice in self.voices:
            self.neutral[voice.name], self.own[voice.name] = self._neutral(voice)

    def hear(self, emotion: str, change: GlobalChange) -> float:
        """Mean log-probability of the emotion if it changed voices like this, both ears' summed,
        less what the voices lose of themselves."""
        direction = self.models.space.directions[emotion]
        matrix = np.outer(change.vector(), direction) / float(direction @ direction)
        saved = dict(self.models.changes)
        for voice in self.voices:
            self.models.changes[voice_changes(voice.name)] = matrix.astype(np.float32)
        try:
            scores = [self._heard(voice, emotion) for voice in self.voices]
        finally:
            self.models.changes.clear()
            self.models.changes.update(saved)
        return float(np.mean(scores))

    def _heard(self, voice: Voice, emotion: str) -> float:
        heard, alike = [], []
        for line, spoken in self.said(voice, Emotion(emotion)):
            named = np.log(self.hearing.probabilities(spoken, voice)[emotion] + 1e-9)
            if self.acted is not None:
                made = self.acted.statistics(spoken, line.sequence) - self.neutral[voice.name]
                named += self.acted.log_probability(emotion, made)
            heard.append(named)
            alike.append(self.hearing.likeness(spoken, voice) / self.own[voice.name])
        return float(np.mean(heard) - UNLIKE_COST * max(0.0, LIKE - np.mean(alike)))

    def said(
        self, voice: Voice, emotion: Emotion | None, seed: int = 0
    ) -> Iterator[tuple[Line, Spoken]]:
        """The texts as a voice says them with an emotion, or none, without the vocoder."""
        for text in self.texts:
            line = neutral_line(self.models, voice, text)
            if emotion is not None:
                track = EmotionTrack.constant(self.models.space.vector(emotion))
                line = replace(line, courses=(Course(track),))
            yield line, speak(self.hearing.models, line, Settings(), seed)

    def _neutral(self, voice: Voice) -> tuple[np.ndarray | None, float]:
        """What the acted ear compares with, (164,), and how alike neutral takes are."""
        said = list(self.said(voice, None, seed=1))
        own = float(np.mean([self.hearing.likeness(s, voice) for _, s in said]))
        if self.acted is None:
            return None, own
        return np.mean([self.acted.statistics(s, line.sequence) for line, s in said], axis=0), own
