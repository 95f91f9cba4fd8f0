import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation.confusion import (
    confusion_matrix,
    macro_f1,
    markdown_matrix,
    uar_interval,
    unweighted_average_recall,
)

CLASSES = ("neutral", "happy", "sad")


def test_recall_does_not_care_how_often_a_class_was_asked():
    asked = ["neutral"] * 8 + ["happy"] * 2
    heard = ["neutral"] * 8 + ["sad"] * 2
    counts = confusion_matrix(asked, heard, CLASSES)
    assert counts.tolist() == [[8, 0, 0], [0, 0, 2], [0, 0, 0]]
    assert unweighted_average_recall(counts) == 0.5  # sad was never asked for


def test_figures_agree_with_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    asked, heard = rng.choice(CLASSES, (2, 60))
    counts = confusion_matrix(asked, heard, CLASSES)
    assert unweighted_average_recall(counts) == pytest.approx(
        metrics.balanced_accuracy_score(asked, heard)
    )
    assert macro_f1(counts) == pytest.approx(metrics.f1_score(asked, heard, average="macro"))
    interval = uar_interval(asked, heard, CLASSES, draws=200)
    assert interval.low < 1 / 3 < interval.high


def test_an_unknown_class_is_refused():
    with pytest.raises(EmottsError, match="bored"):
        confusion_matrix(["bored"], ["sad"], CLASSES)
    with pytest.raises(EmottsError):
        confusion_matrix(["sad", "sad"], ["sad"], CLASSES)


def test_the_table_has_a_row_a_class():
    table = markdown_matrix(np.eye(3), CLASSES).splitlines()
    assert len(table) == 5
    assert table[-1] == "| sad | 0 | 0 | 1 |"
