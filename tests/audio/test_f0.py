"""F0 of tones whose pitch is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.audio.f0 import fill_gaps, track_f0

RATE = 24000


def sweep(low: float, high: float, seconds: float = 2.0, rate: int = RATE):
    """Harmonics 1/k of a pitch that glides evenly on the log scale; samples and pitch (n,)."""
    t = np.arange(int(seconds * rate)) / rate
    f0 = low * (high / low) ** (t / seconds)
    phase = 2 * np.pi * np.cumsum(f0) / rate
    tone = sum(np.cos(k * phase) / k for k in range(1, 16))
    return (0.1 * tone).astype(np.float32), f0


def cents(found: np.ndarray, f0: np.ndarray, hop: int = 256) -> np.ndarray:
    """Error where voiced, against the pitch at the middle of every frame."""
    true = f0[hop // 2 :: hop][: len(found)]
    voiced = found > 0
    return 1200 * np.log2(found[voiced] / true[voiced])


@pytest.mark.parametrize("low, high", [(90, 180), (320, 160)])
def test_a_sweep_is_followed_within_ten_cents(low, high):
    samples, f0 = sweep(low, high)
    found, voiced = track_f0(samples)
    assert found.shape == voiced.shape == (len(samples) // 256,)
    assert voiced.mean() > 0.95
    assert np.percentile(np.abs(cents(found, f0)), 95) < 10


@pytest.mark.parametrize("pitch", [70, 110, 250, 440])
def test_a_steady_tone_is_found_within_ten_cents(pitch):
    samples, f0 = sweep(pitch, pitch, seconds=1.0)
    assert np.median(np.abs(cents(track_f0(samples)[0], f0))) < 10


def test_level_changes_nothing():
    samples, _ = sweep(120, 150)
    loud, quiet = track_f0(samples)[0], track_f0(0.003 * samples)[0]
    np.testing.assert_allclose(loud, quiet, rtol=1e-3)


def test_other_rates_give_the_same_frames():
    samples, f0 = sweep(140, 200, rate=48000)
    found, _ = track_f0(samples, 48000)
    assert len(found) == len(samples) // 512
    assert np.percentile(np.abs(cents(found, f0, 512)), 95) < 10


def test_silence_and_noise_are_unvoiced():
    for samples in (np.zeros(RATE), np.random.default_rng(0).normal(0, 0.1, RATE)):
        f0, voiced = track_f0(samples.astype(np.float32))
        assert voiced.mean() < 0.05
        assert ((f0 > 0) == voiced).all()


def test_gaps_stay_gaps():
    samples, _ = sweep(150, 150)
    samples[RATE // 2 : RATE] = 0
    _, voiced = track_f0(samples)
    frame = RATE // 256
    assert not voiced[frame // 2 + 5 : frame - 5].any()
    assert voiced[5 : frame // 2 - 5].all() and voiced[frame + 5 : 2 * frame - 5].all()


@pytest.mark.parametrize("n", [0, 255, 700])
def test_what_is_too_short_to_have_a_pitch(n):
    f0, voiced = track_f0(np.ones(n, np.float32))
    assert len(f0) == n // 256 and not voiced.any()


def test_gaps_are_bridged_by_straight_lines_and_ends_held():
    curve = np.array([9, 1, 9, 9, 4, 9], np.float32)
    voiced = np.array([0, 1, 0, 0, 1, 0], bool)
    np.testing.assert_array_equal(fill_gaps(curve, voiced), [1, 1, 2, 3, 4, 4])
    np.testing.assert_array_equal(fill_gaps(curve, ~voiced | True), curve)
    np.testing.assert_array_equal(fill_gaps(curve, voiced & False, 5.0), np.full(6, 5.0))


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(0, 2**32 - 1))
def test_filling_keeps_what_is_voiced_and_leaves_its_range_never(voiced, seed):
    voiced = np.array(voiced)
    curve = np.random.default_rng(seed).normal(size=len(voiced)).astype(np.float32)
    filled = fill_gaps(curve, voiced)
    np.testing.assert_array_equal(filled[voiced], curve[voiced])
    if voiced.any():
        assert filled.min() >= curve[voiced].min() and filled.max() <= curve[voiced].max()
