"""Planted shifts as SER B meets them: kathleen's to be tested on, training voices' to learn from.

Both move real neutral recordings by the table of `planted`. What is learnt from are the actors
and nemo's speakers of the train split; the voice that is tested is in nothing that was learnt.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emotts.evaluation import egemaps, planted
from emotts.evaluation.corpus_features import (
    TEXT_COLUMNS,
    CorpusFeatures,
    Measure,
    functionals_of_voice,
)

TRAINING_CLIPS = {"nemo": 4, "ravdess": 1}  # a speaker; each gives one clip an emotion
TRAINING_NAME = "planted-train"


def planted_functionals(
    data: str | Path,
    split: str,
    cache: Path | None = None,
    voice: str = "kathleen",
    measure: Measure = functionals_of_voice,
    name: str = "planted",
) -> tuple[np.ndarray, np.ndarray]:
    """Features (n, d) of a voice's shifted recordings of a split, and what was planted.

    cache: a folder where they are kept under their name, since WORLD takes minutes. measure: what
    is measured, functionals by default.
    """
    from emotts.evaluation.sets import recorded

    own = "" if voice == "kathleen" else f"-{voice}"
    file = cache and cache / f"{name}{own}-{split}.npz"
    if file and file.is_file():
        with np.load(file, allow_pickle=False) as kept:
            return kept["values"], kept["emotions"]
    values, emotions = _moved([clip.path for clip in recorded(data, voice, split)], measure)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file.with_suffix(".part.npz"), values=values, emotions=emotions)
        file.with_suffix(".part.npz").replace(file)
    return values, emotions


def _moved(paths: list, measure: Measure) -> tuple[np.ndarray, np.ndarray]:
    """Features of one voice's files under every shift, (n · shifts, d), and the shifts' names.

    Its neutral is what was taken apart and put together without a shift.
    """
    from emotts.audio.io import read_audio

    moved, emotions = planted.planted_set([read_audio(p, rate=egemaps.RATE) for p in paths])
    emotions = np.array(emotions)
    return measure(moved, emotions == "neutral"), emotions


def training_shifts(
    data: str | Path,
    cache: Path,
    measure: Measure = functionals_of_voice,
    name: str = TRAINING_NAME,
) -> CorpusFeatures:
    """Some neutral train clips of every acted training speaker under every shift.

    cache: the folder that keeps them under their name. measure: what is measured, functionals by
    default; what else is measured has no names.
    """
    from rich.progress import track

    from emotts.corpora.packed import read_packed

    file = Path(cache) / f"{name}.npz"
    if file.is_file():
        return CorpusFeatures.load(file)
    speakers: dict[tuple[str, str], list] = {}
    for clip in read_packed(Path(data)):
        if clip.corpus in TRAINING_CLIPS and clip.split == "train" and clip.emotion == "neutral":
            speakers.setdefault((clip.corpus, clip.speaker), []).append(clip)
    values, rows = [], []
    for (corpus, _), clips in track(speakers.items(), description="planted shifts"):
        count = TRAINING_CLIPS[corpus]
        chosen = clips[:: max(1, len(clips) // count)][:count]
        found, emotions = _moved([Path(data) / clip.path for clip in chosen], measure)
        values.append(found)
        each = [clip for clip in chosen for _ in planted.SHIFTS]
        rows += [
            (str(clip.path), corpus, clip.speaker, clip.language, emotion, "", "train", "")
            for clip, emotion in zip(each, emotions, strict=True)
        ]
    columns = {name: np.array([row[i] for row in rows]) for i, name in enumerate(TEXT_COLUMNS)}
    names = egemaps.feature_names() if measure is functionals_of_voice else []
    made = CorpusFeatures(np.concatenate(values), names, columns)
    file.parent.mkdir(parents=True, exist_ok=True)
    made.save(file)
    return made
