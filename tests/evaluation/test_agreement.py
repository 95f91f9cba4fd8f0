import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from emotts.evaluation import agreement


def test_rank_correlation_is_scipys():
    rng = np.random.default_rng(0)
    asked = rng.integers(0, 5, 40)
    heard = asked + rng.standard_normal(40)
    assert agreement.spearman(asked, heard) == pytest.approx(spearmanr(asked, heard)[0])
    assert agreement.spearman(asked, -(asked**3)) == pytest.approx(-1)
    assert np.isnan(agreement.spearman(asked, np.ones(40)))
    assert np.isnan(agreement.spearman([1], [1]))


def test_concordance_wants_equality_where_rank_correlation_wants_order():
    asked = np.linspace(-1, 1, 9)
    assert agreement.concordance(asked, asked) == pytest.approx(1)
    # Lin 1989: 2·s_xy / (s_x² + s_y² + (x̄ − ȳ)²), by hand for y = x/2 + 1
    s = asked.var()
    assert agreement.concordance(asked, asked / 2 + 1) == pytest.approx(s / (1.25 * s + 1))
    assert agreement.concordance(asked, -asked) == pytest.approx(-1)
    assert np.isnan(agreement.concordance([1, 1], [1, 1]))


def test_pairs_in_order_count_and_ties_are_half():
    assert agreement.ordered_share([0, 0, 0, 5], [1, 2, 0, 1]) == pytest.approx(2.5 / 4)
    assert np.isnan(agreement.ordered_share([], []))


@given(st.floats(0.06, 0.9), st.floats(0, 0.1))
def test_a_straight_line_of_any_rise_has_no_calibration_error(rise, start):
    levels = np.array([0, 0.25, 0.5, 0.75, 1, 1.25])
    assert agreement.calibration_error(levels, start + rise * levels) == pytest.approx(0, abs=1e-9)


def test_calibration_error_is_the_deviation_between_the_ends():
    levels = [0, 0.25, 0.5, 0.75, 1, 1.25]
    heard = [0.1, 0.1, 0.1, 0.5, 0.5, 0.9]  # rescaled 0 0 0 1 1
    assert agreement.calibration_error(levels, heard) == pytest.approx((0.25 + 0.5 + 0.25) / 3)
    assert np.isnan(agreement.calibration_error(levels, [0.1] * 6))
    assert np.isnan(agreement.calibration_error(levels, heard[::-1]))


def test_what_is_not_finite_is_left_out_of_a_mean():
    assert agreement.finite_mean([1, float("nan"), 3]) == 2
    assert np.isnan(agreement.finite_mean([float("nan")]))


def test_a_mean_of_nothing_has_no_interval():
    assert agreement.mean_interval([float("nan")]) is None
    mean = agreement.mean_interval([1, 2, float("nan"), 3])
    assert mean.value == 2 and mean.low < 2 < mean.high
