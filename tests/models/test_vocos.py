"""Vocos: the published network under our names, and a head that inverts a short-time spectrum."""

import math

import pytest
import torch
from published import vocos_config, vocos_state
from pydantic import ValidationError

from emotts.audio.mel_config import MelConfig
from emotts.errors import EmottsError
from emotts.models.foreign_weights import fill
from emotts.models.spectral import stft
from emotts.models.vocos import Vocos, VocosConfig, inverse, own_names

# Made by the package vocos 0.1.0 from the same weights and the same mel, every 200th sample.
PUBLISHED = {
    "center": [-0.010873, -0.007162, -0.013158, -0.004832, -0.00808, 0.009942],
    "same": [0.001683, 0.023392, 0.000881, -0.004945, -0.0047, -0.004489, -0.01084, -0.010904],
}


def published(padding: str) -> Vocos:
    model = Vocos(VocosConfig.model_validate(vocos_config(padding)))
    return fill(model, own_names(vocos_state()), "published", "Vocos")


@pytest.mark.parametrize(("padding", "samples"), [("center", 5 * 256), ("same", 6 * 256)])
def test_it_makes_what_the_published_network_makes(padding, samples):
    mel = torch.sin(torch.arange(600, dtype=torch.float64) * 0.3).float().reshape(1, 100, 6)
    with torch.no_grad():
        made = published(padding)(mel)
    assert made.shape == (1, samples)
    torch.testing.assert_close(
        made[0, 100::200], torch.tensor(PUBLISHED[padding]), atol=2e-6, rtol=0
    )


@pytest.mark.parametrize("padding", ["center", "same"])
def test_the_head_inverts_a_short_time_spectrum(padding):
    sound = torch.randn(2, 20 * 256, generator=torch.Generator().manual_seed(0))
    if padding == "same":
        spectrum = stft(sound, 1024, 256)
    else:
        spectrum = torch.stft(
            sound, 1024, 256, window=torch.hann_window(1024), center=True, return_complex=True
        ).transpose(1, 2)
    torch.testing.assert_close(inverse(spectrum, 1024, 256, padding), sound, atol=1e-4, rtol=0)


def test_one_loud_bin_is_one_cosine():
    """Bin 40 turns whole times from frame to frame, so phase 0 everywhere is a steady tone."""
    model = published("same")
    with torch.no_grad():
        model.head.weight.zero_()
        model.head.bias[:513] = -30.0
        model.head.bias[513:] = 0.0
        model.head.bias[40] = math.log(10.0)
        made = model(torch.zeros(1, 100, 30))[0]
    # Hann windows at a quarter of their length: Σw / Σw² = 2 / 1.5.
    n = torch.arange(30 * 256) + 384
    expected = 10 * 2 / 1024 * 2 / 1.5 * torch.cos(2 * math.pi * 40 * n / 1024)
    torch.testing.assert_close(made[1024:-1024], expected[1024:-1024], atol=1e-5, rtol=0)


def test_no_bin_is_louder_than_the_published_limit():
    model = published("same")
    with torch.no_grad():
        model.head.bias[:513] = 50.0
        assert model.spectrum(torch.zeros(1, 100, 3)).abs().max() <= 100.001


def test_its_mel_is_torchaudios():
    mel = VocosConfig.model_validate(vocos_config()).mel()
    assert mel == MelConfig(24000, 1024, 256, 100, 0.0, 12000.0, 1e-7, "htk", "center")


@pytest.mark.parametrize(
    ("part", "changes", "words"),
    [
        ("backbone", {"input_channels": 80}, "input_channels is not"),
        ("head", {"dim": 16}, "head.dim is not"),
        ("head", {"hop_length": 128}, "head.hop_length is not"),
        ("backbone", {"adanorm_num_embeddings": 4}, "adanorm"),
        ("backbone", {"num_layers": 0}, "num_layers"),
    ],
)
def test_configurations_that_cannot_be_are_named(part, changes, words):
    values = vocos_config()
    values[part]["init_args"] |= changes
    with pytest.raises(ValidationError, match=words):
        VocosConfig.model_validate(values)


def test_a_vocos_for_tokens_is_refused():
    values = vocos_config()
    values["feature_extractor"]["class_path"] = "vocos.feature_extractors.EncodecFeatures"
    with pytest.raises(ValidationError, match="feature_extractor.class_path"):
        VocosConfig.model_validate(values)
    with pytest.raises(EmottsError, match="EnCodec tokens"):
        own_names(vocos_state() | {"feature_extractor.codebook_weights": torch.zeros(2, 2)})


def test_weights_of_something_else_are_named():
    with pytest.raises(EmottsError, match="no Vocos"):
        own_names({"conv_post.bias": torch.zeros(1)})


def test_the_published_size_has_the_published_number_of_weights():
    values = vocos_config()
    values["backbone"]["init_args"] |= {"dim": 512, "intermediate_dim": 1536, "num_layers": 8}
    values["head"]["init_args"]["dim"] = 512
    with torch.device("meta"):
        model = Vocos(VocosConfig.model_validate(values))
    assert round(sum(p.numel() for p in model.parameters()) / 1e6, 1) == 13.5
