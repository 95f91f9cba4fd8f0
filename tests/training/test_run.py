"""`emotts train` on the tiny corpus: what is exported, resumed, restarted and refused."""

import json
import os
import shutil
import signal
from dataclasses import replace
from importlib.metadata import version

import pytest
import torch
from pipeline import ORDER

from emotts.checkpoints import load_checkpoint, verify
from emotts.errors import EmottsError
from emotts.training import run as training_run
from emotts.training.config import load_recipe
from emotts.training.experiment import read_experiment
from emotts.training.loop import STATE_FILE


@pytest.fixture
def elsewhere(prepared, tmp_path):
    """The tiny corpus with runs and checkpoints of the test's own."""
    return replace(prepared, runs=tmp_path / "runs", checkpoints=tmp_path / "checkpoints")


def test_every_debug_recipe_leaves_a_checkpoint(trained):
    names = {"encoder", "ser", "speaker", "content", "prosody", "acoustic", "voices", "vocoder"}
    assert names <= set(verify(trained.checkpoints))
    for name in names:
        stored = load_checkpoint(trained.checkpoints, name)
        assert stored.config["kind"] == name and stored.tensors


def test_cards_say_how_the_weights_were_made(trained):
    card = (trained.checkpoints / "content.md").read_text(encoding="utf-8")
    assert "emotts train" in card and "kathleen" in card


def test_weights_of_other_corpora_stand_under_their_licences(elsewhere, monkeypatch):
    from emotts.corpora.shards_store import open_store

    def foreign(folder):
        store = open_store(folder)
        names = {"kathleen": "vctk", "ravdess": "mine", "nemo": "esd"}
        store.utterances = [
            u.model_copy(update={"corpus": names.get(u.corpus, u.corpus)}) for u in store.utterances
        ]
        return store

    monkeypatch.setattr(training_run, "open_store", foreign)
    elsewhere.train("speaker", "steps=1", "batch_size=2")
    card = (elsewhere.checkpoints / "speaker.md").read_text(encoding="utf-8")
    assert "vctk: CC BY 4.0" in card and "mine: that of your own recordings" in card


@pytest.mark.parametrize("task", ["speaker", "vocoder"])
def test_stopped_by_a_signal_and_resumed_equals_no_stop_bit_for_bit(
    elsewhere, monkeypatch, capsys, task
):
    """vocoder has two optimizers and validates in between; speaker has one."""
    small = ["steps=4", "log_every=1", "validate_every=3", "warmup=2", "batch_size=2",
             "options.frames=32"]  # fmt: skip
    whole = replace(elsewhere, checkpoints=elsewhere.checkpoints / "whole")
    whole.train(task, *small, run_folder=elsewhere.runs / "whole")

    def stop(step, logs, left):
        if step == 2 and left is not None:  # in training, not in the last validation
            os.kill(os.getpid(), signal.SIGTERM)

    parts = replace(elsewhere, checkpoints=elsewhere.checkpoints / "parts")
    with monkeypatch.context() as patch:
        patch.setattr(training_run, "_report", stop)
        parts.train(task, *small, run_folder=elsewhere.runs / "parts")
    state = torch.load(elsewhere.runs / "parts" / STATE_FILE, weights_only=True)
    assert state["step"] == 2
    parts.train(task, *small, run_folder=elsewhere.runs / "parts")
    assert "at step 2" in capsys.readouterr().err
    weights = [(f.checkpoints / f"{task}.safetensors").read_bytes() for f in (whole, parts)]
    assert weights[0] == weights[1]


