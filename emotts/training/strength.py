"""Close the loop on the first rung: how far each global change must go to be heard.

    python -m emotts.training.strength runs/checkpoints --data runs/data
    python -m emotts.training.strength runs/checkpoints --data runs/data --only sad angry
    python -m emotts.training.strength runs/checkpoints --data runs/data --voices kathleen

For every emotion, factors on the measured changes (pitch, pitch range, tempo, colour, level) are
searched one after another so that SER A and an ear for what actors change name the emotion in
synthesized mels (`strength_ears.py`), with as little as that needs: pitch, colour and level are
what a voice is known by. With `--voices` each of them gets changes of its own, since one is hardly
known again after what another bears easily. Voices are training ones, texts are made for it; the
independent judge is never asked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch

from emotts.checkpoints import load_checkpoint, save_checkpoint
from emotts.corpora.store import FeatureStore
from emotts.emotion.space import EmotionSpace
from emotts.emotion.vocabulary import CATEGORIES
from emotts.models.change import GlobalChange
from emotts.synthesis.models import SynthesisModels, load_models, voice_changes
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acted import ActedListener
from emotts.training.strength_ears import VOICES, Ears

VALUES = {
    "polish": (0.0, 0.5, 1.0),
    "pitch": (0.4, 0.55, 0.7, 0.85, 1.0, 1.25, 1.5),
    "pitch_range": (0.7, 1.0, 1.4),
    "tempo": (0.5, 1.0, 1.5, 2.0),
    "colour": (0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 1.75, 2.0),
    "level": (0.5, 0.6, 0.7, 0.85, 1.0, 1.25, 1.5, 2.0),
}
# Of the Polish actors' change, at most. Their anger is cold, no louder than their neutral speech;
# on a single word it would hardly be noticed.
POLISH = {"happy": 1.0, "sad": 1.0, "angry": 0.5, "fearful": 1.0, "surprised": 1.0}
MEASURED = "table.measured.ravdess"
# Nepers of probability that a change must bring for what it costs a voice: a semitone and a
# decibel beyond what is free, a neper of colour; and leaving a factor's 1, lightly.
FREE_SEMITONES, SEMITONE_COST = 2.0, 0.1
FREE_DECIBELS, DECIBEL_COST = 4.0, 0.08
COLOUR_COST, FREE_TEMPO, TEMPO_COST = 1.0, 0.2, 1.0
COST = 0.05


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
        """Of leaving what was measured."""
        return COST * sum(abs(getattr(self, f.name) - f.default) for f in fields(self))


def strain(change: GlobalChange) -> float:
    """What a change costs a voice, in nepers of probability."""
    flat = change.level_db * np.log(10) / 20
    return float(
        SEMITONE_COST * max(0.0, abs(change.pitch) - FREE_SEMITONES)
        + DECIBEL_COST * max(0.0, abs(change.level_db) - FREE_DECIBELS)
        + COLOUR_COST * np.sqrt(np.mean((change.colour - flat) ** 2))
        + TEMPO_COST * max(0.0, abs(change.tempo) - FREE_TEMPO)
    )


@torch.no_grad()
def search(
    ears: Ears, emotion: str, measured: np.ndarray, polish: np.ndarray, rounds: int = 3
) -> Factors:
    """Best factors, one after another."""

    def value_of(factors: Factors) -> float:
        change = factors.apply(measured, polish)
        return ears.hear(emotion, change) - factors.cost() - strain(change)

    best = Factors()
    score = first = value_of(best)
    for _ in range(rounds):
        before = score
        for name, values in VALUES.items():
            for value in values:
                if name == "polish" and value > POLISH.get(emotion, 0.0):
                    continue
                tried = replace(best, **{name: value})
                got = value_of(tried)
                if got > score + 1e-4:
                    best, score = tried, got
        if score - before < 0.01:
            break
    print(f"{emotion}: {first:.2f} -> {score:.2f}  {best}", file=sys.stderr, flush=True)
    return best


def tune(
    folder: Path, output: Path, data: Path | None = None, only: Sequence[str] = (),
    voices: Sequence[str] = (),
) -> dict[str, dict[str, Factors]]:  # fmt: skip
    """Search the emotions, all or only some, and store the prosody checkpoint with the new
    changes: of every voice, or of each of `voices` alone. With the prepared folder `data` the
    acted ear listens too."""
    models = load_models(folder)
    acted = None if data is None else ActedListener(AcousticClips(FeatureStore(data), None))
    stored = load_checkpoint(folder, "prosody")
    tensors = dict(stored.tensors)
    measured = tensors.setdefault(MEASURED, tensors["table.changes.ravdess"].clone()).numpy()
    found = {}
    for key in [voice_changes(v) for v in voices] or ["ravdess"]:
        print(key, file=sys.stderr)
        who = [v for v in voices if voice_changes(v) == key] or VOICES
        tuned, found[key] = _tuned(models, Ears(models, acted, who), measured, key, only)
        tensors[f"table.changes.{key}"] = torch.from_numpy(tuned)
    card = {
        "command": "emotts train recipes/base/prosody.yaml; python -m emotts.training.strength",
        "corpora": ["kathleen", "lj", "nemo", "ravdess"],
        "strength": {k: {e: asdict(f) for e, f in one.items()} for k, one in found.items()},
    }
    save_checkpoint(output, "prosody", tensors, stored.config, card)
    return found


def _tuned(
    models: SynthesisModels, ears: Ears, measured: np.ndarray, key: str, only: Sequence[str]
) -> tuple[np.ndarray, dict[str, Factors]]:
    """The new matrix (164, e) and the factors found."""
    found, changes = {}, {}
    before = models.changes.get(key, models.changes["ravdess"])
    for name, direction in models.space.directions.items():
        changes[name] = before @ direction
        if not only or name in only:
            own = measured @ direction
            polish = models.changes["nemo"] @ direction if name in POLISH else own
            found[name] = search(ears, name, own, polish)
            changes[name] = found[name].apply(own, polish).vector()
    return matrix_of(models.space, changes), found


def matrix_of(space: EmotionSpace, changes: dict[str, np.ndarray]) -> np.ndarray:
    """The matrix (164, e) that takes the direction of each emotion to its change (164,)."""
    directions = np.stack([space.directions[name] for name in changes], axis=1)
    matrix = np.stack(list(changes.values()), axis=1) @ np.linalg.pinv(directions)
    return matrix.astype(np.float32)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, help="prepared recordings, for the acted ear")
    parser.add_argument("--only", nargs="+", default=(), choices=CATEGORIES[1:],
                        help="these emotions alone")  # fmt: skip
    parser.add_argument("--voices", nargs="+", default=(), help="changes for each of these alone")
    parser.add_argument("-o", "--output", type=Path, default=None)
    asked = parser.parse_args()
    tune(asked.folder, asked.output or asked.folder, asked.data, asked.only, asked.voices)
