import numpy as np
import pytest
from pipeline import made_speech

from emotts.synthesis.windows import FADE, PAIR, Joiner, cut

RATE = 24000


def blocks_of(samples, size):
    return (samples[i : i + size] for i in range(0, len(samples), size))


@pytest.mark.parametrize("size", [1000, 24001, 10**7])
def test_windows_follow_each_other_and_hold_the_recording(size):
    samples = np.random.default_rng(0).normal(0, 0.1, 47 * RATE + 77).astype(np.float32)
    place, count = 0, 0
    for window in cut(blocks_of(samples, size)):
        assert window.start == place and len(window.samples) % PAIR == 0
        assert len(window.samples) <= 22 * RATE
        begin = place - window.before * PAIR
        known = samples[begin : begin + len(window.samples)]
        assert np.array_equal(window.samples[: len(known)], known)
        assert not window.samples[len(known) :].any()
        place, count = place + window.size, count + 1
    assert count >= 3 and 0 <= place - len(samples) < PAIR


def test_the_cut_lies_in_the_pause():
    speech = np.concatenate([made_speech(150, 1.8, seed=i) for i in range(7)])
    pause = np.zeros(2 * RATE, np.float32)
    samples = np.concatenate([speech, pause, speech])
    first = next(cut(blocks_of(samples, RATE)))
    end = first.start + first.size
    assert len(speech) < end < len(speech) + len(pause)


def test_windows_that_were_not_changed_join_to_the_recording():
    samples = np.random.default_rng(1).normal(0, 0.1, 45 * RATE).astype(np.float32)
    joiner = Joiner()
    made = [joiner.add(w.samples, w.before, w.after) for w in cut(blocks_of(samples, 50000))]
    assert np.allclose(np.concatenate(made)[: len(samples)], samples, atol=1e-6)


def test_what_differs_is_faded_over():
    joiner = Joiner()
    first = joiner.add(np.ones(20 * PAIR, np.float32), 0, 4)
    second = joiner.add(np.zeros(20 * PAIR, np.float32), 4, 0)
    joined = np.concatenate([first, second])
    assert len(joined) == 32 * PAIR
    assert np.abs(np.diff(joined)).max() < 0.01
    assert joined[16 * PAIR] > 0.99 and joined[16 * PAIR + FADE] == 0


def test_a_short_recording_is_one_window_and_none_is_none():
    (window,) = cut([np.ones(700, np.float32)])
    assert (len(window.samples), window.before, window.after, window.start) == (1024, 0, 0, 0)
    assert list(cut([])) == []
