"""Aligned clips as the acoustic model sees them: everything relative to the speaker's neutral."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emotts.audio.f0 import fill_gaps
from emotts.corpora.store import FeatureStore
from emotts.training.alignment.corpus import AlignedTokens, read_alignment

LEVELS = {"normal": 0.6, "strong": 1.0}
SEMITONES = 12.0 / np.log(2.0)


def energy_db(mel: np.ndarray) -> np.ndarray:
    """Level of every frame in dB from log-mel magnitudes: (frames, 80) -> (frames,)."""
    return 10.0 * np.log10(np.exp(2.0 * np.asarray(mel, dtype=np.float64)).sum(-1) + 1e-9)


def label_intensity(emotion: str, level: str | None) -> float:
    """Acted intensity: strong 1, normal 0.6, neutral 0; unmarked acting (nemo) 0.8."""
    if emotion == "neutral":
        return 0.0
    return LEVELS.get(level or "", 0.8)


@dataclass(frozen=True)
class AcousticClip:
    """mel (2 p, 80) relative to the neutral mean spectrum; semitones (2 p,) above the neutral
    mean, without gaps; voiced (2 p,); energy (2 p,) dB above the neutral mean; tokens."""

    mel: np.ndarray
    semitones: np.ndarray
    voiced: np.ndarray
    energy: np.ndarray
    tokens: AlignedTokens


class AcousticClips:
    """Reads clips of a prepared and aligned folder, with the alignment's worst left out.

    `train` and `dev` hold indices; `energy_mean` the neutral level of every speaker in dB.
    """

    def __init__(self, store: FeatureStore, corpora: list[str] | None, worst: float = 0.02):
        self.store = store
        self.tokens = read_alignment(store)
        usable = set(self.tokens)
        for language in (0, 1):
            rows = [i for i in usable if self.tokens[i].language == language]
            if len(rows) > 50:
                scores = np.array([self.tokens[i].score for i in rows])
                limit = np.quantile(scores, worst)
                usable -= {i for i, s in zip(rows, scores, strict=True) if s < limit}
        self.train = [i for i in store.select("train", corpora) if i in usable]
        self.dev = [i for i in store.select("dev", corpora) if i in self.tokens]
        self.energy_mean = {
            name: float(energy_db(np.asarray(s.mel_mean)[None])[0]) + 2.0
            for name, s in store.speakers.items()
        }

    def clip(self, index: int) -> AcousticClip:
        store, tokens = self.store, self.tokens[index]
        speaker = store.utterances[index].speaker
        statistics = store.speakers[speaker]
        mel, f0 = store.mel(index), store.f0(index)
        voiced = f0 > 0
        relative = SEMITONES * (np.log(np.maximum(f0, 1.0)) - statistics.log_f0)
        return AcousticClip(
            mel - np.asarray(statistics.mel_mean, dtype=np.float32),
            fill_gaps(relative.astype(np.float32), voiced),
            voiced,
            (energy_db(mel) - self.energy_mean[speaker]).astype(np.float32),
            tokens,
        )
