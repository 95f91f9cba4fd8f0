"""The card of SER B: what it hears in unseen people, other corpora and new texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.evaluation import egemaps, planted
from emotts.evaluation.bootstrap import Interval
from emotts.evaluation.confusion import confusion_matrix, markdown_matrix, uar_interval

if TYPE_CHECKING:
    from emotts.evaluation.corpus_features import CorpusFeatures
    from emotts.evaluation.ser_b import SerB

HEADER = "| set | clips | UAR, relative to neutral [95 %] | absolute |\n|---|---|---|---|"


def heard_emotions(
    judge: SerB,
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


def planted_functionals(
    data: str | Path, split: str, cache: Path | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Functionals (n, 88) of kathleen's shifted recordings of a split, and what was planted.

    cache: a folder where they are kept, since WORLD takes minutes.
    """
    from emotts.audio.io import read_audio
    from emotts.evaluation.sets import recorded

    file = cache and cache / f"planted-{split}.npz"
    if file and file.is_file():
        with np.load(file, allow_pickle=False) as kept:
            return kept["values"], kept["emotions"]
    clips = [read_audio(clip.path, rate=egemaps.RATE) for clip in recorded(data, "kathleen", split)]
    moved, emotions = planted.planted_set(clips)
    neutral = [clip for clip, name in zip(moved, emotions, strict=True) if name == "neutral"]
    gain_db = egemaps.neutral_gain_db(neutral)
    values = np.stack([egemaps.functionals(clip, gain_db) for clip in moved])
    if file:
        np.savez(file.with_suffix(".part.npz"), values=values, emotions=np.array(emotions))
        file.with_suffix(".part.npz").replace(file)
    return values, np.array(emotions)


def real_neutral_heard(judge: SerB, features: CorpusFeatures, voice: str, split: str) -> dict:
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
    judge: SerB, features: CorpusFeatures, rows: np.ndarray, language: str, name: str,
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
    judge: SerB, data: str | Path, split: str, cache: Path | None = None
) -> tuple[Interval, Interval, np.ndarray]:
    """UAR on the planted shift, relative and absolute, and the relative confusion matrix."""
    values, truth = planted_functionals(data, split, cache)
    classes = judge.classifier("en").classes
    intervals, matrices = [], []
    for relative in (True, False):
        p = judge.probabilities(
            values, ["kathleen"] * len(values), truth == "neutral", "en", relative
        )
        heard = np.array(classes)[p.argmax(axis=1)]
        clip = np.arange(len(values)) // len(planted.SHIFTS)
        intervals.append(uar_interval(truth, heard, classes, clip))
        matrices.append(confusion_matrix(truth, heard, classes))
    return intervals[0], intervals[1], matrices[0]


def card_markdown(
    judge: SerB, features: CorpusFeatures, data: str | Path, cache: Path | None = None
) -> str:
    """Every figure of the card; the other-corpus rows refit the judge on one corpus alone."""
    from emotts.evaluation.ser_b import CLASSES, fit

    test = features["split"] == "test"
    ravdess = test & (features["corpus"] == "ravdess")
    nemo = test & (features["corpus"] == "nemo")
    speakers = nemo & (features["held_out"] == "speaker")
    alone = fit(features, english=("ravdess",), languages=("en",))
    lines = [f"SER B, {judge.card}", "", HEADER]
    lines.append(_recording_row(judge, features, ravdess, "en", "ravdess, unseen actors"))
    lines.append(_recording_row(judge, features, speakers, "pl", "nemo, unseen speakers"))
    lines.append(_recording_row(judge, features, nemo & ~speakers, "pl", "nemo, unseen sentences"))
    shared = CLASSES["pl"]
    acted = ravdess & np.isin(features["emotion"], shared)
    lines.append(
        _recording_row(alone, features, speakers, "en", "ravdess → nemo, unseen speakers", shared)
    )
    lines.append(
        _recording_row(judge, features, acted, "pl", "nemo → ravdess, unseen actors", shared)
    )
    relative, absolute, shifted = planted_uar(judge, data, "test", cache)
    lines.append(_row("planted shift, kathleen", relative, absolute, int(shifted.sum())))
    lines += ["", "| real neutral clips called neutral | of their own mean | of the train mean |"]
    lines[-1] += " absolute |"
    lines.append("|---|---|---|---|")
    for voice in ("kathleen", "lj"):
        shares = real_neutral_heard(judge, features, voice, "test")
        lines.append(f"| {voice}, test | " + " | ".join(f"{v:.2f}" for v in shares.values()) + " |")
    for title, rows, language in (
        ("ravdess, unseen actors", ravdess, "en"),
        ("nemo, unseen speakers", speakers, "pl"),
    ):
        classes = judge.classifier(language).classes
        heard = heard_emotions(judge, features, rows, language)
        counts = confusion_matrix(features["emotion"][rows], heard, classes)
        lines += ["", f"{title}:", "", markdown_matrix(counts, classes)]
    lines += ["", "planted shift:", "", markdown_matrix(shifted, judge.classifier("en").classes)]
    return "\n".join(lines)
