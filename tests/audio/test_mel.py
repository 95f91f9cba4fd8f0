"""The mel spectrogram is librosa's, on a frame grid of its own."""

import librosa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.audio.mel import log_mel, magnitude, mel_filters

FLOOR = np.float32(np.log(1e-5))


def noise(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, n).astype(np.float32)


def test_filters_are_librosas():
    expected = librosa.filters.mel(sr=24000, n_fft=1024, n_mels=80, fmax=12000)
    np.testing.assert_allclose(mel_filters(), expected, atol=1e-7)
    other = librosa.filters.mel(sr=16000, n_fft=512, n_mels=40, fmax=8000)
    np.testing.assert_allclose(mel_filters(16000, 512, 40, 8000.0), other, atol=1e-7)


def test_the_spectrogram_is_librosas():
    samples = noise(24000)
    expected = librosa.feature.melspectrogram(
        y=np.pad(samples, 384, mode="reflect"), sr=24000, n_fft=1024, hop_length=256,
        win_length=1024, window="hann", center=False, power=1.0, n_mels=80, fmax=12000,
    )  # fmt: skip
    found = log_mel(samples)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.exp(found), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("n", [256, 257, 511, 512, 1000, 24001])
def test_there_is_a_frame_for_every_whole_hop(n):
    assert log_mel(noise(n)).shape == (80, n // 256)


def test_silence_is_the_floor():
    assert (log_mel(np.zeros(4096, np.float32)) == FLOOR).all()


@given(st.floats(-40, 20))
def test_gain_adds_its_logarithm(gain_db):
    samples = noise(4096)
    gain = np.float32(10 ** (gain_db / 20))
    expected = np.maximum(log_mel(samples) + np.log(gain), FLOOR)
    np.testing.assert_allclose(log_mel(gain * samples), expected, atol=1e-3)


def test_a_click_lies_in_the_frame_of_its_hop():
    samples = np.zeros(256 * 40, np.float32)
    samples[256 * 17 + 128] = 1.0
    assert magnitude(samples).sum(axis=0).argmax() == 17
