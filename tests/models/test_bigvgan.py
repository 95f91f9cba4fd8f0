"""BigVGAN: the published network under our names, and periodic activations that do not alias."""

import math

import pytest
import torch
from published import PUBLISHED_FILTER, bigvgan_config, bigvgan_state
from scipy.signal import firwin, kaiser_beta

from emotts.errors import EmottsError
from emotts.models.bigvgan import BigVGAN, BigVGANConfig, Snake, low_pass, own_names
from emotts.models.foreign_weights import fill, fold_weight_norm

# Made by the package bigvgan 2.4.1 from the same weights and the same mel, every 200th sample.
PUBLISHED = [0.114469, 0.110489, 0.121645, 0.107714, 0.121423, 0.106602, 0.117429, 0.108539]


def tone(frequency: float, n: int = 400) -> torch.Tensor:
    """A sine of `frequency` cycles a sample, (1, 1, n)."""
    return torch.sin(2 * math.pi * frequency * torch.arange(n)).view(1, 1, n)


def level_db(x: torch.Tensor, frequency: float) -> float:
    """Level of the sine of that frequency, Hann-weighted; the ends are left out."""
    x = x.flatten()[50:-50] * torch.hann_window(x.numel() - 100)
    turned = x * torch.exp(-2j * math.pi * frequency * torch.arange(x.numel()))
    return 20 * math.log10(turned.sum().abs().item() / x.numel() + 1e-12)


def test_it_makes_what_the_published_network_makes():
    model = BigVGAN(BigVGANConfig.model_validate(bigvgan_config()))
    fill(model, own_names(fold_weight_norm(bigvgan_state())), "published", "BigVGAN")
    mel = torch.sin(torch.arange(480, dtype=torch.float64) * 0.3).float().reshape(1, 80, 6)
    with torch.no_grad():
        made = model(mel)
    assert made.shape == (1, 6 * 256)
    torch.testing.assert_close(made[0, 100::200], torch.tensor(PUBLISHED), atol=2e-6, rtol=0)


@pytest.mark.parametrize("resblock", ["1", "2"])
@pytest.mark.parametrize(("tanh", "beta"), [(True, "snake"), (False, "snakebeta")])
def test_every_frame_becomes_a_hop_of_samples_within_full_scale(resblock, tanh, beta):
    torch.manual_seed(0)
    config = bigvgan_config(
        resblock=resblock, use_tanh_at_final=tanh, activation=beta, upsample_kernel_sizes=[32, 33]
    )
    model = BigVGAN(BigVGANConfig.model_validate(config)).eval()
    with torch.no_grad():
        model.conv_post.weight.mul_(100)
        made = model(torch.randn(2, 80, 5))
    assert made.shape == (2, 5 * 256) and made.std() > 0 and made.abs().max() <= 1


def test_the_low_pass_filter_is_scipys_and_the_published_one():
    ours = low_pass(0.25, 0.3)
    attenuation = 2.285 * 5 * math.pi * 4 * 0.3 + 7.95
    theirs = firwin(12, 0.5, window=("kaiser", kaiser_beta(attenuation)))
    torch.testing.assert_close(ours.double(), torch.tensor(theirs), atol=1e-6, rtol=0)
    torch.testing.assert_close(ours, PUBLISHED_FILTER, atol=1e-6, rtol=0)


@pytest.mark.parametrize("beta", [True, False])
def test_without_period_the_activation_is_the_identity(beta):
    snake = Snake(1, beta, logscale=True)
    with torch.no_grad():
        snake.alpha.fill_(-12.0)
    x = tone(0.02)
    torch.testing.assert_close(snake.curve(x), x, atol=1e-4, rtol=0)
    torch.testing.assert_close(snake(x)[..., 20:-20], x[..., 20:-20], atol=0.01, rtol=0)


def test_upsampling_a_sine_gives_the_sine_of_half_the_frequency():
    snake = Snake(1, beta=True, logscale=True)
    twice = snake.up(tone(0.03, 200))
    # The filter is symmetric about half a sample of the doubled rate.
    at = torch.arange(400) / 2 - 0.25
    expected = torch.sin(2 * math.pi * 0.03 * at).view(1, 1, -1)
    torch.testing.assert_close(twice[..., 30:-30], expected[..., 30:-30], atol=0.01, rtol=0)


def test_a_high_tone_folds_down_less():
    """sin² of a tone at 0.35 lies at 0.7, which the rate of 1 cannot hold: heard at 0.3.

    The published filters of twelve taps take about twelve decibels off.
    """
    snake = Snake(1, beta=True, logscale=True)
    x = tone(0.35)
    with torch.no_grad():
        folded, kept = level_db(snake.curve(x), 0.3), level_db(snake(x), 0.3)
    assert folded > -25 and kept < folded - 10


def test_a_low_tone_gets_its_overtone():
    snake = Snake(1, beta=False, logscale=False)
    x = tone(0.05)
    with torch.no_grad():
        made, wanted = snake(x), snake.curve(x)
    assert abs(level_db(made, 0.1) - level_db(wanted, 0.1)) < 0.5
    assert level_db(made, 0.1) > level_db(x, 0.1) + 40


def test_other_filters_in_the_file_are_refused():
    state = fold_weight_norm(bigvgan_state())
    state["activation_post.upsample.filter"] = torch.ones(1, 1, 12) / 12
    with pytest.raises(EmottsError, match="other anti-aliasing filters .activation_post"):
        own_names(state)


def test_weights_of_something_else_are_named():
    with pytest.raises(EmottsError, match="no BigVGAN generator"):
        own_names({"conv_post.bias": torch.zeros(1)})


@pytest.mark.parametrize(
    ("bands", "width", "rates", "kernels", "millions"),
    [
        (128, 1536, [8, 4, 2, 2, 2, 2], [16, 8, 4, 4, 4, 4], 122),
        (100, 1536, [4, 4, 2, 2, 2, 2], [8, 8, 4, 4, 4, 4], 112),
        (80, 512, [8, 8, 2, 2], [16, 16, 4, 4], 14),
    ],
)
def test_published_sizes_have_the_published_number_of_weights(
    bands, width, rates, kernels, millions
):
    config = bigvgan_config(
        num_mels=bands, upsample_initial_channel=width, upsample_rates=rates,
        upsample_kernel_sizes=kernels, resblock_kernel_sizes=[3, 7, 11],
        resblock_dilation_sizes=[[1, 3, 5]] * 3, hop_size=math.prod(rates),
    )  # fmt: skip
    with torch.device("meta"):
        model = BigVGAN(BigVGANConfig.model_validate(config))
    assert round(sum(p.numel() for p in model.parameters()) / 1e6) == millions
