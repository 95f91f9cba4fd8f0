import numpy as np
import pytest
from scipy.stats import spearmanr

from emotts.evaluation.entries import mixing
from emotts.evaluation.sets import NoControl, Take


def test_agreement_is_scipys_on_the_heard_share():
    rng = np.random.default_rng(0)
    weights = np.tile(mixing.WEIGHTS, 4)
    first, second = weights + rng.random(20), 1 - weights + rng.random(20)
    truth = spearmanr(weights, first / (first + second))[0]
    assert mixing.rank_agreement(weights, first, second) == pytest.approx(truth)
    assert mixing.rank_agreement(weights, second, first) == pytest.approx(-truth)
    np.testing.assert_allclose(mixing.share_of_first(np.zeros(2), np.array([0, 1])), [0.5, 0])


def test_shuffled_weights_give_no_agreement():
    rng = np.random.default_rng(2)
    weights = rng.choice(mixing.WEIGHTS, 2000)
    assert mixing.rank_agreement(weights, rng.random(2000), rng.random(2000)) == pytest.approx(
        0, abs=0.07
    )


def test_the_ends_are_the_plain_emotions_whatever_the_method():
    take, pair = Take("a", "x"), ("happy", "sad")
    ends = [mixing.mix_take(take, pair, w, m) for w in (0, 1) for m in mixing.METHODS]
    assert [t.emotion for t in ends] == ["sad"] * 3 + ["happy"] * 3
    assert len({t.file() for t in ends}) == 2
    mixed = mixing.mix_take(take, pair, 0.25, "velocity")
    assert mixed.emotion == "happy:0.25+sad:0.75" and mixed.controls == (("mixing", "velocity"),)


def test_there_are_twenty_one_mixes():
    inner = [w for w in mixing.WEIGHTS if 0 < w < 1]
    assert len(set(map(frozenset, mixing.PAIRS))) * len(inner) == 21


def test_methods_that_are_missing_are_noted_and_the_others_scored(make_bench, mixer):
    bench = make_bench(mixer)
    entry = mixing.run(bench)
    assert entry.figures["embedding: rank_agreement"] == pytest.approx(1)
    assert "velocity: mass" in entry.figures and "prototype: mass" not in entry.figures
    assert len(bench.notes) == 1 and "prototype" in bench.notes[0]


def test_a_synthesizer_that_cannot_mix_is_skipped(bench):
    with pytest.raises(NoControl, match="mixing"):
        mixing.run(bench)
