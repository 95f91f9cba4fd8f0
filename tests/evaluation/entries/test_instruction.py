import numpy as np
import pytest
from scipy.stats import spearmanr

from emotts.evaluation.entries import instruction


def test_the_order_is_scipys_and_neighbours_are_counted():
    heard = np.array([[0.1, 0.2, 0.3, 0.4], [0.2, 0.1, 0.3, 0.3]])
    figures = instruction.adverb_figures(heard)
    assert figures["rho"] == pytest.approx(spearmanr([0, 1, 2, 3] * 2, heard.ravel())[0])
    assert figures["neighbours_in_order"] == pytest.approx((3 + 0 + 1 + 0.5) / 6)


def test_shuffled_adverbs_give_chance():
    heard = np.random.default_rng(0).random((1000, 4))
    figures = instruction.adverb_figures(heard)
    assert figures["rho"] == pytest.approx(0, abs=0.05)
    assert figures["neighbours_in_order"] == pytest.approx(0.5, abs=0.05)


def test_adverbs_are_scored_where_emphasis_is_missing(bench):
    entry = instruction.run(bench)
    assert entry.figures["adverbs: rho"] == pytest.approx(1)
    assert "emphasis: heard" not in entry.figures
    assert any("aloud" in note for note in bench.notes)
