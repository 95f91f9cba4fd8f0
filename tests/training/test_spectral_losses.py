import numpy as np
import pytest
import torch

from emotts.training.spectral_losses import mel_loss, multi_resolution_loss, phase_loss


@pytest.fixture
def speech():
    t = torch.arange(256 * 60) / 24000
    tone = sum(torch.cos(2 * np.pi * 150 * k * t + k) / k for k in range(1, 30))
    noise = torch.randn(len(t), generator=torch.Generator().manual_seed(0))
    return (0.1 * tone + 0.02 * noise)[None]


def test_nothing_is_lost_between_equals(speech):
    voiced = torch.ones(1, 60)
    assert multi_resolution_loss(speech, speech) == 0
    assert mel_loss(speech, speech) == 0
    assert phase_loss(speech, speech, voiced) == pytest.approx(0, abs=1e-3)


def test_a_gain_costs_its_logarithm(speech):
    assert mel_loss(speech, 2 * speech) == pytest.approx(np.log(2), rel=1e-3)
    # Spectral convergence of a doubled spectrum is 1; its log-magnitudes are ln 2 off.
    assert multi_resolution_loss(speech, 2 * speech) == pytest.approx(1 + np.log(2), rel=0.02)


def test_phase_loss_hears_phase_and_nothing_else(speech):
    voiced = torch.ones(1, 60)
    assert phase_loss(speech, 0.1 * speech, voiced) == pytest.approx(0, abs=1e-3)
    assert phase_loss(speech, -speech, voiced) == pytest.approx(2, abs=1e-2)
    assert phase_loss(speech, -speech, 0 * voiced) == 0
    assert multi_resolution_loss(speech, -speech) == pytest.approx(0, abs=1e-6)


def test_phase_loss_does_not_listen_above_its_limit(speech):
    t = torch.arange(speech.shape[1]) / 24000
    high = 0.2 * torch.cos(2 * np.pi * 9000 * t)[None]
    found = phase_loss(speech + high, speech - high, torch.ones(1, 60))
    assert found == pytest.approx(0, abs=0.05)


def test_gradients_are_finite_for_silence(speech):
    fake = torch.zeros_like(speech, requires_grad=True)
    voiced = torch.ones(1, 60)
    loss = multi_resolution_loss(speech, fake) + mel_loss(speech, fake)
    (loss + phase_loss(speech, fake, voiced)).backward()
    assert torch.isfinite(fake.grad).all()
