"""Every step of the vocoder against torch's, on made contours."""

import numpy as np
import torch

from emotts.models import minimum_phase, source, spectral
from emotts.onnx_runner import waveform

FRAMES = 37
RANDOM = np.random.default_rng(0)
F0 = (180 + 60 * np.sin(np.arange(FRAMES) / 5)).astype(np.float32)
VOICED = (np.arange(FRAMES) % 9 > 2).astype(np.float32)
NOISE = RANDOM.normal(size=FRAMES * 256).astype(np.float32)


def row(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array)[None]


def test_upsampling_and_phase():
    np.testing.assert_allclose(
        waveform.upsample(F0), source.upsample(row(F0))[0].numpy(), rtol=1e-6
    )
    assert np.array_equal(waveform.upsample(F0[:1]), np.repeat(F0[:1], 256))
    turns = np.exp(1j * waveform.phase_of(F0))
    np.testing.assert_allclose(turns, np.exp(1j * source.phase_of(row(F0))[0].numpy()), atol=1e-4)


def test_pulses():
    phase = source.phase_of(row(F0))
    wanted = source.pulse_train(phase, row(F0), row(VOICED))[0].numpy()
    given = waveform.pulse_train(phase[0].numpy(), F0, VOICED)
    np.testing.assert_allclose(given, wanted, atol=2e-3 * np.abs(wanted).max())


def test_spectra_there_and_back():
    wanted = spectral.stft(row(NOISE))[0].numpy()
    np.testing.assert_allclose(waveform.stft(NOISE), wanted, atol=1e-4)
    np.testing.assert_allclose(waveform.istft(wanted), NOISE, atol=1e-5)
    short = NOISE[:256]
    np.testing.assert_allclose(
        waveform.stft(short), spectral.stft(row(short))[0].numpy(), atol=1e-4
    )


def test_minimum_phase():
    log_magnitude = RANDOM.normal(size=(5, 513)).astype(np.float32)
    wanted = minimum_phase.minimum_phase(torch.from_numpy(log_magnitude)).numpy()
    np.testing.assert_allclose(waveform.minimum_phase(log_magnitude), wanted, atol=1e-5)
