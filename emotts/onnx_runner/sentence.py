"""One line to samples: content, flow decoder, colour of the emotion, vocoder.

The arithmetic of `emotts.synthesis.sentence`, for plain text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emotts.audio.constants import HOP_LENGTH, LOG_FLOOR
from emotts.models.change import CARRYING
from emotts.models.stride import stride_of
from emotts.onnx_runner.flow import emotion_input, euler, mixed_velocity
from emotts.onnx_runner.folder import ExportedModels
from emotts.onnx_runner.noise import TorchNoise
from emotts.onnx_runner.prosody import Phrasing, phrase
from emotts.onnx_runner.reading import PlainLine
from emotts.onnx_runner.waveform import vocode
from emotts.synthesis.course import blend, changes_of
from emotts.text.symbols import language_id

ENERGY_UNIT, F0_RANGE = 10.0, (55.0, 800.0)
LEVEL_DB, LEVEL_BOUND_DB = -4.0, 16.0
WORD_EDGE = np.array([0.25, 0.5, 0.25])
COLOUR = 160


@dataclass(frozen=True)
class Said:
    """samples (n,); durations of the tokens in pairs of frames."""

    samples: np.ndarray
    durations: np.ndarray


def say(models: ExportedModels, line: PlainLine, noise: TorchNoise) -> Said:
    """Say one line; the noise is drawn in the order in which torch's path draws it."""
    voice, phrasing = line.voice, phrase(models, line, noise)
    mu, voiced = _content(models, line, phrasing)
    felt = [course.at_pairs(phrasing.durations) for course in line.courses]
    f0 = np.exp(voice.log_f0 + phrasing.semitones * np.log(2) / 12)
    f0 = np.clip(f0, *F0_RANGE).astype(np.float32)
    plain = _decode(models, line, mu, voiced, f0, phrasing, felt, noise)
    vectors = blend(line.courses, felt)
    if not all(course.is_constant for course in line.courses):
        vectors = _softened(vectors)
    colour = changes_of(models.change_matrix(voice)[-COLOUR:], vectors).reshape(-1, 2, 80)
    level = line.options.energy + bounded_level(colour)
    colour = np.repeat(colour, 2, axis=0)
    mel = plain + np.where(voiced[:, None], colour[:, 0], colour[:, 1]) + voice.spectrum
    mel = np.maximum(mel, np.log(LOG_FLOOR)).astype(np.float32)
    samples = vocode(models, mel, f0, voiced, noise.normal(1, len(f0) * HOP_LENGTH)[0])
    return Said(samples * _gain(LEVEL_DB + level, len(samples)), phrasing.durations)


def _content(models: ExportedModels, line: PlainLine, phrasing: Phrasing):
    """mu (1, pairs, 160) and voiced (frames,)."""
    sequence = line.sequence
    index, position = token_of_pair(phrasing.durations)
    mu, voicing = models.run(
        "content", tokens=np.stack([sequence.ids, sequence.stress, sequence.length], -1)[None],
        language=np.array([language_id(sequence.language)]), index=index[None],
        position=position[None],
    )  # fmt: skip
    return mu, voicing[0].reshape(-1) > 0


def token_of_pair(durations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Token (pairs,) and place in it (pairs, 3): see `emotts.models.content.token_of_pair`."""
    index = np.repeat(np.arange(len(durations)), durations)
    starts = np.cumsum(durations) - durations
    size = durations[index].astype(np.float32)
    gone = (np.arange(len(index)) - starts[index] + np.float32(0.5)).astype(np.float32) / size
    return index, np.stack([gone, 1 - gone, np.log(size) - np.float32(1)], axis=-1)


def _decode(
    models: ExportedModels, line: PlainLine, mu, voiced, f0, phrasing: Phrasing, felt, noise
) -> np.ndarray:
    """Relative mel (frames, 80) of neutral colour."""
    asked, scale = line.options, models.tables["mel_scale"]
    local = np.stack([np.log(f0 / 200.0), voiced, phrasing.energy / ENERGY_UNIT], axis=-1)
    local = local.reshape(-1, 2, 3).transpose(0, 2, 1).reshape(1, -1, 6).astype(np.float32)
    given = {"mu": mu / scale, "local": local, "speaker": line.voice.embedding[None]}
    if models.hears("decoder", "stride"):
        given["stride"] = np.array([stride_of(asked.steps)], np.float32)

    def told(x: np.ndarray, t: np.ndarray, emotion: np.ndarray) -> np.ndarray:
        return models.run("decoder", x=x, t=t, emotion=emotion, **given)[0]

    emotions = [emotion_input(models, vectors) for vectors in felt]
    push = asked.guidance if any(e.any() for e in emotions) else 1.0
    velocity = mixed_velocity(told, [push * c.weight for c in line.courses], emotions)
    start = noise.normal(*mu.shape) * np.float32(asked.temperature)
    return (euler(velocity, start, asked.steps) * scale)[0].reshape(-1, 80)


def _softened(vectors: np.ndarray) -> np.ndarray:
    """Steps eased over three pairs, 64 ms."""
    padded = np.concatenate([vectors[:1], vectors, vectors[-1:]])
    return sum(w * padded[i : i + len(vectors)] for i, w in enumerate(WORD_EDGE))


def bounded_level(colour: np.ndarray) -> np.ndarray:
    """Gain in dB per pair that keeps an emotion's level within ±16 dB; colour: (pairs, 2, 80)."""
    level = colour[:, :, CARRYING].mean(axis=(1, 2)) * 20 / np.log(10)
    return LEVEL_BOUND_DB * np.tanh(level / LEVEL_BOUND_DB) - level


def _gain(level_db: np.ndarray, count: int) -> np.ndarray:
    knots = (np.arange(len(level_db)) + 0.5) * 2 * HOP_LENGTH
    return (10 ** (np.interp(np.arange(count), knots, level_db) / 20)).astype(np.float32)
