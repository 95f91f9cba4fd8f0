"""What an emotion does on average, relative to neutral: the first rung, measured on labels."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from emotts.emotion.vocabulary import CATEGORIES
from emotts.models.change import SIZE, GlobalChange
from emotts.text.sequence import is_pause_symbol
from emotts.training.acoustic.clips import AcousticClip, AcousticClips, label_intensity


def utterance_statistics(clips: AcousticClips, index: int, phone_means: np.ndarray) -> np.ndarray:
    """`clip_statistics` of one clip of a corpus."""
    return clip_statistics(clips.clip(index), phone_means)


def clip_statistics(clip: AcousticClip, phone_means: np.ndarray) -> np.ndarray:
    """Pitch mean, log pitch deviation, mean log-duration against the phones' own means, log
    energy deviation, and mean relative spectrum of voiced and unvoiced speech, (164,); all NaN
    where hardly anything is voiced."""
    pause = np.array([is_pause_symbol(i) for i in clip.tokens.ids])
    spoken = np.repeat(~pause, clip.tokens.durations * 2)[: len(clip.mel)]
    voiced = clip.voiced & spoken
    if voiced.sum() < 10:
        return np.full(SIZE, np.nan, dtype=np.float32)
    tempo = np.log(clip.tokens.durations[~pause] + 0.5) - phone_means[clip.tokens.ids[~pause]]
    unvoiced = spoken & ~clip.voiced
    hiss = clip.mel[unvoiced] if unvoiced.sum() > 3 else np.full((1, 80), np.nan)
    return np.concatenate([
        [np.median(clip.semitones[voiced]), np.log(clip.semitones[voiced].std() + 0.3),
         tempo.mean(), np.log(clip.energy[voiced].std() + 1.0)],
        clip.mel[voiced].mean(0), np.nanmean(hiss, 0),
    ]).astype(np.float32)  # fmt: skip


def phone_durations(clips: AcousticClips) -> np.ndarray:
    """Mean log(duration + 0.5) of every token id over neutral training speech, (symbols,)."""
    sums: dict[int, list[float]] = defaultdict(list)
    for i in clips.train:
        if clips.store.utterances[i].emotion == "neutral":
            tokens = clips.tokens[i]
            for phone, size in zip(tokens.ids, tokens.durations, strict=True):
                sums[int(phone)].append(np.log(size + 0.5))
    overall = float(np.mean([v for values in sums.values() for v in values]))
    size = max(512, max(sums) + 1)
    means = np.full(size, overall, dtype=np.float32)
    for phone, values in sums.items():
        means[phone] = (sum(values) + 5 * overall) / (len(values) + 5)
    return means


def measure_changes(
    clips: AcousticClips, phone_means: np.ndarray, corpus: str
) -> dict[str, np.ndarray]:
    """Mean change of every emotion of an acted corpus at intensity 1, (164,) as in
    `GlobalChange.vector`. Corpora are measured apart: one may have levelled its clips.

    For each speaker and emotion the mean over clips minus the speaker's neutral mean, scaled to
    intensity 1 by a fit through the origin over the acted levels; then the mean over speakers.
    """
    by_speaker: dict[str, list[tuple[str, float, np.ndarray]]] = defaultdict(list)
    for i in clips.train:
        u = clips.store.utterances[i]
        if u.corpus == corpus:
            row = utterance_statistics(clips, i, phone_means)
            if not np.isnan(row).any():
                level = label_intensity(u.emotion, u.level)
                by_speaker[u.speaker].append((u.emotion, level, row))
    found: dict[str, list[np.ndarray]] = defaultdict(list)
    for rows in by_speaker.values():
        neutral = [row for emotion, _, row in rows if emotion == "neutral"]
        if not neutral:
            continue
        centre = np.mean(neutral, axis=0)
        for emotion in CATEGORIES[1:]:
            mine = [(level, row - centre) for e, level, row in rows if e == emotion]
            if mine:
                levels = np.array([level for level, _ in mine])
                offsets = np.stack([offset for _, offset in mine])
                found[emotion].append(levels @ offsets / (levels @ levels))
    return {
        emotion: np.mean(values, axis=0).astype(np.float32) for emotion, values in found.items()
    }


class LabelChanges:
    """Average changes of all acted corpora of a store: `of(index)` for one clip."""

    def __init__(self, clips: AcousticClips, phone_means: np.ndarray):
        self.store = clips.store
        acted = {u.corpus for u in self.store.utterances if u.emotion != "neutral"}
        self.tables = {c: measure_changes(clips, phone_means, c) for c in sorted(acted)}

    def of(self, index: int) -> GlobalChange:
        """What the clip's label does on average in its corpus, at its level."""
        u = self.store.utterances[index]
        table = self.tables.get(u.corpus, {})
        if u.emotion not in table:
            return GlobalChange()
        return GlobalChange.from_vector(label_intensity(u.emotion, u.level) * table[u.emotion])
