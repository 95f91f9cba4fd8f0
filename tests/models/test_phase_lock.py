"""The planted phase is found."""

import numpy as np
import pytest

from emotts.models.phase_lock import locked_phase, pulse_locked_phase, wavering

RATE, HOP, FRAMES = 24000, 256, 120


def speech(f0, phase0: float, noise: float = 0.0):
    """Harmonics locked to a planted phase of the fundamental: samples and that phase, (n,)."""
    phase = phase0 + 2 * np.pi * np.cumsum(f0) / RATE
    tone = sum(np.cos(k * phase) / k for k in range(1, 20))
    noise = noise * np.random.default_rng(0).normal(size=len(phase))
    return (0.1 * (tone + noise)).astype(np.float32), phase


def error(found: np.ndarray, planted: np.ndarray) -> np.ndarray:
    """Distance on the circle away from the edges, in radians."""
    return np.abs(np.angle(np.exp(1j * (found - planted))))[4 * HOP : -4 * HOP]


@pytest.mark.parametrize("phase0", [0.0, 1.0, 3.0, -2.0])
@pytest.mark.parametrize("wrong_cents", [0, 10, -20])
def test_a_planted_phase_is_found_though_the_tracked_pitch_is_off(phase0, wrong_cents):
    samples, planted = speech(np.full(FRAMES * HOP, 180.0), phase0)
    tracked = np.full(FRAMES, 180.0 * 2 ** (wrong_cents / 1200))
    found = locked_phase(samples, tracked)
    assert found.shape == samples.shape and found.dtype == np.float32
    assert 0 <= found.min() and found.max() <= np.float32(2 * np.pi)
    assert error(found, planted).max() < 0.1


def test_a_moving_pitch_in_noise_is_followed():
    t = np.arange(FRAMES * HOP) / RATE
    f0 = 200 + 15 * np.sin(2 * np.pi * 2 * t)
    samples, planted = speech(f0, 0.7, noise=0.3)
    found = locked_phase(samples, f0[HOP // 2 :: HOP])
    assert np.percentile(error(found, planted), 95) < 0.3


def test_level_says_nothing():
    samples, planted = speech(np.full(FRAMES * HOP, 140.0), 0.4)
    assert error(locked_phase(1e-3 * samples, np.full(FRAMES, 140.0)), planted).max() < 0.1


def test_silence_keeps_the_integrated_pitch():
    found = locked_phase(np.zeros(20 * HOP, np.float32), np.full(20, 120.0))
    assert np.isfinite(found).all()
    step = np.diff(np.unwrap(found.astype(np.float64)))
    np.testing.assert_allclose(step, 2 * np.pi * 120 / RATE, atol=1e-3)


def vowel(f0: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pulses through resonances at 600, 1500 and 2800 Hz and a microphone's high-pass, which turns
    the fundamental: samples, and where the pulses fall."""
    from scipy.signal import butter, lfilter

    cycles = np.cumsum(f0) / RATE
    pulses = np.diff(np.floor(cycles), prepend=0.0)
    samples = pulses
    for hertz, width in ((600, 80), (1500, 120), (2800, 160)):
        radius, angle = np.exp(-np.pi * width / RATE), 2 * np.pi * hertz / RATE
        samples = lfilter([1 - radius], [1, -2 * radius * np.cos(angle), radius**2], samples)
    samples = lfilter(*butter(2, 250.0, "high", fs=RATE), samples)
    return (0.3 * samples / np.abs(samples).max()).astype(np.float32), np.flatnonzero(pulses)


def misses(phase: np.ndarray, pulses: np.ndarray, f0: float) -> np.ndarray:
    """Distance in milliseconds from every planted pulse to the nearest zero of the phase."""
    turn = np.angle(np.exp(1j * phase[pulses.clip(0, len(phase) - 1)]))
    return np.abs(turn)[5:-5] / (2 * np.pi * f0) * 1000


@pytest.mark.parametrize("f0", [110.0, 220.0])
def test_pulses_of_a_vowel_are_found_where_they_were_planted(f0):
    samples, pulses = vowel(np.full(FRAMES * HOP, f0))
    voiced = np.ones(FRAMES, bool)
    coarse = misses(locked_phase(samples, np.full(FRAMES, f0)), pulses, f0)
    fine = misses(pulse_locked_phase(samples, np.full(FRAMES, f0), voiced), pulses, f0)
    assert np.median(fine) < 0.15 and np.median(fine) < 0.5 * np.median(coarse)


def test_pulses_of_silence_are_finite():
    silence, f0 = np.zeros(20 * HOP, np.float32), np.full(20, 120.0)
    phase = pulse_locked_phase(silence, f0, np.ones(20, bool))
    assert np.isfinite(phase).all() and phase.shape == (20 * HOP,)


def test_pulses_that_waver_are_followed_frame_by_frame():
    """A tracker that smooths gives a level pitch; the wavering around it is found again."""
    course = 1 + 0.02 * np.sin(2 * np.pi * np.arange(FRAMES) / 9)
    at, centres = np.arange(FRAMES * HOP), (np.arange(FRAMES) + 0.5) * HOP
    samples, _ = vowel(160 * np.interp(at, centres, course))
    voiced = np.ones(FRAMES, bool)
    found = wavering(samples, np.full(FRAMES, 160.0), voiced)
    assert found.shape == (FRAMES,) and found.dtype == np.float32
    assert np.corrcoef(found[8:-8], course[8:-8])[0, 1] > 0.9
    assert abs(np.median(found) - 1) < 0.003


def test_nothing_wavers_where_nothing_is_voiced():
    rng = np.random.default_rng(0)
    noise, f0 = 0.1 * rng.normal(size=20 * HOP).astype(np.float32), np.full(20, 150.0)
    np.testing.assert_array_equal(wavering(noise, f0, np.zeros(20, bool)), 1)
    half = np.arange(20) < 10
    found = wavering(noise, f0, half)
    assert (found[~half] == 1).all() and np.abs(np.log(found)).max() <= np.log(2) / 4 + 1e-6
