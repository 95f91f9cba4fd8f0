"""Close the loop on the first rung: how far each global change must go to be heard.

    python -m emotts.training.strength runs/checkpoints --data runs/data
    python -m emotts.training.strength runs/checkpoints --data runs/data --only sad angry

For every emotion, factors on the measured changes (pitch, pitch range, tempo, colour, level) are
searched one after another so that SER A names the emotion in synthesized mels, relative to the
same voice's synthesized neutral, and so does an ear for what actors change (`acted.py`), with as
little change of pitch and colour as that needs: they are what a voice is known by. Voices are
training ones, texts are made for it; the independent judge is never asked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch

from emotts.checkpoints import load_checkpoint, save_checkpoint
from emotts.corpora.store import FeatureStore
from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.emotion.vocabulary import CATEGORIES
from emotts.models.change import GlobalChange
from emotts.synthesis.course import Course
from emotts.synthesis.hearing import TEXTS, Hearing, neutral_line, silent
from emotts.synthesis.line import Line
from emotts.synthesis.models import SynthesisModels, load_models
from emotts.synthesis.sentence import Settings, Spoken, speak
from emotts.synthesis.voices import Voice
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acted import ActedListener

VOICES = ("kathleen", "lj", "actor02", "actor04")
# A voice stays itself only so far from its own pitch; a quiet or low variant may be the clearer.
VALUES = {
    "polish": (0.0, 0.5, 1.0),
    "pitch": (0.4, 0.55, 0.7, 0.85, 1.0),
    "pitch_range": (0.7, 1.0, 1.4),
    "tempo": (0.5, 1.0, 1.5, 2.0),
    "colour": (0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0),
    "level": (0.4, 0.7, 1.0, 1.2),
}
ACTED_POLISH = ("happy", "sad", "angry", "fearful", "surprised")
MEASURED = "table.measured.ravdess"
# Nepers of probability that a whole measured change must bring; what a voice keeps of its own
# pitch and colour is what it is known by, so these are dear. Of the others, leaving 1 costs.
SIZE_COST = {"pitch": 0.3, "colour": 0.3, "level": 0.1}
COST = 0.15
FREE_SEMITONES, SEMITONE_COST = 5.0, 0.04  # a voice far from its own pitch is another voice
LIKE, UNLIKE_COST = 0.92, 6.0  # the speaker encoder's cosine from which on likeness is dear


@dataclass(frozen=True)
class Factors:
    """Multipliers of an emotion's measured change (pitch range and tempo in their logarithm), and
    the share of the Polish actors' change in it."""

    polish: float = 0.0
    pitch: float = 1.0
    pitch_range: float = 1.0
    tempo: float = 1.0
    colour: float = 1.0
    level: float = 1.0

    def apply(self, measured: np.ndarray, polish: np.ndarray) -> GlobalChange:
        """measured, polish: (164,), what the English and the Polish actors changed."""
        change = GlobalChange.from_vector((1 - self.polish) * measured + self.polish * polish)
        flat = np.float32(change.level_db * np.log(10) / 20)
        return GlobalChange(
            change.pitch * self.pitch, change.pitch_range * self.pitch_range,
            change.tempo * self.tempo, change.energy_range,
            (change.colour - flat) * self.colour + flat * self.level,
        )  # fmt: skip

    def cost(self) -> float:
        size = sum(price * abs(getattr(self, name)) for name, price in SIZE_COST.items())
        others = [f for f in fields(self) if f.name not in SIZE_COST]
        return size + COST * sum(abs(getattr(self, f.name) - f.default) for f in others)


