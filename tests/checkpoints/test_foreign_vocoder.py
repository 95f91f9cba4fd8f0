"""Published vocoders become checkpoints of our own form and make the same sound."""

import json

import pytest
import torch
import yaml
from published import bigvgan_config, bigvgan_state, vocos_config, vocos_state
from safetensors.torch import save_file

from emotts.audio.mel_config import MEL_24K, MEL_44K
from emotts.checkpoints import save_checkpoint, verify
from emotts.checkpoints.foreign_vocoder import FAMILIES, import_vocoder, load_imported
from emotts.errors import EmottsError
from emotts.models.foreign_weights import fold_weight_norm, read_tensors


def hifigan_config() -> dict:
    plain = ("activation", "snake_logscale", "use_tanh_at_final", "use_bias_at_final")
    return {k: v for k, v in bigvgan_config(fmax=12000).items() if k not in plain}


def hifigan_state() -> dict:
    state = {k: v for k, v in bigvgan_state().items() if "activation" not in k}
    return {k.replace(".0.weight", ".weight").replace(".0.bias", ".bias") if "ups." in k else k: v
            for k, v in state.items()} | {"conv_post.bias": torch.zeros(1)}  # fmt: skip


@pytest.fixture
def published(tmp_path):
    """Files in the three published forms: the weights of each family beside its configuration."""
    paths = {
        "vocos": tmp_path / "vocos" / "pytorch_model.bin",
        "bigvgan": tmp_path / "bigvgan" / "bigvgan_generator.pt",
        "hifigan": tmp_path / "hifigan" / "generator.safetensors",
    }
    for path in paths.values():
        path.parent.mkdir()
    torch.save(vocos_state(), paths["vocos"])
    paths["vocos"].with_name("config.yaml").write_text(yaml.safe_dump(vocos_config()))
    torch.save({"generator": bigvgan_state()}, paths["bigvgan"])
    paths["bigvgan"].with_name("config.json").write_text(json.dumps(bigvgan_config()))
    save_file(hifigan_state(), paths["hifigan"])
    paths["hifigan"].with_name("config.json").write_text(json.dumps(hifigan_config()))
    return paths


@pytest.mark.parametrize("kind", FAMILIES)
def test_an_imported_vocoder_sounds_like_the_published_one(published, tmp_path, kind):
    made = import_vocoder(published[kind], tmp_path / "set", licence="MIT")
    assert (made.kind, made.folder) == (kind, tmp_path / "set")
    assert verify(made.folder) == ("vocoder",)
    model, mel = load_imported(made.folder)
    assert mel == made.mel and not any(p.requires_grad for p in model.parameters())
    family = FAMILIES[kind]
    settings = family.settings.model_validate(
        {"vocos": vocos_config, "bigvgan": bigvgan_config, "hifigan": hifigan_config}[kind]()
    )
    direct = family.model(settings).eval()
    direct.load_state_dict(family.own_names(fold_weight_norm(read_tensors(published[kind]))))
    given = torch.randn(1, mel.n_mels, 6, generator=torch.Generator().manual_seed(0)) - 3
    with torch.no_grad():
        stored, exact = model(given), direct(given)
    frames = 5 if kind == "vocos" else 6
    assert stored.shape == (1, frames * 256) and exact.std() > 0
    loss_db = 20 * torch.log10((stored - exact).norm() / exact.norm())
    assert loss_db < -45, "more than the rounding of half precision"


def test_the_card_and_the_configuration_tell_where_it_came_from(published, tmp_path):
    import_vocoder(published["vocos"], tmp_path / "set", licence="MIT")
    card = (tmp_path / "set" / "vocoder.md").read_text()
    assert "Vocos" in card and "licence of these weights: MIT" in card
    stored = json.loads((tmp_path / "set" / "vocoder.json").read_text())
    assert stored["source"]["file"] == "pytorch_model.bin" and len(stored["source"]["sha256"]) == 64
    import_vocoder(published["bigvgan"], tmp_path / "set")
    assert "not stated" in (tmp_path / "set" / "vocoder.md").read_text()


def test_other_mels_are_named_in_one_sentence(published, tmp_path):
    made = import_vocoder(published["vocos"], tmp_path / "set")
    assert made.mismatch == (
        "pytorch_model.bin was trained for other mels than emotts' 24k (n_mels 100 for 80, "
        "floor 1e-07 for 1e-05, scale htk for slaney, padding center for same)"
    )
    assert made.mismatch in (tmp_path / "set" / "vocoder.md").read_text()


def test_our_mels_at_both_rates_are_known(published, tmp_path):
    made = import_vocoder(published["bigvgan"], tmp_path / "set")
    assert made.mel == MEL_24K and made.mismatch is None
    wide = bigvgan_config(
        num_mels=128, sampling_rate=44100, n_fft=2048, hop_size=512, upsample_rates=[32, 16],
        upsample_kernel_sizes=[32, 32],
    )  # fmt: skip
    published["bigvgan"].with_name("config.json").write_text(json.dumps(wide))
    torch.save({"generator": bigvgan_state(bands=128)}, published["bigvgan"])
    made = import_vocoder(published["bigvgan"], tmp_path / "wide")
    assert made.mel == MEL_44K and made.mismatch is None
    model, _ = load_imported(tmp_path / "wide")
    assert model(torch.zeros(1, 128, 3)).shape == (1, 3 * 512)


def test_weights_and_configuration_must_belong_together(published, tmp_path):
    other = tmp_path / "other.yaml"
    values = vocos_config()
    values["backbone"]["init_args"]["num_layers"] = 3
    other.write_text(yaml.safe_dump(values))
    with pytest.raises(EmottsError, match="does not fit its Vocos configuration"):
        import_vocoder(published["vocos"], tmp_path / "set", config=other)
    with pytest.raises(EmottsError, match="Vocos configuration .*config.json is wrong"):
        import_vocoder(
            published["vocos"], tmp_path / "set",
            config=published["bigvgan"].with_name("config.json"),
        )  # fmt: skip
    assert not (tmp_path / "set").exists()


def test_what_cannot_be_imported_is_refused_and_nothing_is_written(published, tmp_path):
    output = tmp_path / "set"
    foreign = tmp_path / "foreign.safetensors"
    save_file({"x": torch.ones(1)}, foreign)
    with pytest.raises(EmottsError, match="none of the vocoders .*: Vocos, BigVGAN, HiFi-GAN"):
        import_vocoder(foreign, output)
    torch.save({"generator": bigvgan_state(), "hook": print}, published["bigvgan"])
    with pytest.raises(EmottsError, match="tensors alone"):
        import_vocoder(published["bigvgan"], output)
    published["vocos"].with_name("config.yaml").unlink()
    with pytest.raises(EmottsError, match="no config.json or config.yaml beside"):
        import_vocoder(published["vocos"], output)
    assert not output.exists()


def test_a_set_of_our_own_is_not_overwritten(published, tmp_path):
    card = {"corpora": [], "command": "none"}
    for name in ("content", "vocoder"):
        save_checkpoint(tmp_path / "own", name, {"x": torch.ones(1)}, {"kind": name}, card)
    with pytest.raises(EmottsError, match="is a set of checkpoints .content."):
        import_vocoder(published["vocos"], tmp_path / "own")
    with pytest.raises(EmottsError, match="kind 'vocoder', not one of vocos, bigvgan, hifigan"):
        load_imported(tmp_path / "own")
