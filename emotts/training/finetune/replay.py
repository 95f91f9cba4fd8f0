"""What keeps old voices as they are while a new one is learnt: lines that are heard again.

Where a prepared folder of the shipped voices is at hand its clips are drawn, otherwise the set
itself says lines in all its voices and emotions. Either way the decoder that was there before
says what the new one must still answer to them (rehearsal by distillation; Li & Hoiem 2017,
"Learning without Forgetting"), so that nothing is learnt anew from what it made itself.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from emotts.corpora.shards_store import open_store
from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.synthesis.course import Course
from emotts.synthesis.hearing import TEXTS, neutral_line, silent
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.phrasing import emotion_input, realise, sample_prosody
from emotts.synthesis.sentence import ENERGY_UNIT, Settings, render
from emotts.training.config import Recipe
from emotts.training.task import Batch
from emotts.training.tasks import acoustic
from emotts.training.tasks.content import pad

FRAMED = ("mel", "mu", "local", "mask")


class RealReplay:
    """Clips of a prepared and aligned folder on which the set was trained."""

    def __init__(self, folder: Path, base: Path, recipe: Recipe, scale: np.ndarray):
        values = recipe.model_dump() | {"data": folder, "export": base, "corpora": None}
        values["options"] = {"pairs": recipe.options["pairs"]}
        self.task = acoustic.Training(Recipe(**values), open_store(folder))
        self.task.networks()
        self.task.scale = scale

    def batch(self, generator: np.random.Generator) -> Batch:
        return self.task.batch(generator)


class MadeReplay:
    """Lines that the set says itself, in every voice and emotion in turn."""

    def __init__(
        self, models: SynthesisModels, texts: list[str], language: str, count: int,
        batch_size: int, pairs: int,
    ):  # fmt: skip
        self.batch_size, self.pairs = batch_size, pairs
        quiet = replace(models, vocoder=silent)
        voices, feelings = list(models.voices.values()), ["neutral", *models.space.directions]
        self.items = []
        for number in range(count):
            voice = voices[number % len(voices)]
            known = [*TEXTS.get(voice.language[:2], TEXTS["en"])]
            known += texts if voice.language[:2] == language[:2] else []
            feeling = feelings[(number + number // len(voices)) % len(feelings)]
            text = known[number // len(voices) % len(known)]
            self.items.append(_made_item(quiet, voice, text, feeling, number))

    def batch(self, generator: np.random.Generator) -> Batch:
        picks = generator.integers(0, len(self.items), self.batch_size)
        return self.stack([int(i) for i in picks], generator)

    def stack(self, picks: list[int], generator: np.random.Generator) -> Batch:
        framed: dict[str, list[np.ndarray]] = {k: [] for k in FRAMED}
        for i in picks:
            size = len(self.items[i]["mel"])
            start = int(generator.integers(0, max(1, size - self.pairs + 1)))
            for k in FRAMED:
                framed[k].append(self.items[i][k][start : start + self.pairs])
        whole = {
            k: torch.from_numpy(np.stack([self.items[i][k] for i in picks]))
            for k in ("speaker", "emotion")
        }
        keep = (generator.random((len(picks), 2)) > np.array([0.05, 0.1])).astype(np.float32)
        return {k: pad(v) for k, v in framed.items()} | whole | {"keep": torch.from_numpy(keep)}


@torch.inference_mode()
def _made_item(models, voice, text: str, feeling: str, seed: int) -> dict[str, np.ndarray]:
    """What the decoder is told of a line and answers, as the acoustic task lays it out."""
    vector = models.space.vector(Emotion(feeling))
    line = replace(
        neutral_line(models, voice, text), courses=(Course(EmotionTrack.constant(vector)),)
    )
    generator = torch.Generator().manual_seed(seed)
    prosody = sample_prosody(models, line, generator)
    phrasing = realise(prosody)
    spoken = render(models, line, prosody, Settings(), generator)
    local = np.stack(
        [np.log(spoken.f0 / 200.0), spoken.voiced, phrasing.energy / ENERGY_UNIT], axis=-1
    )
    scale = models.mel_scale.cpu().numpy()
    pairs = len(spoken.plain) // 2
    return {
        "mel": (spoken.plain.reshape(pairs, 160) / scale).astype(np.float32),
        "mu": (spoken.prior.reshape(pairs, 160) / scale).astype(np.float32),
        "local": local.reshape(-1, 2, 3).transpose(0, 2, 1).reshape(-1, 6).astype(np.float32),
        "mask": np.ones((pairs, 1), dtype=np.float32),
        "speaker": np.asarray(voice.embedding, dtype=np.float32),
        "emotion": emotion_input(models, vector[None])[0].cpu().numpy(),
    }
