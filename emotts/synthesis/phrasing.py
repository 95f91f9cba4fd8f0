"""Prosody of one sentence: durations, pitch and energy of every token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from emotts.models.change import SCALARS, TEMPO_BOUNDS
from emotts.models.contours import frame_curves, next_punctuation
from emotts.models.prosody import TARGETS, token_place
from emotts.synthesis.course import blend, changes_of
from emotts.synthesis.guidance import within_reach
from emotts.synthesis.line import Line
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.options import VARIETY
from emotts.synthesis.rises import with_rises
from emotts.synthesis.sampling import solve
from emotts.text.clusters import in_cluster
from emotts.text.symbols import BORDER, is_pause_symbol, language_id, symbol_id

DURATION_UNIT, ENERGY_UNIT, DURATION_OFFSET = 0.45, 5.0, 0.5
# Four evaluations that come nearer to where the flow leads than eight of Euler's steps: those
# flatten the melody by 8 %, these by 4.
SOLVER, STEPS = "midpoint", 2
EDGE_PAIRS, LONGEST_PAUSE, LONGEST_PHONE = (3, 8), 28, 24
SHORTEST_STRESSED = 3  # pairs, 64 ms: below that a vowel is no longer told from its neighbours
CLUSTER_TIME = 1.3  # how much longer consonants in a cluster last than the networks would have them


@dataclass(frozen=True)
class Prosody:
    """What was sampled, before it becomes whole frames: pairs (n,) of frames, pitch (n, 2) in
    semitones above the voice's mean at two places, energy (n,) in dB; pause (n,) bool."""

    pairs: np.ndarray
    pitch: np.ndarray
    energy: np.ndarray
    pause: np.ndarray


@dataclass(frozen=True)
class Phrasing:
    """durations: (n,) pairs of frames; semitones (above the voice's mean) and energy (dB above
    its mean, without the emotion's level): (frames,)."""

    durations: np.ndarray
    semitones: np.ndarray
    energy: np.ndarray


def sample_prosody(
    models: SynthesisModels, line: Line, generator: torch.Generator, variety: float = VARIETY
) -> Prosody:
    """Sample the prosody of a line; variety: temperature of the takes."""
    sequence, voice, asked = line.sequence, line.voice, line.delivery
    pause = np.array([is_pause_symbol(i) for i in sequence.ids])
    usual = np.exp(models.durations[sequence.ids]) - DURATION_OFFSET
    felt = [c.at_tokens(usual) for c in line.courses]
    noise = torch.randn(1, len(pause), TARGETS, generator=generator) * variety
    values = _sample(models, line, felt, pause, noise)
    own = np.any([c.own for c in line.courses if len(c.own)], axis=0)
    if np.any(own):  # words with an emotion of their own leave the others as they were
        track = [c.at_tokens(usual, own=False) for c in line.courses]
        values = np.where(own[:, None], values, _sample(models, line, track, pause, noise))
    matrix = models.change_matrix(voice)[: len(SCALARS)]
    changes = changes_of(matrix, blend(line.courses, felt))
    pitch, pitch_range, tempo = (changes[:, SCALARS.index(k)] for k in SCALARS[:3])
    residual = values[:, 0] * DURATION_UNIT
    shift = np.where(pause, 0.0, voice.tempo + np.clip(tempo, *TEMPO_BOUNDS))
    pairs = np.exp(models.durations[sequence.ids] + residual + shift) - DURATION_OFFSET
    pairs = np.where(in_cluster(sequence), CLUSTER_TIME * pairs, pairs)
    pairs = np.where(sequence.stress == 1, np.maximum(pairs, SHORTEST_STRESSED), pairs)
    pairs = np.where(asked.pause >= 0, asked.pause * asked.rate, pairs) / asked.rate
    spread = voice.pitch_deviation * np.exp(pitch_range) * asked.pitch_range
    melody = with_rises(values[:, 1:3] * spread[:, None], spread, pairs, sequence, line.text)
    semitones = melody + (pitch + asked.pitch)[:, None]
    energy = models.energies[sequence.ids] + values[:, 3] * ENERGY_UNIT
    return Prosody(_bounded(pairs, pause, asked.pause >= 0), semitones, energy, pause)


