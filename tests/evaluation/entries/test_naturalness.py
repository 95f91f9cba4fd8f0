import numpy as np
import pytest

from emotts.evaluation.entries import naturalness
from emotts.evaluation.suite import Absent


class Level:
    """Says the level of what it hears."""

    name = "dnsmos"

    def __call__(self, samples):
        return float(np.sqrt(np.mean(np.square(samples))))


def test_one_judge_of_two_scores_and_the_other_is_noted(bench):
    bench.judges.used["dnsmos"] = Level()
    bench.judges.absent["distillmos"] = "not installed"
    entry = naturalness.run(bench)
    scores = [row["dnsmos"] for row in entry.rows if row["set"] == "kathleen, neutral"]
    assert entry.figures["kathleen, neutral: dnsmos"] == pytest.approx(np.mean(scores))
    assert bench.notes == ["distillmos is absent: not installed"]
    assert "distill_mos" not in entry.rows[0]


def test_without_any_judge_there_is_no_entry(bench):
    bench.judges.absent |= {"dnsmos": "not installed", "distillmos": "not installed"}
    with pytest.raises(Absent, match="dnsmos is absent: not installed"):
        naturalness.run(bench)
