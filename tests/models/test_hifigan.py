"""HiFi-GAN weights load from every published form and synthesize the same."""

import json
import warnings

import pytest
import torch
from safetensors.torch import save_file
from torch.nn.utils import parametrizations

from emotts.errors import EmottsError
from emotts.models.foreign_weights import fold_weight_norm
from emotts.models.hifigan import HiFiGAN, HiFiGANConfig, load_hifigan

TINY = {
    "resblock": "1",
    "upsample_rates": [16, 16],
    "upsample_kernel_sizes": [32, 33],
    "upsample_initial_channel": 16,
    "resblock_kernel_sizes": [3, 5],
    "resblock_dilation_sizes": [[1, 3], [1, 2]],
    "num_mels": 80,
    "sampling_rate": 24000,
    "hop_size": 256,
    "n_fft": 1024,
    "fmin": 0,
    "fmax": 12000,
    "learning_rate": 0.0002,
}


def made_generator(seed: int = 0, **changes) -> HiFiGAN:
    torch.manual_seed(seed)
    generator = HiFiGAN(HiFiGANConfig(**{**TINY, **changes}))
    for parameter in generator.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return generator.eval()


def convolutions(generator):
    return [
        m for m in generator.modules() if isinstance(m, torch.nn.Conv1d | torch.nn.ConvTranspose1d)
    ]


def old_style(generator) -> dict:
    for module in convolutions(generator):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.nn.utils.weight_norm(module)
    return generator.state_dict()


def new_style(generator) -> dict:
    for module in convolutions(generator):
        parametrizations.weight_norm(module)
    return generator.state_dict()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(TINY))
    return tmp_path


@pytest.fixture
def mel():
    return torch.randn(2, 80, 7, generator=torch.Generator().manual_seed(1)) - 5


@pytest.mark.parametrize("resblock", ["1", "2"])
def test_every_frame_becomes_a_hop_of_samples(mel, resblock):
    samples = made_generator(resblock=resblock)(mel)
    assert samples.shape == (2, 7 * 256)
    assert samples.abs().max() <= 1 and samples.std() > 0


@pytest.mark.parametrize("spell", [old_style, new_style, lambda g: g.state_dict()])
@pytest.mark.parametrize("form", ["safetensors", "pth", "wrapped"])
def test_saved_generators_sound_the_same(folder, mel, spell, form):
    generator = made_generator()
    state = {k: v.detach().clone() for k, v in spell(generator).items()}
    with torch.no_grad():
        for name in state:
            if name.endswith(("weight_g", "original0")):
                state[name].mul_(1.5)
        generator.load_state_dict(state)
        expected = generator(mel)
    path = folder / f"generator.{'safetensors' if form == 'safetensors' else 'pth'}"
    if form == "safetensors":
        save_file(state, path)
    elif form == "pth":
        torch.save({"generator": state}, path)
    else:
        torch.save({"state_dict": {"generator." + k: v for k, v in state.items()}, "step": 3}, path)
    loaded = load_hifigan(path)
    assert not loaded.training
    with torch.no_grad():
        torch.testing.assert_close(loaded(mel), expected, rtol=1e-4, atol=1e-4)


def test_folding_leaves_other_tensors_and_its_input_alone():
    state = {
        "a.weight_g": torch.ones(3, 1),
        "a.weight_v": torch.randn(3, 4),
        "a.bias": torch.ones(3),
    }
    folded = fold_weight_norm(state)
    assert set(folded) == {"a.weight", "a.bias"} and len(state) == 3
    torch.testing.assert_close(folded["a.weight"].norm(dim=1), torch.ones(3))
    with pytest.raises(EmottsError, match="weight_v"):
        fold_weight_norm({"a.weight_g": torch.ones(3, 1)})


def test_files_that_would_run_code_are_refused(folder):
    torch.save({"generator": print}, folder / "bad.pth")
    with pytest.raises(EmottsError, match="tensors alone"):
        load_hifigan(folder / "bad.pth")


def test_broken_or_foreign_weights_are_named(folder):
    (folder / "torn.safetensors").write_bytes(b"1234567890")
    with pytest.raises(EmottsError, match="torn.safetensors"):
        load_hifigan(folder / "torn.safetensors")
    with pytest.raises(EmottsError, match="do not exist"):
        load_hifigan(folder / "absent.safetensors")
    save_file({"x": torch.ones(1)}, folder / "foreign.safetensors")
    with pytest.raises(EmottsError, match="no HiFi-GAN generator"):
        load_hifigan(folder / "foreign.safetensors")
    save_file(made_generator(upsample_initial_channel=32).state_dict(), folder / "wide.safetensors")
    with pytest.raises(EmottsError, match="does not fit"):
        load_hifigan(folder / "wide.safetensors")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"upsample_rates": [8, 16]}, "multiply to 128"),
        ({"upsample_kernel_sizes": [32]}, "differ in length"),
        ({"upsample_kernel_sizes": [32, 8]}, "at least its upsample_rate"),
        ({"resblock": "3"}, "resblock"),
        ({"upsample_initial_channel": "many"}, "upsample_initial_channel"),
        ({"num_mels": 100}, "100 mel bands"),
    ],
)
def test_wrong_configurations_are_named(folder, changes, words):
    save_file(made_generator().state_dict(), folder / "g.safetensors")
    (folder / "config.json").write_text(json.dumps({**TINY, **changes}))
    with pytest.raises(EmottsError, match=words):
        load_hifigan(folder / "g.safetensors")


def test_unreadable_configurations_are_named(folder):
    save_file(made_generator().state_dict(), folder / "g.safetensors")
    with pytest.raises(EmottsError, match="cannot read"):
        load_hifigan(folder / "g.safetensors", folder / "no.json")
    (folder / "config.json").write_text("{")
    with pytest.raises(EmottsError, match="not json"):
        load_hifigan(folder / "g.safetensors")


def test_other_mels_are_warned_of(folder):
    save_file(made_generator().state_dict(), folder / "g.safetensors")
    (folder / "config.json").write_text(json.dumps({**TINY, "sampling_rate": 22050, "fmax": 8000}))
    with pytest.warns(UserWarning, match="sample_rate 22050 for 24000, fmax 8000 for 12000"):
        load_hifigan(folder / "g.safetensors")
    (folder / "config.json").write_text(json.dumps({**TINY, "fmax": None}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_hifigan(folder / "g.safetensors")
