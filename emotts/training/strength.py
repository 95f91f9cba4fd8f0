"""Close the loop on the first rung: how far each global change must go to be heard.

    python -m emotts.training.strength runs/checkpoints

For every emotion, factors on the measured changes (pitch, pitch range, tempo, colour, level) are
searched one after another so that SER A names the emotion in synthesized mels, relative to the
same voice's synthesized neutral, with as little change of pitch and colour as that needs: they are
what a voice is known by. Voices are training ones, texts are made for it; the independent judge
is never asked.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch

from emotts.checkpoints import load_checkpoint, save_checkpoint
from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.models.change import GlobalChange
from emotts.synthesis.course import Course
from emotts.synthesis.hearing import TEXTS, Hearing, neutral_line, silent
from emotts.synthesis.line import Line
from emotts.synthesis.models import SynthesisModels, load_models
from emotts.synthesis.sentence import Settings, speak
from emotts.synthesis.voices import Voice

VOICES = ("kathleen", "lj", "actor02")
# A voice stays itself only so far from its own pitch; a quiet or low variant may be the clearer.
VALUES = {
    "polish": (0.0, 0.5, 1.0),
    "pitch": (0.4, 0.55, 0.7, 0.85, 1.0),
    "pitch_range": (0.7, 1.0, 1.4),
    "tempo": (0.5, 1.0, 1.5, 2.0),
    "colour": (0.4, 0.6, 0.8, 1.0),
    "level": (0.4, 0.7, 1.0, 1.2),
}
MEASURED = "table.measured.ravdess"
# Nepers of probability that a whole measured change must bring; what a voice keeps of its own
# pitch and colour is what it is known by, so these are dear. Of the others, leaving 1 costs.
SIZE_COST = {"pitch": 0.3, "colour": 0.3, "level": 0.1}
COST = 0.15
FREE_SEMITONES, SEMITONE_COST = 5.0, 0.04  # a voice far from its own pitch is another voice


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
    """SER A on synthesized mels, relative to each voice's own synthesized neutral."""

    def __init__(self, models: SynthesisModels, seeds: int = 1):
        self.models, self.seeds = models, seeds
        self.hearing = Hearing.load(replace(models, vocoder=silent))
        self.voices = [models.voices[v] for v in VOICES if v in models.voices]

    def _lines(self, voice: Voice, emotion: Emotion) -> list[Line]:
        track = EmotionTrack.constant(self.models.space.vector(emotion))
        lines = [neutral_line(self.models, voice, text) for text in TEXTS["en"]]
        return [replace(line, courses=(Course(track),)) for line in lines]

    def hear(self, emotion: str, change: GlobalChange) -> float:
        """Mean log-probability of the emotion if it changed voices like this."""
        direction = self.models.space.directions[emotion]
        matrix = np.outer(change.vector(), direction) / float(direction @ direction)
        saved = dict(self.models.changes)
        self.models.changes["ravdess"] = matrix.astype(np.float32)
        heard = []
        for voice in self.voices:
            for line in self._lines(voice, Emotion(emotion)):
                for seed in range(self.seeds):
                    spoken = speak(self.hearing.models, line, Settings(), seed)
                    heard.append(np.log(self.hearing.probabilities(spoken, voice)[emotion] + 1e-9))
        self.models.changes.update(saved)
        return float(np.mean(heard))


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


def tune(folder: Path, output: Path) -> dict[str, Factors]:
    """Search all emotions and store the prosody checkpoint with the new changes."""
    models = load_models(folder)
    listener = Listener(models)
    acted = ("happy", "sad", "angry", "fearful", "surprised")
    stored = load_checkpoint(folder, "prosody")
    tensors = dict(stored.tensors)
    measured_before = tensors.setdefault(MEASURED, tensors["table.changes.ravdess"].clone())
    space, matrix = models.space, measured_before.numpy()
    found, changes = {}, {}
    for name, direction in space.directions.items():
        measured = matrix @ direction
        polish = models.changes["nemo"] @ direction if name in acted else measured
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
    parser.add_argument("-o", "--output", type=Path, default=None)
    asked = parser.parse_args()
    tune(asked.folder, asked.output or asked.folder)
