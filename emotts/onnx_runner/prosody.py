"""Durations, pitch and energy of one line, by the exported prosody network.

The arithmetic of `emotts.synthesis.phrasing`, for plain text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emotts.models.change import SCALARS, TEMPO_BOUNDS
from emotts.models.contours import frame_curves, next_punctuation
from emotts.onnx_runner.flow import emotion_input, midpoint, mixed_velocity
from emotts.onnx_runner.folder import ExportedModels
from emotts.onnx_runner.noise import TorchNoise
from emotts.onnx_runner.reading import PlainLine
from emotts.synthesis.course import blend, changes_of
from emotts.synthesis.rises import with_rises
from emotts.text.clusters import in_cluster
from emotts.text.symbols import BORDER, is_pause_symbol, language_id, symbol_id

DURATION_UNIT, ENERGY_UNIT, DURATION_OFFSET = 0.45, 5.0, 0.5
STEPS, TARGETS = 2, 4
EDGE_PAIRS, LONGEST_PAUSE, LONGEST_PHONE, SHORTEST_STRESSED = (3, 8), 28, 24, 3
CLUSTER_TIME = 1.3


@dataclass(frozen=True)
class Phrasing:
    """durations: (n,) pairs of frames; semitones above the voice's mean and energy in dB above its
    mean: (frames,)."""

    durations: np.ndarray
    semitones: np.ndarray
    energy: np.ndarray


def phrase(models: ExportedModels, line: PlainLine, noise: TorchNoise) -> Phrasing:
    """Sample the prosody of a line and bring it to whole frames."""
    ids, voice, asked = line.sequence.ids, line.voice, line.options
    pause = np.array([is_pause_symbol(i) for i in ids])
    usual = np.exp(models.tables["durations"][ids]) - DURATION_OFFSET
    felt = [course.at_tokens(usual) for course in line.courses]
    start = noise.normal(1, len(ids), TARGETS) * np.float32(asked.variety)
    values = _sample(models, line, felt, pause, start)
    matrix = models.change_matrix(voice)[: len(SCALARS)]
    changes = changes_of(matrix, blend(line.courses, felt))
    pitch, pitch_range, tempo = (changes[:, SCALARS.index(k)] for k in SCALARS[:3])
    shift = np.where(pause, 0.0, voice.tempo + np.clip(tempo, *TEMPO_BOUNDS))
    log_pairs = models.tables["durations"][ids] + values[:, 0] * DURATION_UNIT + shift
    pairs = np.exp(log_pairs) - DURATION_OFFSET
    pairs = np.where(in_cluster(line.sequence), CLUSTER_TIME * pairs, pairs)
    pairs = np.where(line.sequence.stress == 1, np.maximum(pairs, SHORTEST_STRESSED), pairs)
    pairs /= line.rate
    spread = voice.pitch_deviation * np.exp(pitch_range) * asked.pitch_range
    melody = with_rises(values[:, 1:3] * spread[:, None], spread, pairs, line.sequence, line.text)
    semitones = melody + (pitch + asked.pitch)[:, None]
    energy = models.tables["energies"][ids] + values[:, 3] * ENERGY_UNIT
    durations = whole_pairs(_bounded(pairs, pause), pause)
    return Phrasing(durations, *frame_curves(durations, np.column_stack([semitones, energy])))


def _sample(models: ExportedModels, line: PlainLine, felt, pause, start) -> np.ndarray:
    sequence = line.sequence
    given = {
        "tokens": np.stack([sequence.ids, sequence.stress, sequence.length], axis=-1)[None],
        "ending": next_punctuation(sequence.ids, pause, symbol_id(BORDER))[None],
        "place": token_place(pause)[None],
        "language": np.array([language_id(sequence.language)]),
        "speaker": line.voice.embedding[None],
    }
    emotions = [emotion_input(models, vectors) for vectors in felt]

    def told(x: np.ndarray, t: np.ndarray, emotion: np.ndarray) -> np.ndarray:
        return models.run("prosody", x=x, t=t, emotion=emotion, **given)[0]

    velocity = mixed_velocity(told, [course.weight for course in line.courses], emotions)
    return midpoint(velocity, start, STEPS)[0]


def token_place(pause: np.ndarray) -> np.ndarray:
    """Where each token lies, (n, 4): see `emotts.models.prosody.token_place`."""
    n = len(pause)
    at = np.arange(n, dtype=np.float32)
    before = np.maximum.accumulate(np.where(pause, at, 0))
    after = n - 1 - np.maximum.accumulate(np.where(pause[::-1], at, 0))[::-1]
    size = np.full(n, np.log1p(np.float32(n)) - np.float32(3.5))
    phrase_gone, phrase_left = np.minimum(at - before, 12) / 12, np.minimum(after - at, 12) / 12
    return np.stack([at / n, size, phrase_gone, phrase_left], axis=-1).astype(np.float32)


def _bounded(pairs: np.ndarray, pause: np.ndarray) -> np.ndarray:
    bounded = np.minimum(pairs, np.where(pause, LONGEST_PAUSE, LONGEST_PHONE))
    bounded[[0, -1]] = np.clip(bounded[[0, -1]], *EDGE_PAIRS)
    return bounded


def whole_pairs(pairs: np.ndarray, pause: np.ndarray) -> np.ndarray:
    """Whole pairs: phones last at least one, short pauses vanish, rounding errors cancel."""
    out = np.zeros(len(pairs), dtype=np.int64)
    owed = 0.0
    for i, wanted in enumerate(pairs):
        if pause[i] and wanted < 1.0:
            continue
        out[i] = max(1, int(np.round(wanted + owed)))
        owed = float(np.clip(owed + wanted - out[i], -0.5, 0.5))
    return out
