"""Functionals of the recordings: extracted once, kept in one file, resumed a voice at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation import egemaps

NEUTRAL_CORPORA = {"kathleen": 200, "lj": 150}  # train clips taken of the corpora without emotion
TEXT_COLUMNS = ("path", "corpus", "voice", "language", "emotion", "level", "split", "held_out")


@dataclass
class CorpusFeatures:
    """Features of recordings and what is known of each clip, row by row."""

    values: np.ndarray  # (n, d) float64
    names: list[str]
    columns: dict[str, np.ndarray]  # TEXT_COLUMNS, each (n,) str

    def __getitem__(self, column: str) -> np.ndarray:
        return self.columns[column]

    def where(self, mask: np.ndarray) -> CorpusFeatures:
        """The rows where mask (n,) is true."""
        return CorpusFeatures(
            self.values[mask], self.names, {k: v[mask] for k, v in self.columns.items()}
        )

    def save(self, path: Path) -> None:
        """Write atomically as npz, without pickled objects."""
        temporary = path.with_suffix(".part.npz")
        np.savez(temporary, values=self.values, names=np.array(self.names), **self.columns)
        os.replace(temporary, path)

    @classmethod
    def load(cls, path: Path) -> CorpusFeatures:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as kept:
            columns = {name: kept[name] for name in TEXT_COLUMNS}
            return cls(kept["values"], list(kept["names"]), columns)


def _chosen(utterances: list) -> list:
    """All acted clips, and of the neutral corpora dev, test and an even choice of train."""
    chosen = [u for u in utterances if u.corpus not in NEUTRAL_CORPORA or u.split != "train"]
    for corpus, count in NEUTRAL_CORPORA.items():
        train = [u for u in utterances if u.corpus == corpus and u.split == "train"]
        step = max(1, len(train) // count)
        chosen += train[::step][:count]
    return chosen


Measure = Callable[[list[np.ndarray], np.ndarray], np.ndarray]


def functionals_of_voice(clips: list[np.ndarray], neutral: np.ndarray) -> np.ndarray:
    """Functionals (n, 88) of one voice's clips at 24 kHz, with its one gain.

    neutral: (n,) marks the clips that say how loudly the voice speaks.
    """
    spoken = [clip for clip, own in zip(clips, neutral, strict=True) if own]
    gain_db = egemaps.neutral_gain_db(spoken)
    return np.stack([egemaps.functionals(clip, gain_db) for clip in clips])


def _voice_rows(
    folder: Path, utterances: list, measure: Measure
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    from emotts.audio.io import read_audio

    clips = [read_audio(folder / u.path, rate=egemaps.RATE) for u in utterances]
    values = measure(clips, np.array([u.emotion == "neutral" for u in utterances]))
    columns = {name: np.array([str(_text(u, name)) for u in utterances]) for name in TEXT_COLUMNS}
    return values, columns


def _text(utterance, column: str) -> str:
    value = getattr(utterance, "speaker" if column == "voice" else column)
    return "" if value is None else str(getattr(value, "value", value))


def extract(
    data: str | Path,
    cache: str | Path,
    measure: Measure = functionals_of_voice,
    names: Sequence[str] | None = None,
) -> CorpusFeatures:
    """Features of the packed recordings under `data`, kept in the file `cache` (.npz).

    measure: the features (n, d) of one voice's clips at 24 kHz, of which some are neutral; names:
    what the d are called, the functionals' names by default. Voices already in the cache are not
    read again; it is written after each voice.
    """
    from rich.progress import track

    from emotts.corpora.packed import read_packed

    data, cache = Path(data), Path(cache)
    if not data.is_dir():
        raise EmottsError(f"No folder of recordings at {data}.")
    cache.parent.mkdir(parents=True, exist_ok=True)
    kept = CorpusFeatures.load(cache) if cache.is_file() else None
    groups: dict[str, list] = {}
    for utterance in _chosen(read_packed(data)):
        groups.setdefault(utterance.speaker, []).append(utterance)
    done = set(kept["voice"]) if kept else set()
    for voice in track([v for v in groups if v not in done], description=cache.stem):
        values, columns = _voice_rows(data, groups[voice], measure)
        if kept is not None:
            values = np.concatenate([kept.values, values])
            columns = {k: np.concatenate([kept[k], v]) for k, v in columns.items()}
        kept = CorpusFeatures(values, list(names or egemaps.feature_names()), columns)
        kept.save(cache)
    if kept is None:
        raise EmottsError(f"No recordings found under {data}.")
    return kept
