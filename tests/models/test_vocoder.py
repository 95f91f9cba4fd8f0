import numpy as np
import pytest
import torch

from emotts.errors import EmottsError
from emotts.models.source import phase_of
from emotts.models.vocoder import Vocoder

FRAMES = 40


def vocoder(mix: float = 0.0) -> Vocoder:
    """A fresh one; mix: logit of the share of pulses, with a silent head for anything but 0."""
    torch.manual_seed(0)
    made = Vocoder(dim=16, hidden=32, blocks=1).eval()
    if mix:
        made.head.weight.data.zero_()
        made.head.bias.data[3 * made.bins :] = mix
    return made


def inputs(f0: float = 200.0, voiced: float = 1.0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return {
        "mel": torch.randn(1, FRAMES, 80, generator=generator),
        "f0": torch.full((1, FRAMES), f0), "voiced": torch.full((1, FRAMES), voiced),
        "noise": torch.randn(1, FRAMES * 256, generator=generator),
    }  # fmt: skip


def periodicity(samples: torch.Tensor, period: int) -> float:
    """Correlation of the middle with itself a period later."""
    x = samples[0, 2048:-2048].double().numpy()
    return float(np.corrcoef(x[:-period], x[period:])[0, 1])


@torch.no_grad()
def test_the_same_noise_gives_the_same_samples():
    model, given = vocoder(), inputs()
    samples = model(**given)
    assert samples.shape == (1, FRAMES * 256)
    assert torch.equal(model(**given), samples)
    other = torch.randn(1, FRAMES * 256, generator=torch.Generator().manual_seed(2))
    assert not torch.allclose(model(**given | {"noise": other}), samples)


@torch.no_grad()
def test_a_phase_is_integrated_from_f0_unless_given():
    model, given = vocoder(), inputs()
    torch.testing.assert_close(model(**given, phase=phase_of(given["f0"])), model(**given))


@torch.no_grad()
@pytest.mark.parametrize("f0", [100.0, 200.0, 300.0])
def test_driven_by_pulses_it_repeats_with_the_pitch(f0):
    samples = vocoder(mix=20.0)(**inputs(f0))
    assert periodicity(samples, round(24000 / f0)) > 0.9
    assert periodicity(samples, round(24000 / f0 * 0.5)) < 0.5


@torch.no_grad()
def test_driven_by_noise_it_repeats_nothing():
    samples = vocoder(mix=-20.0)(**inputs(200.0))
    assert abs(periodicity(samples, 120)) < 0.3


@torch.no_grad()
def test_extreme_spectra_stay_finite():
    model, given = vocoder(), inputs()
    for mel in (torch.full((1, FRAMES, 80), 60.0), torch.full((1, FRAMES, 80), -60.0)):
        assert torch.isfinite(model(**given | {"mel": mel})).all()


def test_gradients_are_finite_where_the_source_is_silent():
    model, given = vocoder(), inputs(voiced=0.0)
    model(**given | {"noise": torch.zeros(1, FRAMES * 256)}).square().sum().backward()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)


def test_at_44_khz_a_frame_is_512_samples_and_pitch_is_kept():
    torch.manual_seed(0)
    made = Vocoder(dim=16, hidden=32, blocks=1, mel="44k").eval()
    made.head.weight.data.zero_()
    made.head.bias.data[3 * made.bins :] = 20.0
    frames = 30
    with torch.no_grad():
        samples = made(
            torch.zeros(1, frames, 128), torch.full((1, frames), 441.0), torch.ones(1, frames),
            noise=torch.zeros(1, frames * 512),
        )  # fmt: skip
    assert samples.shape == (1, frames * 512)
    assert periodicity(samples, 100) > 0.9 > periodicity(samples, 60)


def test_an_unknown_mel_is_named():
    with pytest.raises(EmottsError, match="no mel '48k'; choose from 24k, 44k"):
        Vocoder(mel="48k")
