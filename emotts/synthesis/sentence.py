"""One sentence from phones to samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from emotts.audio.constants import HOP_LENGTH, LOG_FLOOR
from emotts.models.change import CARRYING
from emotts.models.content import token_of_pair
from emotts.models.stride import stride_of
from emotts.synthesis.course import blend, changes_of
from emotts.synthesis.guidance import shares, steered
from emotts.synthesis.line import Line
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.options import GUIDANCE, STEPS, TEMPERATURE, VARIETY
from emotts.synthesis.phrasing import (
    Phrasing,
    Prosody,
    emotion_input,
    mixed_velocity,
    realise,
    sample_prosody,
)
from emotts.synthesis.sampling import solve
from emotts.text.sequence import PhoneSequence
from emotts.text.symbols import language_id

ENERGY_UNIT = 10.0
F0_RANGE = (55.0, 800.0)
LEVEL_DB, LEVEL_BOUND_DB = -4.0, 16.0
WORD_EDGE = np.array([0.25, 0.5, 0.25])  # of what a word has for itself, over three pairs


@dataclass(frozen=True)
class Settings:
    """How to sample: solver and its steps, noise temperature of the decoder, variety of the
    prosody, push towards the emotion against neutral, and by the classifier."""

    steps: int = STEPS
    temperature: float = TEMPERATURE
    guidance: float = GUIDANCE
    variety: float = VARIETY
    solver: str = "euler"
    classifier: float = 0.0


@dataclass(frozen=True)
class Spoken:
    """samples (n,); mel (frames, 80); f0 in Hz, without gaps, and voiced: (frames,); durations of
    the tokens in pairs of frames; level in dB that was added to the mel, (pairs,); plain (frames,
    80), the mel without the voice's spectrum and the emotion's colour; prior (frames, 80), what
    the text alone let expect of it."""

    samples: np.ndarray
    mel: np.ndarray
    f0: np.ndarray
    voiced: np.ndarray
    durations: np.ndarray
    level: np.ndarray
    plain: np.ndarray
    prior: np.ndarray


def speak(
    models: SynthesisModels, line: Line, settings: Settings, seed: int, pairs: int | None = None
) -> Spoken:
    """Say one sentence, in so many pairs of frames if they are given. The same arguments give the
    same samples."""
    generator = torch.Generator().manual_seed(seed)
    prosody = sample_prosody(models, line, generator, settings.variety)
    return render(models, line, prosody, settings, generator, pairs)


def render(
    models: SynthesisModels, line: Line, prosody: Prosody, settings: Settings,
    generator: torch.Generator, pairs: int | None = None,
) -> Spoken:  # fmt: skip
    """Samples of a line whose prosody has been sampled."""
    voice, phrasing = line.voice, realise(prosody, pairs)
    mu, voiced = content_of(models, line.sequence, phrasing)
    felt = [c.at_pairs(phrasing.durations) for c in line.courses]
    f0 = np.exp(voice.log_f0 + phrasing.semitones * np.log(2) / 12)
    f0 = np.clip(f0, *F0_RANGE).astype(np.float32)
    plain = _decode(models, line, mu, voiced, f0, phrasing, felt, settings, generator)
    vectors = blend(line.courses, felt)
    if not all(c.is_constant for c in line.courses):
        vectors = _softened(vectors)
    colour = changes_of(models.change_matrix(voice)[-160:], vectors).reshape(-1, 2, 80)
    asked = np.repeat(line.delivery.energy, phrasing.durations)
    level = asked + bounded_level(colour)
    colour = np.repeat(colour, 2, axis=0)
    mel = plain + np.where(voiced[:, None], colour[:, 0], colour[:, 1]) + voice.spectrum()
    mel = np.maximum(mel, np.log(LOG_FLOOR))
    samples = _vocode(models, mel, f0, voiced, generator)
    samples = samples * _gain(LEVEL_DB + level, len(samples))
    prior = mu[0].reshape(-1, 80).cpu().numpy()
    return Spoken(samples, mel, f0, voiced, phrasing.durations, level, plain, prior)


def _softened(vectors: np.ndarray) -> np.ndarray:
    """Steps between words eased over three pairs, 64 ms."""
    padded = np.concatenate([vectors[:1], vectors, vectors[-1:]])
    return sum(w * padded[i : i + len(vectors)] for i, w in enumerate(WORD_EDGE))


def bounded_level(colour: np.ndarray) -> np.ndarray:
    """Gain in dB per pair that keeps an emotion's level within ±`LEVEL_BOUND_DB`, smoothly: actors
    shout 18 dB above their neutral voice, more than a file at a usual level can hold."""
    level = colour[:, :, CARRYING].mean(axis=(1, 2)) * 20 / np.log(10)
    return LEVEL_BOUND_DB * np.tanh(level / LEVEL_BOUND_DB) - level


def _gain(level_db: np.ndarray, count: int) -> np.ndarray:
    knots = (np.arange(len(level_db)) + 0.5) * 2 * HOP_LENGTH
    curve = np.interp(np.arange(count), knots, level_db)
    return (10 ** (curve / 20)).astype(np.float32)


def content_of(models, sequence: PhoneSequence, phrasing: Phrasing) -> tuple[Tensor, np.ndarray]:
    """mu (1, pairs, 160) and voiced (frames,)."""
    device = models.mel_scale.device
    index, position = token_of_pair(torch.from_numpy(phrasing.durations))
    tokens = np.stack([sequence.ids, sequence.stress, sequence.length], axis=-1)
    mu, voicing = models.content(
        torch.from_numpy(tokens)[None].to(device),
        torch.tensor([language_id(sequence.language)], device=device),
        torch.ones(1, len(tokens), 1, device=device), index[None].to(device),
        position[None].to(device), torch.ones(1, len(index), 1, device=device),
    )  # fmt: skip
    return mu, (voicing[0].reshape(-1) > 0).cpu().numpy()


def _decode(
    models, line: Line, mu, voiced, f0, phrasing, felt: list[np.ndarray], settings, generator
) -> np.ndarray:
    """Relative mel (frames, 80) of neutral colour."""
    device = mu.device
    local = np.stack([np.log(f0 / 200.0), voiced, phrasing.energy / ENERGY_UNIT], axis=-1)
    local = local.reshape(-1, 2, 3).transpose(0, 2, 1).reshape(1, -1, 6).astype(np.float32)
    given = {
        "mu": mu / models.mel_scale,
        "local": torch.from_numpy(local).to(device),
        "speaker": torch.tensor([line.voice.embedding], device=device),
        "keep": torch.ones(1, 2, device=device),
        "mask": torch.ones(1, mu.shape[1], 1, device=device),
        "stride": torch.tensor([stride_of(settings.steps, settings.solver)], device=device),
    }

    def told(x: Tensor, t: Tensor, emotion: Tensor) -> Tensor:
        return models.decoder(x, t, emotion=emotion, **given)

    emotions = [emotion_input(models, vectors) for vectors in felt]
    push = settings.guidance if any(bool(e.any()) for e in emotions) else 1.0
    weights = [push * c.weight for c in line.courses]
    velocity = mixed_velocity(told, weights, emotions)
    if settings.classifier:
        wanted = shares(models.space, blend(line.courses, [v.mean(axis=0) for v in felt]))
        velocity = steered(velocity, models.guide, settings.classifier, wanted, given["local"],
                           given["mask"])  # fmt: skip
    noise = torch.randn(mu.shape, generator=generator).to(device) * settings.temperature
    mel = solve(velocity, noise, settings.steps, settings.solver) * models.mel_scale
    return mel[0].reshape(-1, 80).cpu().numpy()


def _vocode(models, mel, f0, voiced, generator) -> np.ndarray:
    device = models.mel_scale.device
    noise = torch.randn(1, len(f0) * HOP_LENGTH, generator=generator)
    samples = models.vocoder(
        torch.from_numpy(mel.astype(np.float32))[None].to(device),
        torch.from_numpy(f0)[None].to(device),
        torch.from_numpy(voiced.astype(np.float32))[None].to(device),
        noise.to(device),
    )
    return samples[0].cpu().numpy()
