"""A vocoder at 44.1 kHz: features, a debug step, and a recording made again."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline import ROOT  # noqa: E402
from wideband import made_wide_speech, wide_corpus  # noqa: E402

from emotts.audio.mel_config import MEL_44K  # noqa: E402
from emotts.checkpoints import load_checkpoint, save_checkpoint  # noqa: E402
from emotts.corpora.store import FeatureStore  # noqa: E402
from emotts.corpora.wide import widen  # noqa: E402
from emotts.errors import EmottsError  # noqa: E402
from emotts.synthesis.wide import resynthesize_wide  # noqa: E402
from emotts.training.config import load_recipe  # noqa: E402
from emotts.training.run import train_task  # noqa: E402
from emotts.training.tasks.vocoder_wide import Training  # noqa: E402

RECIPE = ROOT / "recipes" / "vctk" / "vocoder_44k.yaml"
TINY = [
    "steps=4", "batch_size=2", "log_every=1", "validate_every=4", "model.dim=16", "model.hidden=32",
    "model.blocks=1", "options.frames=32", "options.critics_from=1", "options.adversarial_from=2",
    "options.critic_channels=2",
]  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder, prepared = wide_corpus(tmp_path_factory.getbasetemp() / "wideband")
    with pytest.warns(UserWarning, match="left out"):
        widen(folder, prepared, "44k")
    return prepared


def recipe_for(data, folder, *changes):
    return load_recipe(
        RECIPE, [*TINY, f"data={data}", f"run={folder}/run", f"export={folder}/set", *changes]
    )


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    """Folder of the checkpoint after the debug steps, and their figures on dev."""
    from accelerate import Accelerator

    folder = tmp_path_factory.mktemp("vocoder_44k")
    recipe = recipe_for(data, folder)
    task = Training(recipe, FeatureStore(data))
    loop, figures = train_task(task, recipe, Accelerator(cpu=True), "a test")
    tensors, config, _ = loop.export()
    save_checkpoint(
        recipe.export, recipe.name, tensors, config, {"corpora": (), "command": "a test"}
    )
    return recipe.export, figures, loop


def test_the_debug_steps_reach_a_checkpoint(trained):
    folder, figures, loop = trained
    stored = load_checkpoint(folder, "vocoder_44k")
    assert loop.step == 4 and stored.config["kind"] == "vocoder_wide"
    assert stored.config["mel"] == "44k" and stored.tensors["embed.weight"].shape == (16, 130)
    assert set(figures) == {"stft", "mel"} and all(np.isfinite(v) for v in figures.values())


def test_a_recording_is_made_again_at_its_rate(trained):
    import soxr

    speech = soxr.resample(made_wide_speech(150, 9), 48000, 44100)
    made = resynthesize_wide(speech, trained[0])
    assert made.shape == (len(speech) // 512 * 512,) and np.isfinite(made).all() and made.std() > 0
    np.testing.assert_array_equal(resynthesize_wide(speech, trained[0]), made)
    assert MEL_44K.log_mel(made).shape == MEL_44K.log_mel(speech).shape
    quiet = resynthesize_wide(0.1 * speech, trained[0])
    np.testing.assert_allclose(10 * quiet, made, atol=0.05 * np.abs(made).max())


def test_batches_hold_the_mel_of_their_own_audio(data, tmp_path):
    task = Training(recipe_for(data, tmp_path), FeatureStore(data))
    task.modules = task.networks()
    batch = task.batch(np.random.default_rng(0))
    assert batch["mel"].shape == (2, 32, 128) and batch["audio"].shape == (2, 32 * 512)
    heard = MEL_44K.log_mel(batch["audio"][0].numpy()).T
    inside = slice(3, -3)  # at a crop's ends the window sees what is not in it
    np.testing.assert_allclose(batch["mel"][0, inside], heard[inside], atol=0.15)
    again = task.batch(np.random.default_rng(0))
    assert all(torch.equal(batch[k], again[k]) for k in batch)


def test_what_is_missing_is_named(data, tmp_path):
    with pytest.raises(EmottsError, match="needs model.mel"):
        Training(recipe_for(data, tmp_path, "model.mel=null"), FeatureStore(data)).networks()
    with pytest.raises(EmottsError, match="no features of the mel 24k"):
        Training(recipe_for(data, tmp_path, "model.mel=24k"), FeatureStore(data)).networks()
    card = {"corpora": [], "command": "none"}
    save_checkpoint(tmp_path, "other", {"x": torch.ones(1)}, {"kind": "vocoder"}, card)
    with pytest.raises(EmottsError, match="kind 'vocoder', not a vocoder_wide"):
        resynthesize_wide(np.zeros(44100, np.float32), tmp_path, "other")
