"""Is it still the same voice? Resemblyzer cosine (GE2E, Wan et al. 2018) and its ratio."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from emotts.errors import EmottsError

RATE = 16000


class VoiceJudge:
    """Resemblyzer's speaker encoder on the CPU."""

    def __init__(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # names that scipy has moved
            from resemblyzer import VoiceEncoder, preprocess_wav
        self._preprocess = preprocess_wav
        self._encoder = VoiceEncoder("cpu", verbose=False)

    def embed(self, samples: np.ndarray) -> np.ndarray:
        """Unit embedding (256,) of samples (n,) at 16 kHz."""
        heard = self._preprocess(np.asarray(samples, dtype=np.float32), source_sr=None)
        if not len(heard):
            raise EmottsError("The voice judge found no speech in the samples.")
        return self._encoder.embed_utterance(heard)

    def embed_file(self, path: str | Path) -> np.ndarray:
        """Unit embedding (256,) of a file."""
        from emotts.audio.io import read_audio

        return self.embed(read_audio(path, rate=RATE))


def _unit(embeddings: np.ndarray) -> np.ndarray:
    embeddings = np.atleast_2d(np.asarray(embeddings, dtype=np.float64))
    return embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)


def similarity(first: np.ndarray, second: np.ndarray) -> float:
    """Mean cosine over all pairs of embeddings (n, d) and (m, d)."""
    return float((_unit(first) @ _unit(second).T).mean())


def similarity_within(embeddings: np.ndarray) -> float:
    """Mean cosine over all pairs of different rows of (n, d)."""
    unit = _unit(embeddings)
    if len(unit) < 2:
        raise EmottsError("The similarity of takes among themselves needs two takes or more.")
    return float((unit @ unit.T)[np.triu_indices(len(unit), 1)].mean())


def identity_ratio(emotional: np.ndarray, neutral: np.ndarray) -> float:
    """Emotional-to-neutral similarity over that of the neutral takes among themselves.

    emotional: (n, d), neutral: (m, d) of one voice. 1 means that emotion costs no likeness.
    """
    return similarity(emotional, neutral) / similarity_within(neutral)
