import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation.bootstrap import bootstrap, bootstrap_mean


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(1)
    covered = 0
    for trial in range(200):
        interval = bootstrap_mean(rng.normal(3.0, 1.0, 40), draws=200, seed=trial)
        covered += interval.low <= 3.0 <= interval.high
    assert 0.88 <= covered / 200 <= 0.99


def test_clips_that_hang_together_say_less():
    values = np.repeat(np.random.default_rng(0).normal(size=10), 20)
    alone = bootstrap_mean(values)
    grouped = bootstrap_mean(values, groups=np.repeat(np.arange(10), 20))
    assert grouped.value == alone.value
    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)


def test_the_same_seed_draws_the_same():
    values = np.arange(12.0)
    assert bootstrap_mean(values, seed=4) == bootstrap_mean(values, seed=4)
    assert bootstrap_mean(np.full(5, 2.0)) == (2.0, 2.0, 2.0)


def test_bad_input_is_refused():
    with pytest.raises(EmottsError):
        bootstrap(lambda rows: 0.0, 0)
    with pytest.raises(EmottsError):
        bootstrap_mean([1.0, 2.0], groups=["a"])
    with pytest.raises(EmottsError):
        bootstrap_mean([1.0, 2.0], level=1.0)
