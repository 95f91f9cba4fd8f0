"""An ear for how actors do it: names an emotion by what a clip changes against neutral.

SER A grows sure of an emotion long before speech changes as much as an actor's does. This listener
knows nothing but those changes (pitch, its range, tempo, level, colour of voiced and unvoiced
speech), and so hears what SER A is too easily pleased to miss. It steers the strength search only;
what judges synthesis in the published figures is another, with other features.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from emotts.models.change import CARRYING, SCALARS
from emotts.training.acoustic.clips import AcousticClip, AcousticClips, energy_db
from emotts.training.acoustic.labels import clip_statistics, phone_durations
from emotts.training.alignment.corpus import AlignedTokens

if TYPE_CHECKING:
    from emotts.synthesis.sentence import Spoken
    from emotts.text.sequence import PhoneSequence

BANDS = np.array_split(np.arange(80), 10)
PENALTY = 0.1  # inverse weight of the L2 penalty
FLOOR = 1e-4  # of a probability


def features(changes: np.ndarray) -> np.ndarray:
    """Changes (n, 164) as in `GlobalChange.vector` -> (n, 25): scalars, level, and for voiced and
    unvoiced speech ten bands against that level."""
    voiced, unvoiced = changes[:, len(SCALARS) :].reshape(len(changes), 2, 80).swapaxes(0, 1)
    level = voiced[:, CARRYING].mean(axis=1, keepdims=True)
    bands = [part[:, b].mean(axis=1) for part in (voiced - level, unvoiced - level) for b in BANDS]
    return np.concatenate([changes[:, : len(SCALARS)], level, np.stack(bands, axis=1)], axis=1)


class ActedListener:
    """Logistic regression on what acted training clips change against their speaker's neutral."""

    def __init__(self, clips: AcousticClips):
        self.phone_means = phone_durations(clips)
        utterances = clips.store.utterances
        rows: dict[str, list[tuple[str, np.ndarray]]] = defaultdict(list)
        for i in clips.train:
            row = clip_statistics(clips.clip(i), self.phone_means)
            if not np.isnan(row[0]):
                rows[utterances[i].speaker].append((utterances[i].emotion, np.nan_to_num(row)))
        changes, names = [], []
        for mine in rows.values():
            neutral = [row for emotion, row in mine if emotion == "neutral"]
            if neutral and len(neutral) < len(mine):
                changes += [row - np.mean(neutral, axis=0) for _, row in mine]
                names += [emotion for emotion, _ in mine]
        self._model = _classifier().fit(features(np.stack(changes)), names)
        self.categories = tuple(self._model.classes_)

    def statistics(self, spoken: Spoken, sequence: PhoneSequence) -> np.ndarray:
        """What `clip_statistics` measures of a recording, of synthesized speech, (164,)."""
        frames = len(spoken.mel) // 2 * 2
        mel = (spoken.mel + np.repeat(spoken.level, 2)[:, None] * np.log(10) / 20)[:frames]
        tokens = AlignedTokens(
            sequence.ids, sequence.stress, sequence.length, spoken.durations, 0, 0.0
        )
        clip = AcousticClip(
            mel.astype(np.float32), 12 * np.log2(spoken.f0[:frames]).astype(np.float32),
            spoken.voiced[:frames], energy_db(mel).astype(np.float32), tokens,
        )  # fmt: skip
        return np.nan_to_num(clip_statistics(clip, self.phone_means))

    def log_probability(self, emotion: str, change: np.ndarray) -> float:
        """Of the emotion, for what a clip changed (164,); -9.2 at least."""
        share = self._model.predict_proba(features(change[None]))[0]
        return float(np.log(share[self.categories.index(emotion)] + FLOOR))


def _classifier():
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(
        StandardScaler(), LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=3000)
    )
