"""Against pyloudnorm itself, tones of known loudness, and peaks between samples."""

import math

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import butter, resample, sosfiltfilt

from emotts.dubbing.loudness import integrated_loudness, master
from emotts.dubbing.true_peak import limit_true_peak, true_peak_db
from emotts.errors import EmottsError


def tone(hertz: float, db: float, seconds: float = 3.0, rate: int = 48000) -> np.ndarray:
    t = np.arange(round(seconds * rate)) / rate
    return (10 ** (db / 20) * np.sin(2 * np.pi * hertz * t)).astype(np.float32)


def bursts(seconds: float = 4.0, rate: int = 24000, seed: int = 0) -> np.ndarray:
    """Noise of changing level with silences, of the band that sound cards let through."""
    generator = np.random.default_rng(seed)
    noise = generator.normal(size=round(seconds * rate))
    noise = sosfiltfilt(butter(12, 0.83, output="sos"), noise)
    steps = np.repeat(generator.choice([0, 0.003, 0.05, 0.2], size=20), len(noise) // 20)
    return (noise[: len(steps)] * steps).astype(np.float32)


def highest(samples: np.ndarray, times: int = 16) -> float:
    """True peak by Fourier interpolation, in dB."""
    return 20 * math.log10(np.abs(resample(samples.astype(float), times * len(samples))).max())


@pytest.mark.parametrize("rate", [24000, 44100, 48000])
@pytest.mark.parametrize("seed", [0, 1])
def test_it_is_what_pyloudnorm_measures(rate, seed):
    samples = bursts(rate=rate, seed=seed)
    expected = pyloudnorm.Meter(rate).integrated_loudness(samples.astype(float))
    assert integrated_loudness(samples, rate) == pytest.approx(expected, abs=0.02)


def test_two_channels_add_up():
    both = np.stack([bursts(seed=1), bursts(seed=2)], axis=1)
    expected = pyloudnorm.Meter(24000).integrated_loudness(both.astype(float))
    assert integrated_loudness(both, 24000) == pytest.approx(expected, abs=0.02)


def test_a_planted_tone():
    """BS.1770-4: a 997 Hz sine at 0 dBFS in one channel reads −3.01 LKFS."""
    assert integrated_loudness(tone(997, -20), 48000) == pytest.approx(-23.01, abs=0.05)
    stereo = np.stack([tone(997, -23)] * 2, axis=1)
    assert integrated_loudness(stereo, 48000) == pytest.approx(-23.0, abs=0.05)


def test_silence_between_lines_does_not_count():
    sparse = np.concatenate([tone(997, -20), np.zeros(30 * 48000, np.float32)])
    assert integrated_loudness(sparse, 48000) == pytest.approx(-23.01, abs=0.3)


@pytest.mark.parametrize("samples", [np.zeros(48000), np.zeros(10), np.zeros(0)])
def test_silence_is_silent(samples):
    assert integrated_loudness(samples, 48000) == -math.inf
    assert true_peak_db(samples, 48000) == -math.inf
    made = master(samples, 48000)
    assert made.lufs == -math.inf and not made.samples.any()


def test_sound_shorter_than_a_gate_is_measured():
    assert integrated_loudness(tone(997, -20, 0.2), 48000) == pytest.approx(-23, abs=0.3)


def test_other_shapes_are_refused():
    with pytest.raises(EmottsError, match="one or two channels"):
        integrated_loudness(np.zeros((9, 3)), 48000)


def test_a_peak_between_two_samples():
    """A sine of a quarter of the rate, sampled 45° off: 3 dB above all its samples."""
    samples = np.sin(np.pi / 2 * np.arange(4800) + np.pi / 4) * np.hanning(4800)
    assert 20 * math.log10(np.abs(samples).max()) == pytest.approx(-3.01, abs=0.01)
    assert true_peak_db(samples, 48000) == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("where", [0, 1, 2, 16383, 16384, 16385, 39999])
def test_a_peak_is_found_and_limited_wherever_it_is(where):
    samples = tone(300, -12, 40000 / 48000)
    samples[where] += 1.5
    assert true_peak_db(samples, 48000) > 3
    assert highest(limit_true_peak(samples, 48000)) <= -1


@pytest.mark.parametrize("channels", [1, 2])
def test_limited_sound_stays_below_the_ceiling_and_keeps_its_shape(channels):
    samples = np.stack([bursts(2, 48000, seed=k) * 4 for k in range(channels)], axis=1)
    limited = limit_true_peak(samples.squeeze(), 48000, -1.0).reshape(-1, channels)
    for channel in range(channels):
        assert highest(limited[:, channel]) <= -1 + 0.02
        loud = np.abs(samples[:, channel]) > 0.1
        gain = limited[loud, channel] / samples[loud, channel]
        assert (gain > 0).all() and (gain <= 1).all()
    assert true_peak_db(limited, 48000) <= -1


def test_what_is_quiet_enough_is_untouched():
    samples = tone(440, -1.5)
    assert limit_true_peak(samples, 48000) is samples


@pytest.mark.parametrize("lufs", [-30.0, -23.0, -16.0])
def test_loudness_and_ceiling_both_hold(lufs):
    """Speech-like bursts whose peaks stand 20 dB above their loudness."""
    samples = bursts(6, 48000, seed=3)
    for start in range(1000, len(samples) - 8, 16000):
        samples[start : start + 8] += np.hanning(8).astype(np.float32)
    made = master(samples, 48000, lufs)
    assert pyloudnorm.Meter(48000).integrated_loudness(made.samples.astype(float)) == pytest.approx(
        lufs, abs=0.1
    )
    assert highest(made.samples) <= -1 + 0.02 and made.true_peak_db <= -1


def test_what_cannot_be_is_said():
    """One click a second cannot be as loud as that below the ceiling."""
    clicks = np.zeros(5 * 48000, np.float32)
    clicks[::48000] = 0.5
    made = master(clicks, 48000, -10.0)
    assert made.true_peak_db <= -1 and made.lufs < -11
