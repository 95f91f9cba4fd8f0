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

from emotts.audio.constants import LOG_FLOOR
from emotts.checkpoints import load_checkpoint, save_checkpoint
from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.models.change import GlobalChange
from emotts.models.encoder import encoder_inputs
from emotts.synthesis.models import SynthesisModels, load_models
from emotts.synthesis.phrasing import Wish
from emotts.synthesis.sentence import Settings, Spoken, bounded_level, speak
from emotts.text.phonemes import phonemize
from emotts.text.sequence import phone_sequence
from emotts.training.acoustic.emotions import load_ser

TEXTS = (
    "The boxes are still standing behind the kitchen door.",
    "I will call you when the train has left the station.",
)
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

    def __init__(self, models: SynthesisModels, folder: Path, seeds: int = 1):
        self.models, self.seeds = models, seeds
        self.encoder, self.heads = load_ser(folder)
        self.names = load_checkpoint(folder, "ser").config["categories"]
        self.voices = [v for v in VOICES if v in models.voices]
        self.sequences = [phone_sequence(phonemize(t, "en-us"), "en-us") for t in TEXTS]
        self.neutral = {v: self._neutral(v) for v in self.voices}

    def _spoken(self, voice: str, emotion: Emotion) -> list[Spoken]:
        track = EmotionTrack.constant(self.models.space.vector(emotion))
        who = self.models.voices[voice]
        silent = replace(self.models, vocoder=_no_sound)
        return [
            speak(silent, s, who, track, Wish(), Settings(), seed)
            for s in self.sequences
            for seed in range(self.seeds)
        ]

    def _neutral(self, voice: str) -> tuple[np.ndarray, float, torch.Tensor]:
        spoken = self._spoken(voice, Emotion())
        mels = np.concatenate([s.mel for s in spoken])
        loud = mels.mean(axis=1)
        spectrum = mels[loud > np.percentile(loud, 95) - 3.45].mean(axis=0)
        pitch = np.concatenate([np.log(s.f0[s.voiced]) for s in spoken])
        reference = (spectrum, float(np.median(pitch)), torch.zeros(1))
        centre = torch.stack([self._embed(s, reference, 0.0) for s in spoken]).mean(0)
        return spectrum, reference[1], centre

    def _embed(self, spoken: Spoken, neutral: tuple, gain_db: float) -> torch.Tensor:
        spectrum, log_f0, _ = neutral
        frames = len(spoken.mel) // 2 * 2
        mel = np.maximum(spoken.mel + gain_db * np.log(10) / 20, np.log(LOG_FLOOR)) - spectrum
        semitones = np.where(spoken.voiced, 12 / np.log(2) * (np.log(spoken.f0) - log_f0), 0.0)
        inputs = encoder_inputs(
            torch.from_numpy(mel[None, :frames].astype(np.float32)),
            torch.from_numpy(semitones[None, :frames].astype(np.float32)),
            torch.from_numpy(spoken.voiced[None, :frames].astype(np.float32)),
        )
        return self.heads.embed(self.encoder(inputs))[0]

    def hear(self, emotion: str, change: GlobalChange) -> float:
        """Mean log-probability of the emotion if it changed voices like this."""
        direction = self.models.space.directions[emotion]
        matrix = np.outer(change.vector(), direction) / float(direction @ direction)
        saved = dict(self.models.changes)
        self.models.changes["ravdess"] = matrix.astype(np.float32)
        gain = float(bounded_level(change.colour[None])[0])
        heard = []
        for voice in self.voices:
            neutral = self.neutral[voice]
            for spoken in self._spoken(voice, Emotion(emotion)):
                offset = self._embed(spoken, neutral, gain) - neutral[2]
                scores = self.heads(offset[None])["category"].log_softmax(-1)[0]
                heard.append(float(scores[self.names.index(emotion)]))
        self.models.changes.update(saved)
        return float(np.mean(heard))


def _no_sound(mel, f0, voiced, noise) -> torch.Tensor:
    return torch.zeros(1, f0.shape[1] * 256)


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
    listener = Listener(models, folder)
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
