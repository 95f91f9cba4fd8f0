import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emotts.synthesis.rhythm import stretched, unchanged

PAIRS = 60


def test_nothing_changes_where_nothing_is_asked():
    spoken = np.arange(PAIRS) % 20 > 5
    still = stretched(spoken, np.zeros(PAIRS), 4, 6)
    assert np.allclose(still.places, np.arange(PAIRS)) and (still.first, still.last) == (4, 6)
    values = np.random.default_rng(0).normal(size=(2 * PAIRS, 3))
    assert np.allclose(unchanged(PAIRS).frames(values), values)
    assert np.allclose(unchanged(PAIRS).pairs(values[:PAIRS]), values[:PAIRS])


def test_speech_is_stretched_and_pauses_are_not():
    spoken = np.zeros(PAIRS, bool)
    spoken[20:40] = True
    longer = stretched(spoken, np.full(PAIRS, np.log(1.5)))
    assert len(longer) == 20 + 30 + 20
    assert np.allclose(longer.places[:20], np.arange(20))
    assert np.allclose(longer.places[-20:], np.arange(40, 60))
    samples = np.arange(PAIRS * 8)
    assert np.array_equal(longer.samples(samples, 8)[:160], samples[:160])
    assert np.array_equal(longer.samples(samples, 8)[-160:], samples[-160:])


@given(st.floats(-3, 3), st.integers(0, 20), st.integers(0, 20), st.integers(0, 2**16))
def test_time_never_runs_backwards_and_margins_are_counted(tempo, before, after, seed):
    spoken = np.random.default_rng(seed).random(PAIRS) > 0.3
    moved = stretched(spoken, np.full(PAIRS, tempo), before, after)
    assert (np.diff(moved.places) > -1e-9).all()
    assert 0.45 * PAIRS - 30 < len(moved) <= 2 * PAIRS + 30
    assert moved.first + moved.last <= len(moved)
    inner = moved.places[moved.first : len(moved) - moved.last]
    assert (inner > before - 1).all() and (inner < PAIRS - after).all()
    assert len(moved.flags(np.ones(2 * PAIRS, bool))) == 2 * len(moved)
    assert len(moved.frames(np.zeros((2 * PAIRS, 2)))) == 2 * len(moved)
