"""Prosody of one sentence: durations, pitch and energy of every token."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from emotts.models.change import GlobalChange
from emotts.models.contours import frame_curves, next_punctuation
from emotts.models.prosody import TARGETS, token_place
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.sampling import solve
from emotts.synthesis.voices import Voice
from emotts.text.sequence import PhoneSequence
from emotts.text.symbols import BORDER, is_pause_symbol, language_id, symbol_id

DURATION_UNIT, ENERGY_UNIT, DURATION_OFFSET = 0.45, 5.0, 0.5
STEPS = 8
EDGE_PAIRS, LONGEST_PAUSE, LONGEST_PHONE = (3, 8), 28, 24


@dataclass(frozen=True)
class Phrasing:
    """durations: (n,) pairs of frames; semitones (above the voice's mean) and energy (dB above
    its mean, without the emotion's level): (frames,)."""

    durations: np.ndarray
    semitones: np.ndarray
    energy: np.ndarray


@dataclass(frozen=True)
class Wish:
    """What the user asks of the delivery: tempo factor, semitones, and variety of takes."""

    rate: float = 1.0
    pitch: float = 0.0
    temperature: float = 0.6


def phrase(
    models: SynthesisModels, sequence: PhoneSequence, voice: Voice, emotion: Tensor,
    change: GlobalChange, wish: Wish, generator: torch.Generator,
) -> Phrasing:  # fmt: skip
    """Sample the prosody of a sentence; emotion: (1, 1, e), in the networks' scale."""
    pause = np.array([is_pause_symbol(i) for i in sequence.ids])
    values = _sample(models, sequence, voice, emotion, pause, wish.temperature, generator)
    residual = values[:, 0] * DURATION_UNIT
    shift = np.where(pause, 0.0, voice.tempo + change.tempo)
    pairs = np.exp(models.durations[sequence.ids] + residual + shift) - DURATION_OFFSET
    durations = _whole_pairs(pairs / wish.rate, pause, wish.rate)
    spread = voice.pitch_deviation * np.exp(change.pitch_range)
    pitch = values[:, 1:3] * spread + change.pitch + wish.pitch
    energy = models.energies[sequence.ids] + values[:, 3] * ENERGY_UNIT
    semitones, energy = frame_curves(durations, np.column_stack([pitch, energy]))
    return Phrasing(durations, semitones, energy)


def _sample(models, sequence, voice, emotion, pause, temperature, generator) -> np.ndarray:
    tokens = np.stack([sequence.ids, sequence.stress, sequence.length], axis=-1)
    device = models.mel_scale.device
    given = {
        "tokens": torch.from_numpy(tokens)[None],
        "ending": torch.from_numpy(next_punctuation(sequence.ids, pause, symbol_id(BORDER)))[None],
        "place": token_place(torch.from_numpy(pause))[None],
        "language": torch.tensor([language_id(sequence.language)]),
        "speaker": torch.tensor([voice.embedding]),
        "emotion": emotion,
        "keep": torch.ones(1, 2),
        "mask": torch.ones(1, len(pause), 1),
    }
    given = {k: v.to(device) for k, v in given.items()}
    noise = torch.randn(1, len(pause), TARGETS, generator=generator) * temperature
    values = solve(lambda x, t: models.prosody(x, t, **given), noise.to(device), STEPS)
    return values[0].cpu().numpy()


def _whole_pairs(pairs: np.ndarray, pause: np.ndarray, rate: float) -> np.ndarray:
    """Whole pairs: phones last at least one, short pauses vanish, rounding errors cancel."""
    pairs = np.where(pause, np.minimum(pairs, LONGEST_PAUSE), np.minimum(pairs, LONGEST_PHONE))
    low, high = EDGE_PAIRS
    pairs[[0, -1]] = np.clip(pairs[[0, -1]], low, high)
    out = np.zeros(len(pairs), dtype=np.int64)
    owed = 0.0
    for i, wanted in enumerate(pairs):
        if pause[i] and wanted < 1.0 / rate:
            continue
        size = max(1, int(np.round(wanted + owed)))
        owed = float(np.clip(owed + wanted - size, -0.5, 0.5))
        out[i] = size
    return out
