import numpy as np
import pytest
import torch

from emotts.audio.mel import log_mel as numpy_log_mel
from emotts.audio.mel_config import MEL_44K
from emotts.models.spectral import istft, log_mel, stft


def noise(n: int, batch: int = 2) -> torch.Tensor:
    return torch.randn(batch, n, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("n_fft, hop", [(1024, 256), (512, 128), (256, 64)])
def test_the_inverse_gives_the_samples_back(n_fft, hop):
    samples = noise(40 * hop)
    torch.testing.assert_close(istft(stft(samples, n_fft, hop), n_fft, hop), samples,
                               atol=2e-5, rtol=0)  # fmt: skip


def test_the_inverse_is_the_nearest_signal_of_an_impossible_spectrogram():
    """Least squares: analysing and inverting again changes nothing more."""
    generator = torch.Generator().manual_seed(0)
    spectrum = torch.complex(*torch.randn(2, 1, 20, 513, generator=generator))
    once = istft(spectrum)
    torch.testing.assert_close(istft(stft(once)), once, atol=1e-5, rtol=0)
    inner = slice(4, -4)  # frames that are whole, away from the reflected edges

    def distance(samples):
        return (stft(samples) - spectrum)[:, inner].abs().square().sum()

    for _ in range(3):
        nudge = torch.zeros_like(once)
        nudge[:, 8 * 256 : -8 * 256] = 0.01 * torch.randn(4 * 256, generator=generator)
        assert distance(once) < distance(once + nudge)


def test_a_tone_lies_in_its_bin_with_the_windows_gain():
    t = torch.arange(24000.0)
    found = stft(0.5 * torch.cos(2 * np.pi * 40 / 1024 * t)[None]).abs()[0, 10:-10]
    assert (found.argmax(-1) == 40).all()
    torch.testing.assert_close(found[:, 40], torch.full((len(found),), 0.5 * 256.0), rtol=1e-3,
                               atol=0)  # fmt: skip


@pytest.mark.parametrize("n", [24000, 24100, 300])
def test_torch_and_numpy_agree_on_the_mel(n):
    samples = 0.1 * noise(n)
    expected = np.stack([numpy_log_mel(row).T for row in samples.numpy()])
    np.testing.assert_allclose(log_mel(samples).numpy(), expected, atol=2e-3)


def test_gradients_reach_the_samples_even_of_silence():
    samples = torch.zeros(1, 4096, requires_grad=True)
    log_mel(samples).sum().backward()
    assert torch.isfinite(samples.grad).all()


def test_what_synthesis_keeps_training_can_use():
    """Windows are made once, perhaps in inference mode, and used ever after."""
    samples = torch.randn(1, 3000)
    with torch.inference_mode():
        stft(samples, 384, 96)
    samples.requires_grad_(True)
    stft(samples, 384, 96).abs().sum().backward()
    assert samples.grad is not None


def test_torch_and_numpy_agree_on_the_wide_mel():
    samples = 0.1 * noise(44100)
    expected = np.stack([MEL_44K.log_mel(row).T for row in samples.numpy()])
    found = log_mel(samples, MEL_44K)
    assert found.shape[1:] == (44100 // 512, 128)
    np.testing.assert_allclose(found.numpy(), expected, atol=2e-3)
