import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from emotts.emotion.suppression import suppress, suppress_track
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError

DIM = 5
values = st.floats(-8, 8, width=32)
directions = arrays(np.float64, DIM, elements=st.floats(-4, 4)).filter(
    lambda d: np.linalg.norm(d) > 1e-2
)
vectors = arrays(np.float32, (3, DIM), elements=values)
amounts = st.floats(0, 1)


@given(vectors, directions, amounts)
def test_the_projection_never_rises(e, direction, amount):
    unit = direction / np.linalg.norm(direction)
    assert (suppress(e, direction, amount) @ unit <= e @ unit + 1e-4).all()


@given(vectors, directions, amounts)
def test_only_the_positive_part_along_the_direction_moves(e, direction, amount):
    unit = direction / np.linalg.norm(direction)
    out, along = suppress(e, direction, amount), e @ unit
    kept = np.where(along > 0, (1 - amount) * along, along)
    assert np.allclose(out @ unit, kept, atol=1e-4)
    across = np.eye(DIM) - np.outer(unit, unit)
    assert np.allclose(out @ across, e @ across, atol=1e-4)


@given(vectors, directions)
def test_nothing_to_take_and_nothing_taken(e, direction):
    assert np.array_equal(suppress(e, direction, 0), e)
    assert not suppress(direction, direction, 1).round(4).any()
    assert np.allclose(suppress(-direction, direction, 1), -direction, rtol=1e-5)


@given(vectors, directions, amounts, st.floats(0, 1))
def test_a_track_never_has_more_of_it_anywhere(e, direction, amount, where):
    track = EmotionTrack([0, 0.5, 1], e)
    unit = direction / np.linalg.norm(direction)
    out = suppress_track(track, direction, amount)
    assert out.at(where) @ unit <= track.at(where) @ unit + 1e-4


def test_the_length_of_the_direction_does_not_matter():
    e, d = np.arange(DIM, dtype=np.float32), np.ones(DIM)
    assert np.allclose(suppress(e, d, 0.7), suppress(e, 100 * d, 0.7), atol=1e-5)


@pytest.mark.parametrize("amount", [-0.1, 1.1, float("nan"), "much", None])
def test_amounts_are_shares(amount):
    with pytest.raises(EmottsError, match="suppressed by 0"):
        suppress(np.ones(DIM), np.ones(DIM), amount)


@pytest.mark.parametrize("direction", [np.zeros(DIM), np.ones(DIM - 1), np.full(DIM, np.nan)])
def test_directions_must_point_somewhere(direction):
    with pytest.raises(EmottsError, match="cannot be suppressed"):
        suppress(np.ones(DIM), direction, 1)
