"""The card of SER B: what it hears in unseen people, other corpora and new texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from emotts.evaluation import planted
from emotts.evaluation.bootstrap import Interval
from emotts.evaluation.confusion import confusion_matrix, markdown_matrix, uar_interval
from emotts.evaluation.ser_b_planted import planted_functionals

if TYPE_CHECKING:
    from emotts.evaluation.corpus_features import CorpusFeatures
    from emotts.evaluation.ser_b import SerB

NEUTRAL_HEADER = (
    "| real neutral clips called neutral | of their own mean | of the train mean | absolute |\n"
    "|---|---|---|---|"
)
HEADER = "| set | clips | UAR, relative to neutral [95 %] | absolute |\n|---|---|---|---|"


class Judge(Protocol):
    """What is asked here of a judge: `SerB`, or one that takes other features."""

    def classifier(self, language: str) -> Any:
        """Something with the `classes` of a language."""

    def probabilities(
        self,
        functionals: np.ndarray,
        voices: Sequence[str],
        neutral: np.ndarray,
        language: str = "en",
        relative: bool = True,
    ) -> np.ndarray:
        """(n, classes) of features (n, d)."""


def heard_emotions(
    judge: Judge,
    features: CorpusFeatures,
    rows: np.ndarray,
    language: str,
    relative: bool = True,
    classes: Sequence[str] | None = None,
) -> np.ndarray:
    """The emotion heard in the clips where rows (n,) is true, among `classes` (None: all)."""
    own = judge.classifier(language).classes
    part = features.where(rows)
    neutral = part["emotion"] == "neutral"
    p = judge.probabilities(part.values, part["voice"], neutral, language, relative)
    among = [i for i, name in enumerate(own) if classes is None or name in classes]
    return np.array(own)[among][p[:, among].argmax(axis=1)]


def real_neutral_heard(judge: Judge, features: CorpusFeatures, voice: str, split: str) -> dict:
    """The share of a voice's real neutral clips of a split that is called neutral.

    own: against the mean of these clips, as synthesis is scored; relative: against the mean of the
    voice's train clips, so that no clip judges itself; absolute: against everybody's neutral.
    """
    voice_rows = features["voice"] == voice
    asked = features["split"] == split
    classes = np.array(judge.classifier("en").classes)
    shares = {}
    for name, rows in (("own", asked), ("relative", asked | (features["split"] == "train"))):
        part = features.where(voice_rows & rows)
        known = part["split"] == ("train" if name == "relative" else split)
        p = judge.probabilities(part.values, part["voice"], known, "en")
        heard = classes[p.argmax(axis=1)]
        shares[name] = float((heard[part["split"] == split] == "neutral").mean())
    p = judge.probabilities(part.values, part["voice"], known, "en", relative=False)
    heard = classes[p.argmax(axis=1)][part["split"] == split]
    return shares | {"absolute": float((heard == "neutral").mean())}


def _row(name: str, relative: Interval, absolute: Interval, count: int) -> str:
    return f"| {name} | {count} | {relative} | {absolute.value:.3f} |"


def _recording_row(
    judge: Judge, features: CorpusFeatures, rows: np.ndarray, language: str, name: str,
    classes: Sequence[str] | None = None,
) -> str:  # fmt: skip
    classes = list(classes or judge.classifier(language).classes)
    truth = features["emotion"][rows]
    relative, absolute = (
        uar_interval(truth, heard_emotions(judge, features, rows, language, r, classes), classes)
        for r in (True, False)
    )
    return _row(name, relative, absolute, int(rows.sum()))


def planted_uar(
    judge: Judge, values: np.ndarray, truth: np.ndarray, voice: str = "kathleen"
) -> tuple[Interval, Interval, np.ndarray]:
    """UAR on a voice's planted shifts, relative and absolute, and the relative confusion matrix.

    values: features (n, d); truth: what was planted in each (n,), every shift of a clip in turn.
    """
    classes = judge.classifier("en").classes
    intervals, matrices = [], []
    for relative in (True, False):
        p = judge.probabilities(values, [voice] * len(values), truth == "neutral", "en", relative)
        heard = np.array(classes)[p.argmax(axis=1)]
        clip = np.arange(len(values)) // len(planted.SHIFTS)
        intervals.append(uar_interval(truth, heard, classes, clip))
        matrices.append(confusion_matrix(truth, heard, classes))
    return intervals[0], intervals[1], matrices[0]


class Cast(NamedTuple):
    """A judge, and the same recipe fitted on one acted corpus alone."""

    whole: Judge
    actors: Judge
    poles: Judge


def card_tables(
    cast: Cast,
    features: CorpusFeatures,
    shifted: tuple[np.ndarray, np.ndarray],
    split: str = "test",
    unplanted: Judge | None = None,
) -> str:
    """Unseen speakers, other corpora, the planted shift and neutral clips of unseen voices.

    shifted: `planted_functionals` of the split. unplanted: the judge fitted without planted
    shifts, for a row that shows what they did.
    """
    from emotts.evaluation.ser_b import CLASSES

    judge, asked = cast.whole, features["split"] == split
    ravdess = asked & (features["corpus"] == "ravdess")
    nemo = asked & (features["corpus"] == "nemo")
    speakers = nemo & (features["held_out"] == "speaker")
    across = speakers if speakers.any() else nemo
    shared = CLASSES["pl"]
    acted = ravdess & np.isin(features["emotion"], shared)
    lines = [HEADER, _recording_row(judge, features, ravdess, "en", "ravdess, unseen actors")]
    if speakers.any():
        lines.append(_recording_row(judge, features, speakers, "pl", "nemo, unseen speakers"))
    lines.append(_recording_row(judge, features, nemo & ~speakers, "pl", "nemo, unseen sentences"))
    lines.append(_recording_row(cast.actors, features, across, "en", "ravdess → nemo", shared))
    lines.append(_recording_row(cast.poles, features, acted, "pl", "nemo → ravdess", shared))
    relative, absolute, counts = planted_uar(judge, *shifted)
    lines.append(_row("planted shift, kathleen", relative, absolute, int(counts.sum())))
    if unplanted is not None:
        other = planted_uar(unplanted, *shifted)
        lines.append(_row("the same, fitted without any", *other[:2], int(counts.sum())))
    lines += ["", NEUTRAL_HEADER]
    for voice in ("kathleen", "lj"):
        shares = real_neutral_heard(judge, features, voice, split).values()
        lines.append(f"| {voice}, {split} | " + " | ".join(f"{v:.2f}" for v in shares) + " |")
    for title, rows, language in (
        ("ravdess, unseen actors", ravdess, "en"), ("nemo", across, "pl"),
    ):  # fmt: skip
        classes = judge.classifier(language).classes
        heard = heard_emotions(judge, features, rows, language)
        matrix = confusion_matrix(features["emotion"][rows], heard, classes)
        lines += ["", f"{title}:", "", markdown_matrix(matrix, classes)]
    lines += ["", "planted shift:", "", markdown_matrix(counts, judge.classifier("en").classes)]
    return "\n".join(lines)


def card_markdown(
    judge: SerB,
    features: CorpusFeatures,
    data: str | Path,
    cache: Path | None = None,
    shifts: CorpusFeatures | None = None,
    split: str = "test",
) -> str:
    """Every figure of the judge of record; the other-corpus rows refit it on one corpus alone.

    shifts: the planted shifts of training voices that it was fitted with.
    """
    from emotts.evaluation.ser_b import fit

    cast = Cast(judge, *alone(features, shifts))
    shifted = planted_functionals(data, split, cache)
    unplanted = None if shifts is None else fit(features)
    facts = f"SER B, {judge.card}, {split} split"
    return facts + "\n\n" + card_tables(cast, features, shifted, split, unplanted)


def alone(features: CorpusFeatures, shifts: CorpusFeatures | None = None) -> tuple[SerB, SerB]:
    """SER B of ravdess alone, which reads kathleen and lj for neutral texts, and of nemo alone."""
    from emotts.evaluation.ser_b import fit

    if shifts is not None:
        shifts = shifts.where(shifts["corpus"] == "ravdess")
    return fit(features, ("ravdess",), ("kathleen", "lj"), shifts), fit(features, ("nemo",))
