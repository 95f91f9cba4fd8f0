"""Speaker and emotion of training clips, drawn to look like what users will ask."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emotts.training.acoustic.clips import AcousticClips, label_intensity
from emotts.training.acoustic.emotions import emotion_vectors
from emotts.training.acoustic.labels import LabelChanges, phone_durations
from emotts.training.acoustic.voices import speaker_embeddings

SHARES = {"kathleen": 0.34, "lj": 0.2, "ravdess": 0.2, "nemo": 0.26}


class Conditions:
    """Everything about a clip but its sound: speaker vector, emotion vector, average change."""

    def __init__(self, clips: AcousticClips, checkpoints: Path, shares: dict[str, float]):
        self.clips, self.store = clips, clips.store
        self.space, self.vectors = emotion_vectors(clips.store, checkpoints)
        self.speakers = speaker_embeddings(clips, checkpoints)
        self.train = [i for i in clips.train if self._speaker(i) in self.speakers]
        self.phone_means = phone_durations(clips)
        self.changes = LabelChanges(clips, self.phone_means)
        size = np.mean([np.linalg.norm(d) for d in self.space.directions.values()])
        self.scale = float(np.sqrt(self.space.dim) / size)
        corpus = [self.store.utterances[i].corpus for i in self.train]
        counts = {c: corpus.count(c) for c in set(corpus)}
        odds = np.array([shares.get(c, 0.1) / counts[c] for c in corpus])
        self.odds = odds / odds.sum()

    def _speaker(self, index: int) -> str:
        return self.store.utterances[index].speaker

    def draw(self, index: int, generator: np.random.Generator) -> dict[str, np.ndarray]:
        """speaker (s,), emotion (1, e) and keep (2,): label direction or the clip's own offset."""
        u = self.store.utterances[index]
        emotion = np.zeros(self.space.dim, dtype=np.float32)
        if u.emotion in self.space.directions:
            level = label_intensity(u.emotion, u.level)
            emotion = np.float32(level) * self.space.directions[u.emotion]
            if generator.random() < 0.3:
                emotion = self.vectors[index]
            emotion = emotion + generator.normal(0, 0.1 / self.scale, emotion.shape)
        keep = (generator.random(2) > np.array([0.05, 0.1])).astype(np.float32)
        speaker = self.speakers[u.speaker]
        speaker = speaker + generator.normal(0, 0.02, speaker.shape)
        return {
            "speaker": speaker.astype(np.float32),
            "emotion": (self.scale * emotion[None]).astype(np.float32),
            "keep": keep,
        }

    def change_matrices(self) -> dict[str, np.ndarray]:
        """By acted corpus (164, e): the least linear map from every direction to its change."""
        out = {}
        for corpus, table in self.changes.tables.items():
            names = [k for k in self.space.directions if k in table]
            directions = np.stack([self.space.directions[k] for k in names], axis=1)
            changes = np.stack([table[k] for k in names], axis=1)
            out[corpus] = (changes @ np.linalg.pinv(directions)).astype(np.float32)
        return out
