"""One sentence from phones to samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from emotts.audio.constants import HOP_LENGTH, LOG_FLOOR, SAMPLE_RATE
from emotts.emotion.track import EmotionTrack
from emotts.models.change import GlobalChange
from emotts.models.content import token_of_pair
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.phrasing import Phrasing, Wish, phrase
from emotts.synthesis.sampling import solve
from emotts.synthesis.voices import Voice
from emotts.text.sequence import PhoneSequence
from emotts.text.symbols import language_id

ENERGY_UNIT = 10.0
F0_RANGE = (55.0, 800.0)
LEVEL_DB, LEVEL_BOUND_DB = -4.0, 16.0


@dataclass(frozen=True)
class Settings:
    """How to sample: solver steps, noise temperature, push towards the emotion, level in dB."""

    steps: int = 2
    temperature: float = 0.25
    guidance: float = 1.0
    energy_db: float = 0.0


@dataclass(frozen=True)
class Spoken:
    """samples (n,); mel (frames, 80); f0 in Hz, without gaps, and voiced: (frames,); durations of
    the tokens in pairs of frames."""

    samples: np.ndarray
    mel: np.ndarray
    f0: np.ndarray
    voiced: np.ndarray
    durations: np.ndarray


def speak(
    models: SynthesisModels, sequence: PhoneSequence, voice: Voice, track: EmotionTrack,
    wish: Wish, settings: Settings, seed: int,
) -> Spoken:  # fmt: skip
    """Say one sentence. The same arguments give the same samples."""
    generator = torch.Generator().manual_seed(seed)
    device = models.mel_scale.device
    mean = track.sample(64, 64.0).mean(axis=0)
    whole = torch.from_numpy(mean * models.emotion_scale)[None, None].to(device)
    matrix = models.change_matrix(voice)
    change = GlobalChange.from_vector(matrix @ mean)
    phrasing = phrase(models, sequence, voice, whole, change, wish, generator)
    mu, voiced = _content(models, sequence, phrasing)
    pairs = mu.shape[1]
    vectors = track.sample(pairs, SAMPLE_RATE / HOP_LENGTH / 2).astype(np.float32)
    emotion = torch.from_numpy(vectors * models.emotion_scale)[None].to(device)
    if (vectors == vectors[0]).all():
        emotion = emotion[:, :1]
    f0 = np.exp(voice.log_f0 + phrasing.semitones * np.log(2) / 12)
    f0 = np.clip(f0, *F0_RANGE).astype(np.float32)
    mel = _decode(models, voice, mu, voiced, f0, phrasing, emotion, settings, generator)
    colour = (vectors @ matrix[-160:].T).reshape(pairs, 2, 80)
    level = LEVEL_DB + settings.energy_db + bounded_level(colour)
    colour = np.repeat(colour, 2, axis=0)
    mel = mel + np.where(voiced[:, None], colour[:, 0], colour[:, 1]) + voice.spectrum()
    mel = np.maximum(mel, np.log(LOG_FLOOR))
    samples = _vocode(models, mel, f0, voiced, generator)
    samples = samples * _gain(level, len(samples))
    return Spoken(samples, mel, f0, voiced, phrasing.durations)


def bounded_level(colour: np.ndarray) -> np.ndarray:
    """Gain in dB per pair that keeps an emotion's level within ±`LEVEL_BOUND_DB`, smoothly: actors
    shout 18 dB above their neutral voice, more than a file at a usual level can hold."""
    level = colour[:, :, 5:40].mean(axis=(1, 2)) * 20 / np.log(10)
    return LEVEL_BOUND_DB * np.tanh(level / LEVEL_BOUND_DB) - level


def _gain(level_db: np.ndarray, count: int) -> np.ndarray:
    knots = (np.arange(len(level_db)) + 0.5) * 2 * HOP_LENGTH
    curve = np.interp(np.arange(count), knots, level_db)
    return (10 ** (curve / 20)).astype(np.float32)


def _content(models, sequence: PhoneSequence, phrasing: Phrasing) -> tuple[Tensor, np.ndarray]:
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
    models, voice, mu, voiced, f0, phrasing, emotion, settings: Settings, generator
) -> np.ndarray:
    """Relative mel (frames, 80) of neutral colour."""
    device = mu.device
    local = np.stack([np.log(f0 / 200.0), voiced, phrasing.energy / ENERGY_UNIT], axis=-1)
    local = local.reshape(-1, 2, 3).transpose(0, 2, 1).reshape(1, -1, 6).astype(np.float32)
    given = {
        "mu": mu / models.mel_scale,
        "local": torch.from_numpy(local).to(device),
        "speaker": torch.tensor([voice.embedding], device=device),
        "keep": torch.ones(1, 2, device=device),
        "mask": torch.ones(1, mu.shape[1], 1, device=device),
    }

    def velocity(x: Tensor, t: Tensor) -> Tensor:
        told = models.decoder(x, t, emotion=emotion, **given)
        if settings.guidance == 1.0 or not bool(emotion.any()):
            return told
        neutral = models.decoder(x, t, emotion=torch.zeros_like(emotion), **given)
        return neutral + settings.guidance * (told - neutral)

    noise = torch.randn(mu.shape, generator=generator).to(device) * settings.temperature
    mel = solve(velocity, noise, settings.steps) * models.mel_scale
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
