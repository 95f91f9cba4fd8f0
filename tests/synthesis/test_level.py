import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emotts.synthesis.level import CEILING, limit_peaks


def noise(n: int, peak: float, seed: int = 0) -> np.ndarray:
    samples = np.random.default_rng(seed).normal(size=n)
    return (samples * peak / np.abs(samples).max()).astype(np.float32)


@given(st.floats(0.98, 30), st.integers(1, 5000), st.integers(0, 2**32 - 1))
def test_peaks_stay_below_the_ceiling(peak, n, seed):
    found = limit_peaks(noise(n, peak, seed), 24000)
    assert len(found) == n and found.dtype == np.float32
    assert np.abs(found).max() <= np.float32(CEILING)


@given(st.floats(0.0, 0.969), st.integers(0, 3000))
def test_quiet_audio_is_untouched_bit_for_bit(peak, n):
    samples = noise(n, peak) if n else np.zeros(0, np.float32)
    np.testing.assert_array_equal(limit_peaks(samples, 24000), samples)


def test_only_the_neighbourhood_of_a_loud_place_is_turned_down():
    samples = noise(48000, 0.5)
    loud = samples.copy()
    loud[24000:24100] *= 6
    found = limit_peaks(loud, 24000)
    near = int(0.05 * 24000)
    np.testing.assert_array_equal(found[: 24000 - near], samples[: 24000 - near])
    np.testing.assert_array_equal(found[24100 + near :], samples[24100 + near :])


def test_the_gain_moves_smoothly_and_keeps_the_wave():
    """No clipping of the wave: within the loud stretch the gain hardly changes over a period."""
    t = np.arange(24000) / 24000
    wave = np.sin(2 * np.pi * 200 * t) * np.where(np.abs(t - 0.5) < 0.2, 3.0, 0.2)
    found = limit_peaks(wave.astype(np.float32), 24000)
    known = np.abs(wave) > 0.05
    gain = np.interp(np.arange(24000), np.flatnonzero(known), found[known] / wave[known])
    assert np.abs(np.diff(gain)).max() < 5e-3
    assert np.abs(found[9600:14400]).max() > 0.9 * CEILING