class Listener:
    """Hears synthesized mels relative to each voice's own synthesized neutral: SER A and, where
    one is given, an ear for what actors change."""

    def __init__(self, models: SynthesisModels, acted: ActedListener | None = None, seeds: int = 1):
        self.models, self.acted, self.seeds = models, acted, seeds
        self.hearing = Hearing.load(replace(models, vocoder=silent))
        self.voices = [models.voices[v] for v in VOICES if v in models.voices]
        self.neutral = {voice.name: self._neutral(voice) for voice in self.voices}

    def _lines(self, voice: Voice, emotion: Emotion) -> list[Line]:
        track = EmotionTrack.constant(self.models.space.vector(emotion))
        lines = [neutral_line(self.models, voice, text) for text in TEXTS["en"]]
        return [replace(line, courses=(Course(track),)) for line in lines]

    def _spoken(self, lines: list[Line]) -> Iterator[tuple[Line, Spoken]]:
        for line in lines:
            for seed in range(self.seeds):
                yield line, speak(self.hearing.models, line, Settings(), seed)

    def _neutral(self, voice: Voice) -> np.ndarray | None:
        """What the acted ear compares with, (164,)."""
        if self.acted is None:
            return None
        lines = [neutral_line(self.models, voice, text) for text in TEXTS["en"]]
        said = self._spoken(lines)
        return np.mean([self.acted.statistics(s, line.sequence) for line, s in said], axis=0)

    def hear(self, emotion: str, change: GlobalChange) -> float:
        """Mean log-probability of the emotion if it changed voices like this, both ears' summed,
        less what the voices lose of themselves by the speaker encoder."""
        direction = self.models.space.directions[emotion]
        matrix = np.outer(change.vector(), direction) / float(direction @ direction)
        saved = dict(self.models.changes)
        self.models.changes["ravdess"] = matrix.astype(np.float32)
        heard, alike = [], []
        for voice in self.voices:
            for line, spoken in self._spoken(self._lines(voice, Emotion(emotion))):
                heard.append(np.log(self.hearing.probabilities(spoken, voice)[emotion] + 1e-9))
                if self.acted is not None:
                    made = self.acted.statistics(spoken, line.sequence) - self.neutral[voice.name]
                    heard[-1] += self.acted.log_probability(emotion, made)
                alike.append(self.hearing.likeness(spoken, voice))
        self.models.changes.update(saved)
        return float(np.mean(heard)) - UNLIKE_COST * max(0.0, LIKE - float(np.mean(alike)))


@torch.no_grad()
def search(
    listener: Listener, emotion: str, measured: np.ndarray, polish: np.ndarray, rounds: int = 2
) -> Factors:
    """Best factors by coordinate search."""

    def value_of(factors: Factors) -> float:
        change = factors.apply(measured, polish)
        strain = SEMITONE_COST * max(0.0, abs(change.pitch) - FREE_SEMITONES)
        return listener.hear(emotion, change) - factors.cost() - strain

    best = Factors()
    score = value_of(best)
    first = score
    for _ in range(rounds):
        before = score
        for name in VALUES:
            for value in VALUES[name]:
                tried = replace(best, **{name: value})
                got = value_of(tried)
                if got > score + 1e-4:
                    best, score = tried, got
        if score - before < 0.01:
            break
    print(f"{emotion}: {first:.2f} -> {score:.2f}  {best}", file=sys.stderr, flush=True)
    return best


def tune(
    folder: Path, output: Path, data: Path | None = None, only: list[str] | None = None
) -> dict[str, Factors]:
    """Search the emotions, all or only some, and store the prosody checkpoint with the new
    changes. With the prepared folder `data` the acted ear listens too."""
    models = load_models(folder)
    acted = None if data is None else ActedListener(AcousticClips(FeatureStore(data), None))
    listener = Listener(models, acted)
    stored = load_checkpoint(folder, "prosody")
    tensors = dict(stored.tensors)
    measured_before = tensors.setdefault(MEASURED, tensors["table.changes.ravdess"].clone())
    space, matrix = models.space, measured_before.numpy()
    found, changes = {}, {}
    for name, direction in space.directions.items():
        if only and name not in only:
            changes[name] = models.changes["ravdess"] @ direction
            continue
        measured = matrix @ direction
        polish = models.changes["nemo"] @ direction if name in ACTED_POLISH else measured
        found[name] = search(listener, name, measured, polish)
        changes[name] = found[name].apply(measured, polish).vector()
    directions = np.stack([space.directions[n] for n in changes], axis=1)
    tuned = np.stack(list(changes.values()), axis=1) @ np.linalg.pinv(directions)
    tensors["table.changes.ravdess"] = torch.from_numpy(tuned.astype(np.float32))
    card = {
        "command": "emotts train recipes/base/prosody.yaml; python -m emotts.training.strength",
        "corpora": ["kathleen", "lj", "nemo", "ravdess"],
        "strength": {k: vars(v) for k, v in found.items()},
    }
    save_checkpoint(output, "prosody", tensors, stored.config, card)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, help="prepared recordings, for the acted ear")
    parser.add_argument("--only", nargs="+", choices=CATEGORIES[1:], help="these emotions alone")
    parser.add_argument("-o", "--output", type=Path, default=None)
    asked = parser.parse_args()
    tune(asked.folder, asked.output or asked.folder, asked.data, asked.only)
