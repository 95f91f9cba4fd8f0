"""Asked against heard: confusion matrix, unweighted average recall and macro F1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation.bootstrap import Interval, bootstrap


def confusion_matrix(
    asked: Sequence[str], heard: Sequence[str], classes: Sequence[str]
) -> np.ndarray:
    """Counts (asked, heard), in the order of `classes`."""
    index = {name: i for i, name in enumerate(classes)}
    strange = (set(asked) | set(heard)) - set(index)
    if strange or len(asked) != len(heard):
        raise EmottsError(
            f"Cannot compare {len(asked)} asked with {len(heard)} heard over {list(classes)}; "
            f"unknown: {sorted(strange)}."
        )
    counts = np.zeros((len(index), len(index)), dtype=int)
    np.add.at(counts, ([index[a] for a in asked], [index[h] for h in heard]), 1)
    return counts


def unweighted_average_recall(counts: np.ndarray) -> float:
    """Mean recall over the classes that were asked for at all."""
    asked = counts.sum(axis=1)
    return float((np.diag(counts)[asked > 0] / asked[asked > 0]).mean())


def macro_f1(counts: np.ndarray) -> float:
    """Mean F1 over the classes that were asked for at all."""
    asked = counts.sum(axis=1)
    both = asked + counts.sum(axis=0)
    return float((2 * np.diag(counts)[asked > 0] / both[asked > 0]).mean())


def uar_interval(
    asked: Sequence[str],
    heard: Sequence[str],
    classes: Sequence[str],
    groups: Sequence | None = None,
    draws: int = 1000,
) -> Interval:
    """Unweighted average recall with a bootstrap interval over clips, or groups of clips."""
    asked, heard = np.asarray(asked), np.asarray(heard)
    return bootstrap(
        lambda rows: unweighted_average_recall(confusion_matrix(asked[rows], heard[rows], classes)),
        len(asked),
        groups,
        draws=draws,
    )


def markdown_matrix(counts: np.ndarray, classes: Sequence[str]) -> str:
    """The matrix as a markdown table, asked down and heard across."""
    lines = ["| asked \\ heard | " + " | ".join(classes) + " |", "|---" * (len(classes) + 1) + "|"]
    for name, row in zip(classes, counts, strict=True):
        lines.append(f"| {name} | " + " | ".join(str(int(n)) for n in row) + " |")
    return "\n".join(lines)