def _sample(models, line: Line, felt: list[np.ndarray], pause, noise: Tensor) -> np.ndarray:
    sequence = line.sequence
    tokens = np.stack([sequence.ids, sequence.stress, sequence.length], axis=-1)
    device = models.mel_scale.device
    given = {
        "tokens": torch.from_numpy(tokens)[None],
        "ending": torch.from_numpy(next_punctuation(sequence.ids, pause, symbol_id(BORDER)))[None],
        "place": token_place(torch.from_numpy(pause))[None],
        "language": torch.tensor([language_id(sequence.language)]),
        "speaker": torch.tensor([line.voice.embedding]),
        "keep": torch.ones(1, 2),
        "mask": torch.ones(1, len(pause), 1),
    }
    given = {k: v.to(device) for k, v in given.items()}
    emotions = [emotion_input(models, e) for e in felt]

    def told(x: Tensor, t: Tensor, emotion: Tensor) -> Tensor:
        return models.prosody(x, t, emotion=emotion, **given)

    velocity = mixed_velocity(told, [c.weight for c in line.courses], emotions)
    return solve(velocity, noise.to(device), STEPS, SOLVER)[0].cpu().numpy()


def emotion_input(models: SynthesisModels, vectors: np.ndarray) -> Tensor:
    """Offsets (k, dim) within the networks' reach and scale: (1, k, dim), or (1, 1, dim) if all are
    alike."""
    if (vectors == vectors[0]).all():
        vectors = vectors[:1]
    vectors = within_reach(models.space, vectors)
    scaled = torch.from_numpy(np.ascontiguousarray(vectors, dtype=np.float32))
    return (scaled * models.emotion_scale)[None].to(models.mel_scale.device)


def mixed_velocity(
    told: Callable[[Tensor, Tensor, Tensor], Tensor], weights: list[float], emotions: list[Tensor]
) -> Callable[[Tensor, Tensor], Tensor]:
    """v(0) + Σ w_k (v(e_k) − v(0)): velocities mixed at every solver step, EmoMix (Tang 2023)
    carried over to a flow. One emotion of weight 1 is told alone, and costs one evaluation."""
    if weights == [1.0]:
        return lambda x, t: told(x, t, emotions[0])

    def velocity(x: Tensor, t: Tensor) -> Tensor:
        neutral = told(x, t, torch.zeros_like(emotions[0][:, :1]))
        parts = zip(weights, emotions, strict=True)
        return neutral + sum(w * (told(x, t, e) - neutral) for w, e in parts if w)

    return velocity


def _bounded(pairs: np.ndarray, pause: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    bounded = np.where(pause, np.minimum(pairs, LONGEST_PAUSE), np.minimum(pairs, LONGEST_PHONE))
    bounded[[0, -1]] = np.clip(bounded[[0, -1]], *EDGE_PAIRS)
    return np.where(fixed, pairs, bounded)


def realise(prosody: Prosody, pairs: int | None = None) -> Phrasing:
    """Whole frames from sampled prosody; pairs: how many in all, if that is given."""
    if pairs is None:
        durations = whole_pairs(prosody.pairs, prosody.pause)
    else:
        durations = exact_pairs(prosody.pairs, prosody.pause, pairs)
    knots = np.column_stack([prosody.pitch, prosody.energy])
    return Phrasing(durations, *frame_curves(durations, knots))


def whole_pairs(pairs: np.ndarray, pause: np.ndarray) -> np.ndarray:
    """Whole pairs: phones last at least one, short pauses vanish, rounding errors cancel."""
    out = np.zeros(len(pairs), dtype=np.int64)
    owed = 0.0
    for i, wanted in enumerate(pairs):
        if pause[i] and wanted < 1.0:
            continue
        size = max(1, int(np.round(wanted + owed)))
        owed = float(np.clip(owed + wanted - size, -0.5, 0.5))
        out[i] = size
    return out


def exact_pairs(pairs: np.ndarray, pause: np.ndarray, total: int) -> np.ndarray:
    """Whole pairs in proportion to `pairs` that sum to `total`, each phone at least one.

    `total` must allow one pair a phone.
    """
    low, high = 0.0, 50.0
    for _ in range(40):  # the factor whose rounded durations come nearest from below
        middle = (low + high) / 2
        if whole_pairs(pairs * middle, pause).sum() <= total:
            low = middle
        else:
            high = middle
    durations = whole_pairs(pairs * low, pause)
    order = np.argsort(-np.where(durations > 0, pairs, -1.0), kind="stable")
    missing = int(total - durations.sum())
    for k in range(abs(missing)):
        durations[order[k % len(order)]] += int(np.sign(missing))
    return durations
