import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emotts.emotion.reference import audible, track_of_windows, window_starts
from emotts.errors import EmottsError


@given(st.floats(0.3, 30), st.floats(0.2, 3), st.floats(0.05, 2))
@example(3.0, 2.75, 1.0)
def test_windows_cover_all_and_stay_inside(seconds, window, hop):
    starts = window_starts(seconds, window, hop)
    assert starts[0] == 0
    assert (np.diff(starts) > 0).all() and (np.diff(starts) <= 1.25 * hop + 1e-9).all()
    if seconds > window:
        assert starts[-1] + window == pytest.approx(seconds)
    else:
        assert starts.tolist() == [0]


@pytest.mark.parametrize("numbers", [(0, 1, 1), (1, 0, 1), (1, 1, -1), (np.nan, 1, 1)])
def test_windows_need_a_size(numbers):
    with pytest.raises(EmottsError, match="must be above 0"):
        window_starts(*numbers)


def test_pauses_are_not_heard():
    samples = np.concatenate([np.ones(1000), np.zeros(1000), 0.2 * np.ones(1000)])
    assert audible(samples, 1000, np.array([0, 1.0, 2.0]), 1.0).tolist() == [True, False, True]


def test_a_track_goes_through_the_windows():
    offsets = np.arange(6, dtype=np.float32).reshape(3, 2)
    centres = np.array([0.5, 1.0, 1.5])
    track = track_of_windows(offsets, centres, 2.0)
    assert track.unit == "fraction" and np.array_equal(track.at(centres / 2), offsets)
    track = track_of_windows(offsets, centres, 2.0, "seconds")
    assert track.unit == "seconds" and np.array_equal(track.at(centres), offsets)
