"""Minimum phase against a filter whose phase is known."""

import numpy as np
import torch
from scipy.signal import freqz

from emotts.models.minimum_phase import minimum_phase


def test_the_phase_of_an_all_pole_filter_comes_from_its_magnitude():
    radius, angle = 0.85, 0.8
    _, response = freqz([1.0], [1, -2 * radius * np.cos(angle), radius**2], worN=513,
                        include_nyquist=True)  # fmt: skip
    log_magnitude = torch.from_numpy(np.log(np.abs(response))).float()[None]
    found = minimum_phase(log_magnitude, kept=400)[0].numpy()
    np.testing.assert_allclose(found, np.unwrap(np.angle(response)), atol=0.02)


def test_level_has_no_phase():
    flat = torch.full((2, 3, 513), -4.0)
    np.testing.assert_allclose(minimum_phase(flat).numpy(), 0.0, atol=1e-5)


def test_harmonics_are_smoothed_away():
    bins = torch.arange(513)
    ripple = 0.5 * torch.cos(2 * np.pi * bins * 150 / 1024)  # a period of 150 samples
    assert minimum_phase(ripple[None]).abs().max() < 1e-3
