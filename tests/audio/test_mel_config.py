"""Mels of any making are librosa's and torchaudio's, and differences between them are named."""

import librosa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.audio.mel import log_mel, mel_filters
from emotts.audio.mel_config import MEL_24K, MEL_44K, MELS, MelConfig, mel_from, mel_named
from emotts.errors import EmottsError


def noise(n: int) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.1, n).astype(np.float32)


def test_the_default_is_the_mel_of_all_networks_bit_for_bit():
    samples = noise(9000)
    np.testing.assert_array_equal(MEL_24K.log_mel(samples), log_mel(samples))


def test_44k_is_librosas_with_a_frame_for_every_hop():
    samples = noise(44100)
    expected = librosa.feature.melspectrogram(
        y=np.pad(samples, (2048 - 512) // 2, mode="reflect"), sr=44100, n_fft=2048,
        hop_length=512, center=False, power=1.0, n_mels=128, fmax=22050,
    )  # fmt: skip
    found = MEL_44K.log_mel(samples)
    assert found.shape == (128, 44100 // 512) and MEL_44K.frame_rate == 44100 / 512
    np.testing.assert_allclose(np.exp(found), expected, rtol=1e-4, atol=1e-5)


def test_htk_filters_are_librosas_without_their_norm():
    expected = librosa.filters.mel(
        sr=24000, n_fft=1024, n_mels=100, fmin=20, fmax=12000, htk=True, norm=None
    )
    found = mel_filters(24000, 1024, 100, 12000.0, 20.0, "htk")
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_centred_frames_are_librosas():
    samples = noise(5000)
    mel = MelConfig(n_mels=100, floor=1e-7, scale="htk", padding="center")
    spectrum = np.abs(librosa.stft(samples, n_fft=1024, hop_length=256, pad_mode="reflect"))
    expected = np.log(np.maximum(mel.filters() @ spectrum, 1e-7))
    assert expected.shape == (100, 5000 // 256 + 1)
    np.testing.assert_allclose(mel.log_mel(samples), expected, atol=1e-3)


@given(n=st.integers(16, 5000), padding=st.sampled_from(["same", "center"]))
def test_every_length_has_its_frames(n, padding):
    mel = MelConfig(n_fft=64, hop_length=16, n_mels=4, padding=padding)
    assert mel.log_mel(noise(n)).shape == (4, n // 16 + (padding == "center"))


def test_differences_are_named_and_equals_have_none():
    other = MelConfig(n_mels=100, floor=1e-7, scale="htk")
    assert other.differences(MEL_24K) == [
        "n_mels 100 for 80", "floor 1e-07 for 1e-05", "scale htk for slaney"
    ]  # fmt: skip
    assert MelConfig().differences(MEL_24K) == []


def test_names_and_mappings():
    assert mel_named("44k") is MEL_44K and set(MELS) == {"24k", "44k"}
    with pytest.raises(EmottsError, match="no mel '48k'; choose from 24k, 44k"):
        mel_named("48k")
    assert mel_from({"n_mels": 100}) == MelConfig(n_mels=100)
    with pytest.raises(EmottsError, match="a mel has no bands; it has floor"):
        mel_from({"bands": 100})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"scale": "bark"}, "scale 'bark'"),
        ({"padding": "valid"}, "padding 'valid'"),
        ({"hop_length": 0}, "hop_length of 1"),
        ({"n_mels": 0}, "one band or more"),
        ({"floor": 0.0}, "floor above 0"),
        ({"fmax": 13000.0}, "half of 24000 Hz"),
        ({"fmin": 12000.0}, "not between 12000 and 12000"),
    ],
)
def test_mels_that_cannot_be_are_refused(values, words):
    with pytest.raises(EmottsError, match=words):
        MelConfig(**values)
