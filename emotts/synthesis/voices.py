"""Voices: who speaks, as stored with the checkpoints."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from emotts.checkpoints import Checkpoint
from emotts.errors import EmottsError


class Voice(BaseModel):
    """A speaker the models know.

    log_f0: natural log of the neutral F0 in Hz; pitch_deviation: its spread in semitones; energy:
    neutral level in dB as `energy_db` measures; tempo: log-duration against the average speaker;
    mel_mean: neutral log-mel spectrum (80,); embedding: unit vector of the speaker encoder.
    """

    model_config = ConfigDict(extra="forbid")

    name: str
    sex: str
    language: str
    corpus: str
    licence: str
    minutes: float
    log_f0: float = Field(exclude=True)
    pitch_deviation: float = Field(exclude=True)
    energy: float = Field(exclude=True)
    tempo: float = Field(exclude=True)
    mel_mean: list[float] = Field(exclude=True)
    embedding: list[float] = Field(exclude=True)

    def spectrum(self) -> np.ndarray:
        return np.asarray(self.mel_mean, dtype=np.float32)


def read_voices(stored: Checkpoint) -> dict[str, Voice]:
    """Voices of the checkpoint `voices`, by name."""
    return {
        name: Voice(
            name=name,
            embedding=stored.tensors[f"embedding.{name}"].tolist(),
            mel_mean=stored.tensors[f"spectrum.{name}"].tolist(),
            **facts,
        )
        for name, facts in stored.config["voices"].items()
    }


def find_voice(voices: dict[str, Voice], name: str) -> Voice:
    if name not in voices:
        raise EmottsError(f"unknown voice {name!r}; choose from {', '.join(voices)}")
    return voices[name]
