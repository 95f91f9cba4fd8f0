"""Training from shards: the bits of no stop, and processes that share them."""

import os
import signal
from dataclasses import replace

import numpy as np
import pytest
import torch
from line_task import same
from pipeline import ROOT
from test_processes import assert_same_weights, finish, start

from emotts.corpora.shards import write_shards
from emotts.corpora.shards_store import open_store
from emotts.training import run as training_run
from emotts.training.config import load_recipe
from emotts.training.experiment import data_hashes
from emotts.training.loop import STATE_FILE
from emotts.training.run import make_task

SMALL = ["log_every=1", "validate_every=4", "warmup=2", "batch_size=2", "window=7"]
SLOW = pytest.mark.slow
CROPS = {"vocoder": ["options.frames=32"], "speaker": ["options.frames=32"]}


@pytest.fixture
def sharded(prepared, store, tmp_path):
    """The tiny corpus in shards, with runs and checkpoints of the test's own."""
    write_shards(store, tmp_path / "shards", 400_000)
    return replace(
        prepared, data=tmp_path / "shards", runs=tmp_path / "runs", checkpoints=tmp_path / "set"
    )


@pytest.mark.parametrize(
    "task", ["encoder", "content", *(pytest.param(t, marks=SLOW) for t in ("speaker", "vocoder"))]
)
def test_six_steps_equal_three_and_three_more(sharded, monkeypatch, task):
    given = [*SMALL, *CROPS.get(task, []), "steps=6"]
    sharded.train(task, *given, run_folder=sharded.runs / "whole")

    def stop(step, logs, left):
        if step == 3 and left is not None:
            os.kill(os.getpid(), signal.SIGTERM)

    with monkeypatch.context() as patch:
        patch.setattr(training_run, "_report", stop)
        sharded.train(task, *given, run_folder=sharded.runs / "parts")
    state = torch.load(sharded.runs / "parts" / STATE_FILE, weights_only=True)
    assert state["step"] == 3 and state["windows"] == {"taken": 6}
    sharded.train(task, *given, run_folder=sharded.runs / "parts")
    whole, parts = (sharded.runs / name / STATE_FILE for name in ("whole", "parts"))
    assert same(*(torch.load(path, weights_only=True) for path in (whole, parts)))


@pytest.mark.parametrize(
    "task", ["encoder", "speaker", "vocoder", "content", "prosody", "acoustic", "recording"]
)
def test_tasks_draw_from_the_clips_at_hand(sharded, trained, task, monkeypatch):
    made = open_store(sharded.data)
    recipe = load_recipe(
        ROOT / "recipes" / "debug" / f"{task}.yaml", [f"export={trained.checkpoints}", *SMALL]
    )
    training = make_task(recipe, made)
    training.modules = training.networks()

    class Spy:
        asked = 0

        def pick(self, generator, rows, count, odds=None):
            assert set(rows) <= set(made.select("train"))
            assert odds is None or np.isclose(np.sum(odds), 1) and len(odds) == len(rows)
            self.asked += count
            return [int(rows[0])] * count

    training.window = Spy()
    training.batch(np.random.default_rng(0))
    assert training.window.asked == recipe.batch_size


@pytest.mark.slow
def test_two_processes_read_what_one_reads_that_accumulates(sharded, tmp_path):
    def begin(name, processes, *settings):
        given = [f"data={sharded.data}", f"export={tmp_path}/{name}/set", *SMALL, "steps=3",
                 "options.frames=32", *settings]  # fmt: skip
        sets = [word for value in given for word in ("--set", value)]
        recipe = ROOT / "recipes" / "debug" / "speaker.yaml"
        code = "from emotts.cli.main import run; run()"
        return start(
            ["-c", code, "train", recipe, "--run", tmp_path / name / "run", *sets], processes
        )

    finish(begin("two", 2))
    finish(begin("one", 1, "accumulate=2"))
    assert_same_weights(tmp_path / "two/run/state.pt", tmp_path / "one/run/state.pt")


def test_a_run_remembers_which_shards_it_was_made_of(sharded, store, tmp_path):
    first = data_hashes(sharded.data)
    assert {"speakers.json", "alignment.npz", "shards"} <= set(first)
    write_shards(store, tmp_path / "other", 400_000, seed=1)
    other = data_hashes(tmp_path / "other")
    assert other["speakers.json"] == first["speakers.json"] and other["shards"] != first["shards"]
