"""Imported vocoders speak for our voices where the mels agree, and make recordings again."""

import json
import warnings

import numpy as np
import pytest
import torch
import yaml
from published import bigvgan_config, bigvgan_state, vocos_config, vocos_state

from emotts.checkpoints.foreign_vocoder import import_vocoder, load_imported
from emotts.errors import EmottsError
from emotts.synthesis.foreign_vocoders import foreign_sound, resynthesize_with


@pytest.fixture
def imported(tmp_path):
    """Folders by name: BigVGAN with our mel and with another fmax, Vocos of 80 and 100 bands."""
    torch.save({"generator": bigvgan_state()}, tmp_path / "bigvgan.pt")
    out = {}
    for name, changes in (("ours", {}), ("dull", {"fmax": 8000})):
        config = tmp_path / f"{name}.json"
        config.write_text(json.dumps(bigvgan_config(**changes)))
        out[name] = import_vocoder(tmp_path / "bigvgan.pt", tmp_path / name, config).folder
    for bands in (80, 100):
        torch.save(vocos_state(bands), tmp_path / "vocos.bin")
        config = tmp_path / "vocos.yaml"
        config.write_text(yaml.safe_dump(vocos_config("center", bands)))
        folder = tmp_path / f"vocos{bands}"
        out[folder.name] = import_vocoder(tmp_path / "vocos.bin", folder, config).folder
    return out


def given(frames: int):
    """Mel, F0, voicing and noise as synthesis passes them."""
    mel = torch.randn(1, frames, 80, generator=torch.Generator().manual_seed(0)) - 4
    return mel, torch.full((1, frames), 150.0), torch.ones(1, frames), None


def test_it_takes_the_place_of_our_vocoder_without_a_word(imported):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sound = foreign_sound(imported["ours"])
    made = sound(*given(9))
    assert made.shape == (1, 9 * 256) and made.std() > 0


def test_frames_at_multiples_of_the_hop_are_moved_to_ours(imported):
    with pytest.warns(UserWarning, match="scale htk for slaney, padding center for same"):
        sound = foreign_sound(imported["vocos80"])
    mel, *rest = given(40)
    made = sound(mel, *rest)
    assert made.shape == (1, 40 * 256)
    model, _ = load_imported(imported["vocos80"])
    plain = model(mel.transpose(1, 2))
    # Frame i of ours lies half a hop after theirs; far from the ends nothing else differs.
    torch.testing.assert_close(
        made[:, 20 * 256 : 22 * 256], plain[:, 20 * 256 - 128 : 22 * 256 - 128]
    )


def test_lesser_differences_are_warned_of_and_larger_ones_refused(imported):
    with pytest.warns(UserWarning, match="fmax 8000 for 12000.*: expect a shifted or dull voice"):
        foreign_sound(imported["dull"])
    with pytest.raises(EmottsError, match="n_mels 100 for 80.*cannot speak what our voices make"):
        foreign_sound(imported["vocos100"])


@pytest.mark.parametrize("name", ["ours", "vocos100"])
def test_recordings_are_made_again_with_the_vocoders_own_mel(imported, name):
    speech = np.random.default_rng(0).normal(0, 0.1, 5000).astype(np.float32)
    made = resynthesize_with(speech, imported[name])
    assert made.shape == (5000 // 256 * 256,) and np.isfinite(made).all() and made.std() > 0
