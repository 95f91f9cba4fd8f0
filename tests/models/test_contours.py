import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emotts.models.contours import frame_curves, next_punctuation, token_values

sizes = st.lists(st.integers(0, 12), min_size=1, max_size=12).filter(any).map(np.array)
slopes = st.tuples(st.floats(-2, 2), st.floats(-2, 2))


@given(sizes, slopes, slopes)
def test_straight_lines_survive_the_round_trip(durations, pitch, energy):
    """A token's mean over a stretch of a line is the line's value at the middle of the stretch."""
    frames = np.arange(2 * durations.sum()) + 0.5
    semitones, level = (a + b * frames for a, b in (pitch, energy))
    values = token_values(durations, semitones, level)
    found_pitch, found_level = frame_curves(durations, values)
    heard = durations[durations > 0]
    quarter, half = heard[0] / 2, heard[0]
    last_quarter, last_half = heard[-1] / 2, heard[-1]
    inside = (frames >= quarter) & (frames <= frames[-1] + 0.5 - last_quarter)
    np.testing.assert_allclose(found_pitch[inside], semitones[inside], atol=1e-3)
    inside = (frames >= half) & (frames <= frames[-1] + 0.5 - last_half)
    np.testing.assert_allclose(found_level[inside], level[inside], atol=1e-3)


@given(sizes, st.integers(0, 2**32 - 1))
def test_curves_pass_through_the_knots_and_stay_between_them(durations, seed):
    values = np.random.default_rng(seed).normal(size=(len(durations), 3)).astype(np.float32)
    pitch, energy = frame_curves(durations, values)
    assert len(pitch) == len(energy) == 2 * durations.sum()
    heard = values[durations > 0]
    assert heard[:, :2].min() - 1e-6 <= pitch.min() and pitch.max() <= heard[:, :2].max() + 1e-6
    assert heard[:, 2].min() - 1e-6 <= energy.min() and energy.max() <= heard[:, 2].max() + 1e-6
    assert pitch[0] == heard[0, 0] and pitch[-1] == heard[-1, 1]


def test_steps_are_measured_as_they_are():
    durations = np.array([2, 1])
    semitones, energy = np.array([1, 1, 3, 3, 5, 7.0]), np.array([0, 0, 4, 4, 9, 9.0])
    np.testing.assert_array_equal(
        token_values(durations, semitones, energy), [[1, 3, 2], [5, 7, 9]]
    )


def test_tokens_that_are_not_heard_take_the_value_at_their_place():
    semitones, energy = np.arange(8.0), 10 * np.arange(8.0)
    found = token_values(np.array([0, 3, 0, 1, 0]), semitones, energy)
    np.testing.assert_array_equal(found[[0, 2, 4]], [[0, 0, 0], [6, 6, 60], [7, 7, 70]])
    pitch, _ = frame_curves(np.array([0, 3, 0, 1, 0]), found)
    assert len(pitch) == 8 and pitch.min() >= 0.5


def test_every_token_knows_the_mark_that_ends_its_phrase():
    start, phone, border, comma, question, end = 0, 9, 1, 2, 3, 4
    ids = np.array([start, phone, border, phone, comma, phone, question, end])
    found = next_punctuation(ids, ids != phone, border)
    assert found.tolist() == [start, comma, comma, comma, comma, question, question, end]


def test_without_a_mark_the_end_ends_the_phrase():
    ids = np.array([0, 9, 1, 9, 4])
    found = next_punctuation(ids, ids != 9, 1)
    assert found[1:].tolist() == [4, 4, 4, 4]
