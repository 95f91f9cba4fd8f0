"""Pulses are what Fourier says they are."""

import math

import numpy as np
import pytest
import torch

from emotts.models.source import breath, phase_of, pulse_train, upsample

RATE, HOP = 24000, 256


def second_of_pulses(f0: float) -> np.ndarray:
    frames = torch.full((1, RATE // HOP + 1), f0)
    phase = phase_of(frames)
    return pulse_train(phase, frames, torch.ones_like(frames))[0, :RATE].numpy()


@pytest.mark.parametrize("f0", [80.0, 200.0, 437.0])
def test_pulses_have_lines_at_the_multiples_of_f0_and_nothing_else(f0):
    """One second: every bin is a hertz, and each harmonic a cosine of amplitude 1."""
    amplitude = 2 * np.abs(np.fft.rfft(second_of_pulses(f0).astype(np.float64))) / RATE
    harmonics = np.arange(1, int(0.96 * RATE / 2 / f0) + 1) * int(f0)
    np.testing.assert_allclose(amplitude[harmonics], 1.0, atol=0.02)
    rest = np.delete(amplitude, harmonics)
    assert rest.max() < 0.01
    assert amplitude[int(0.96 * RATE / 2) + 1 :].max() < 0.01


def test_a_gliding_pitch_folds_little_back_from_above():
    """Harmonics that come and go at the top do so within a frame, so a little is left there."""
    f0 = torch.linspace(120, 240, 94)[None]
    samples = pulse_train(phase_of(f0), f0, torch.ones_like(f0))[0].numpy()
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    assert spectrum[hertz > 0.985 * RATE / 2].mean() < 1e-2 * spectrum[hertz < 10000].mean()


def test_pulses_sit_where_the_phase_is_zero():
    f0 = torch.full((1, 20), 150.0)
    phase = phase_of(f0)
    pulses = pulse_train(phase, f0, torch.ones_like(f0))
    turned = (phase + 0.5 * math.pi) % (2 * math.pi)
    moved = pulse_train(turned, f0, torch.ones_like(f0))
    assert torch.cos(phase[0, pulses[0, :160].argmax()]) > 0.99
    assert torch.cos(turned[0, moved[0, :160].argmax()]) > 0.99


def test_unvoiced_frames_are_silent():
    f0, voiced = torch.full((1, 30), 120.0), torch.zeros(1, 30)
    voiced[0, 10:20] = 1
    samples = pulse_train(phase_of(f0), f0, voiced)[0].reshape(30, HOP)
    assert (samples[:9] == 0).all() and (samples[21:] == 0).all()
    assert samples[11:19].abs().amax(-1).min() > 10


def test_a_minute_stays_in_tune():
    f0 = torch.full((1, 60 * RATE // HOP), 233.1)
    n = f0.shape[1] * HOP
    expected = 2 * np.pi * (233.1 / RATE * n)
    error = np.angle(np.exp(1j * (phase_of(f0)[0, -1].double().numpy() - expected)))
    assert abs(error) < 1e-2


def test_upsampling_is_straight_between_frame_centres_and_held_at_the_ends():
    ramp = upsample(torch.arange(5.0)[None])[0]
    assert ramp.shape == (5 * HOP,)
    at = (np.arange(5 * HOP) + 0.5) / HOP - 0.5
    np.testing.assert_allclose(ramp.numpy(), np.clip(at, 0, 4), atol=1e-4)


def test_breath_swells_once_a_period_where_speech_is_voiced():
    f0, voiced = torch.full((1, 40), 200.0), torch.ones(1, 40)
    voiced[0, 20:] = 0
    phase = phase_of(f0)
    rising, _ = breath(torch.ones_like(phase), phase, voiced)
    torch.testing.assert_close(rising[0, : 19 * HOP], torch.cos(phase[0, : 19 * HOP]))
    assert (rising[0, 21 * HOP :] == 0).all()
