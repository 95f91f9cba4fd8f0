"""Every recipe file trains one step and leaves a checkpoint, with tiny sizes in its place."""

import shutil

import pytest
from pipeline import ORDER, ROOT
from published_emotion2vec import write_folder

from emotts.checkpoints import load_checkpoint
from emotts.training.config import load_recipe
from emotts.training.run import train_recipe

RECIPES = ROOT / "recipes"
# Recipes at another rate have features of their own: tests/training/tasks/test_vocoder_wide.py.
OWN = sorted(
    p
    for p in RECIPES.glob("*/*.yaml")
    if p.parent.name not in ("debug", "ssl") and not p.stem.endswith("_44k")
)
SSL = sorted((RECIPES / "ssl").glob("*.yaml"))


def name_of(path) -> str:
    return f"{path.parent.name}/{path.name}"


def settings(task: str, trained, folder) -> list[str]:
    """Overrides: one step of the debug recipe's sizes on the tiny corpus."""
    debug = load_recipe(RECIPES / "debug" / f"{task}.yaml")
    sizes = [f"model.{k}={v}" for k, v in debug.model.items()]
    options = {k: v for k, v in debug.options.items() if k != "pretrained"}
    sizes += [f"options.{k}={'null' if v is None else v}" for k, v in options.items()]
    if task == "ser":
        sizes.append("options.pretrained=null")
    return [
        f"data={trained.data}", f"run={folder}/run", f"export={folder}/set", "steps=1",
        "corpora=null", "log_every=1", "validate_every=1", f"batch_size={debug.batch_size}",
        "threads=1", *sizes,
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("path", OWN, ids=name_of)
def test_a_recipe_trains_one_step(trained, tmp_path, path):
    shutil.copytree(trained.checkpoints, tmp_path / "set")
    recipe = load_recipe(path)
    assert recipe.task in (*ORDER, "guide", "recording", "listener", "shortcut")
    if recipe.task == "shortcut":
        listener = RECIPES / "base" / "listener.yaml"
        ear = [f"run={tmp_path}/ear", *settings("listener", trained, tmp_path)[2:]]
        train_recipe(listener, [f"data={trained.data}", *ear])
    train_recipe(path, settings(recipe.task, trained, tmp_path))
    kind = "acoustic" if recipe.task == "shortcut" else recipe.task
    assert load_checkpoint(tmp_path / "set", recipe.name).config["kind"] == kind


def test_the_large_decoder_is_of_the_size_it_says():
    from emotts.models.decoder import FlowDecoder

    decoder = FlowDecoder(**load_recipe(RECIPES / "esd" / "acoustic.yaml").model)
    assert 20e6 < sum(p.numel() for p in decoder.parameters()) < 40e6


def test_recipes_of_a_folder_share_their_data_and_checkpoints():
    found = [load_recipe(p) for p in sorted((RECIPES / "esd").glob("*.yaml"))]
    assert {r.task for r in found} == {*ORDER, "guide", "recording"}
    assert len({r.data for r in found}) == len({r.export for r in found}) == 1
    assert len({r.run for r in found}) == len(found)


def tiny_encoder(kind: str, folder):
    """A folder in transformers' form, or emotion2vec's, with a small encoder of random weights."""
    if kind == "emotion2vec":
        return write_folder(folder)
    import torch
    import transformers

    torch.manual_seed(0)
    sizes = dict(hidden_size=16, num_hidden_layers=10, num_attention_heads=2,
                 intermediate_size=32, conv_dim=(8,) * 7, num_conv_pos_embeddings=8,
                 num_conv_pos_embedding_groups=2)  # fmt: skip
    names = {"wavlm": "WavLM", "hubert": "Hubert", "wav2vec2": "Wav2Vec2"}
    if kind == "whisper":
        config = transformers.WhisperConfig(
            d_model=16, encoder_layers=2, decoder_layers=1, encoder_attention_heads=2,
            decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32, vocab_size=20,
            pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1,
        )  # fmt: skip
        model = transformers.WhisperModel(config)
    else:
        config = getattr(transformers, f"{names[kind]}Config")(**sizes)
        model = getattr(transformers, f"{names[kind]}Model")(config)
    model.save_pretrained(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("path", SSL, ids=name_of)
def test_a_recipe_with_an_encoder_of_others_trains_one_step(prepared, tmp_path, path):
    from emotts.models import torchaudio_stand_in

    torchaudio_stand_in.install()
    pytest.importorskip("transformers")
    kind = path.stem.removesuffix("-torchaudio")
    folder = tiny_encoder(kind, tmp_path / "encoder")
    recipe = load_recipe(path)
    given = [
        f"data={prepared.data}", f"run={tmp_path}/run", f"export={tmp_path}/set", "steps=1",
        "batch_size=8", "options.frames=64", "model.dim=8", f"options.front_end={folder}",
    ]  # fmt: skip
    train_recipe(path, given)
    stored = load_checkpoint(tmp_path / "set", recipe.name)
    assert stored.config["front_end"] == str(folder)
    assert not any("front_end" in key for key in stored.tensors), "the frozen encoder is stored"
    size = 24 if kind == "emotion2vec" else 16
    assert stored.tensors["encoder.linear.weight"].shape == (8, size)
