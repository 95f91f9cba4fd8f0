"""The card of SER B with Whisper: the same tables as the judge of record's, over both features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation import egemaps
from emotts.evaluation.corpus_features import CorpusFeatures
from emotts.evaluation.ser_b_card import Cast, alone, card_tables
from emotts.evaluation.ser_b_planted import planted_functionals, training_shifts
from emotts.evaluation.ser_b_whisper import SerBWhisper, WhisperEncoder, fit


@dataclass
class Joined:
    """A Whisper judge that takes functionals and frame statistics side by side."""

    judge: SerBWhisper

    def classifier(self, language: str):
        """The classes of a language."""
        return self.judge.classifier(language)

    def probabilities(
        self,
        functionals: np.ndarray,
        voices: Sequence[str],
        neutral: np.ndarray,
        language: str = "en",
        relative: bool = True,
    ) -> np.ndarray:
        """(n, classes) of features (n, 88 + layers · width)."""
        count = egemaps.N_FEATURES
        return self.judge.probabilities(
            functionals[:, :count], functionals[:, count:], voices, neutral, language, relative
        )


def join(functionals: CorpusFeatures, statistics: CorpusFeatures) -> CorpusFeatures:
    """Both kinds of features of the same clips, (n, 88 + layers · width)."""
    if not np.array_equal(functionals["path"], statistics["path"]):
        raise EmottsError("Functionals and frame statistics are of other clips: make both anew.")
    values = np.concatenate([functionals.values, statistics.values], axis=1)
    return CorpusFeatures(values, functionals.names, functionals.columns)


def card_markdown(
    judge: SerBWhisper,
    functionals: CorpusFeatures,
    statistics: CorpusFeatures,
    planted: CorpusFeatures,
    data: str | Path,
    cache: Path,
    split: str = "test",
) -> str:
    """The card's tables for both hearings together, then for the frames' emotions alone.

    planted: statistics of the training voices' planted shifts, which the judge was fitted with.
    """
    actors, poles = alone(functionals, training_shifts(data, cache))
    shifts = planted.where(planted["corpus"] == "ravdess")
    judges = [
        judge,
        fit(actors, statistics, ("ravdess",), shifts),
        fit(poles, statistics, ("nemo",)),
    ]
    heard, truth = planted_functionals(data, split, cache)
    frames, _ = planted_functionals(
        data, split, cache, measure=WhisperEncoder().of_voice, name="planted-layers"
    )
    shifted = np.concatenate([heard, frames], axis=1), truth
    features, lines = join(functionals, statistics), []
    for title, share in (("eGeMAPS and Whisper", judge.share), ("Whisper's emotions alone", 1.0)):
        cast = Cast(*(Joined(replace(one, share=share)) for one in judges))
        lines += [f"{title}, {split} split", "", card_tables(cast, features, shifted, split), ""]
    return "\n".join(lines)