@pytest.mark.slow
@pytest.mark.parametrize("task", [*ORDER, "guide", "recording", "listener", "shortcut"])
def test_six_steps_are_three_and_three_more_bit_for_bit(trained, tmp_path, monkeypatch, task):
    """Of every task; what it builds on comes from the finished tiny set."""

    def stop(step, logs, left):
        if step == 3 and left is not None:  # in training, not in validation
            os.kill(os.getpid(), signal.SIGTERM)

    found = []
    for name in ("whole", "parts"):
        sets = tmp_path / name / "set"
        shutil.copytree(trained.checkpoints, sets)
        folders = replace(trained, runs=tmp_path / name, checkpoints=sets)
        if task == "shortcut":
            folders.train("listener", "steps=2")
        if name == "parts":
            with monkeypatch.context() as patch:
                patch.setattr(training_run, "_report", stop)
                folders.train(task, "steps=6", "validate_every=2")
            assert read_experiment(folders.runs / task)["step"] == 3
        folders.train(task, "steps=6", "validate_every=2")
        state = torch.load(folders.runs / task / STATE_FILE, weights_only=True)
        assert state["step"] == 6
        name = "acoustic" if task == "shortcut" else task
        found.append((state, (sets / f"{name}.safetensors").read_bytes()))
    assert found[0][1] == found[1][1]
    for module, weights in found[0][0]["modules"].items():
        for key, value in weights.items():
            assert torch.equal(value, found[1][0]["modules"][module][key]), f"{module}.{key}"


def test_what_a_run_was_is_kept_beside_it(elsewhere):
    elsewhere.train("speaker", "steps=2", "learning_rate=0.01")
    run = elsewhere.runs / "speaker"
    told = read_experiment(run)
    assert told["step"] == 2 and set(told["figures"]) == {"equal_error_rate"}
    assert told["data"]["shards"] and told["data"]["alignment.npz"]
    (session,) = told["sessions"]
    assert session["from_step"] == 0 and session["to_step"] == 2 and "changed" not in session
    assert session["environment"]["torch"] == version("torch")
    again = load_recipe(run / "recipe.yaml")
    assert again.learning_rate == 0.01 and again.model["dim"] == 16 and again.run == run


def test_a_change_between_sessions_is_told_and_kept(elsewhere, capsys):
    elsewhere.train("speaker", "steps=1")
    elsewhere.train("speaker", "steps=2", "learning_rate=0.005")
    assert "learning_rate 0.001 -> 0.005" in capsys.readouterr().err
    first, second = read_experiment(elsewhere.runs / "speaker")["sessions"]
    assert second["from_step"] == first["to_step"] == 1
    assert second["changed"] == {"steps": [1, 2], "learning_rate": [0.001, 0.005]}


def test_restart_forgets_and_a_finished_run_is_only_exported_again(elsewhere, capsys):
    elsewhere.train("speaker", "steps=1")
    elsewhere.train("speaker", "steps=1")
    assert "at step 1" in capsys.readouterr().err
    elsewhere.train("speaker", "steps=1", restart=True)
    assert "at step" not in capsys.readouterr().err


def test_a_run_of_another_model_is_refused_not_overwritten(elsewhere):
    elsewhere.train("speaker", "steps=1")
    before = (elsewhere.runs / "speaker" / STATE_FILE).read_bytes()
    with pytest.raises(EmottsError, match="another model"):
        elsewhere.train("speaker", "steps=1", "model.dim=24")
    assert (elsewhere.runs / "speaker" / STATE_FILE).read_bytes() == before


def test_an_unknown_task_names_the_tasks(elsewhere):
    with pytest.raises(EmottsError, match="'singing'; there are vocoder, encoder, .*prosody"):
        elsewhere.train("speaker", "task=singing")


def test_data_that_was_not_prepared(elsewhere, tmp_path):
    with pytest.raises(EmottsError, match="holds no prepared features.*emotts prepare"):
        replace(elsewhere, data=tmp_path / "nothing").train("speaker")


def test_data_that_was_not_aligned(elsewhere, tmp_path):
    unaligned = tmp_path / "data"
    shutil.copytree(elsewhere.data, unaligned, ignore=shutil.ignore_patterns("alignment.npz"))
    with pytest.raises(EmottsError, match="not aligned yet"):
        replace(elsewhere, data=unaligned).train("content")


def test_what_a_task_builds_on_must_be_trained_first(elsewhere):
    with pytest.raises(EmottsError):
        elsewhere.train("ser", "options.pretrained=encoder")


def test_voices_know_where_they_come_from(trained):
    voices = json.loads((trained.checkpoints / "voices.json").read_text())["voices"]
    assert voices["kathleen"]["licence"] == "CC0-1.0"
    assert voices["actor01"]["licence"] == voices["EB0"]["licence"] == "CC-BY-NC-SA-4.0"
    assert voices["EB0"]["language"] == "pl"
    assert not {"actor19", "actor21", "MK0"} & set(voices), "a held-out speaker is a voice"
