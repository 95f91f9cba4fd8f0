"""Intensity maps: planted curves are straightened, and nothing is ever turned round."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.emotion.space import EmotionSpace
from emotts.errors import EmottsError
from emotts.synthesis.calibration import RADII, Ladder, calibrated, compared, fit, measure

SPACE = EmotionSpace(np.eye(2), np.zeros(2), {"happy": [1, 0], "sad": [0, 1]})


def ladder(curve, emotion: str = "happy") -> Ladder:
    radii = np.array(RADII)
    return Ladder(emotion, radii, np.array([curve(r) for r in radii]))


@pytest.mark.parametrize(
    "curve",
    [
        lambda r: 0.1 + 0.8 / (1 + np.exp(-12 * (r - 0.6))),
        lambda r: 0.05 + 0.9 * min(r, 1.0) ** 3,
        lambda r: 0.9 - 0.8 * np.exp(-6 * r),
    ],
)
def test_a_bent_curve_becomes_at_least_twice_as_straight(curve):
    planted = ladder(curve)
    after = calibrated(SPACE, [planted])
    ((_, before_error, after_error),) = compared([planted], SPACE, after)
    assert after_error < 0.5 * before_error


def test_a_straight_curve_is_left_alone_up_to_one():
    levels, gains = fit(ladder(lambda r: 0.1 + 0.5 * r))
    np.testing.assert_allclose(gains[levels <= 1], 1.0, atol=0.02)
    assert levels[-1] == 1.5


def test_exaggeration_goes_no_farther_than_where_most_is_heard():
    peaked = calibrated(SPACE, [ladder(lambda r: 0.1 + 0.5 * r - 0.9 * max(r - 1.125, 0))])
    rising = calibrated(SPACE, [ladder(lambda r: 0.1 + 0.5 * r)])
    assert 1.5 * peaked.gain("happy", 1.5) == pytest.approx(1.125, abs=0.01)
    assert 1.25 * peaked.gain("happy", 1.25) == pytest.approx(1.0625, abs=0.01)
    assert 1.5 * rising.gain("happy", 1.5) == pytest.approx(RADII[-1], abs=0.01)


@given(st.lists(st.floats(0, 1), min_size=len(RADII), max_size=len(RADII)))
def test_whatever_was_heard_more_intensity_is_never_less(heard):
    after = calibrated(SPACE, [Ladder("happy", np.array(RADII), np.array(heard))])
    levels = np.linspace(0, 1.5, 200)
    radius = [level * after.gain("happy", level) for level in levels]
    assert (np.diff(radius) >= -1e-6).all()
    assert after.gain("happy", 1.0) == pytest.approx(1.0)
    assert after.gain("sad", 0.5) == 1.0


def test_voices_and_emotions_that_are_not_there_are_named(synthesizer):
    with pytest.raises(EmottsError, match="no 'nobody' to calibrate"):
        measure(synthesizer.models, ["nobody"])
    with pytest.raises(EmottsError, match="no 'hungry' to calibrate"):
        measure(synthesizer.models, ["kathleen"], ["hungry"])


def test_ladders_are_heard_from_real_models(synthesizer):
    (found,) = measure(synthesizer.models, ["kathleen"], ["happy"], (0,), (0.0, 1.0))
    assert found.heard.shape == (2,) and ((found.heard > 0) & (found.heard < 1)).all()
