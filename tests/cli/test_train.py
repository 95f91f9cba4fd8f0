import sys
import types
from pathlib import Path

import pytest


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text("task: vocoder\n")
    return path


@pytest.fixture
def calls(monkeypatch):
    """What reaches the library, which is not run here."""
    calls = []

    def train_recipe(path, overrides, run_folder=None, restart=False):
        calls.append((path, overrides, run_folder, restart))
        return Path("exported")

    module = types.ModuleType("emotts.training.run")
    module.train_recipe = train_recipe
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return calls


def test_options_reach_the_library(emotts, calls, recipe, tmp_path):
    result = emotts(
        "train", recipe, "--set", "steps=20", "--set", "model.dim=8",
        "--run", tmp_path / "run", "--restart",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert calls == [(recipe, ["steps=20", "model.dim=8"], tmp_path / "run", True)]
    assert "exported" in result.stderr


@pytest.mark.parametrize("options", [[], ["--resume"]])
def test_a_run_is_resumed_unless_told_otherwise(emotts, calls, recipe, options):
    assert emotts("train", recipe, *options).exit_code == 0
    assert calls == [(recipe, [], None, False)]


def test_bad_input(refused, calls, recipe):
    assert "no recipe" in refused("train", recipe.with_name("missing.yaml"))
    assert "KEY=VALUE, not 'steps'" in refused("train", recipe, "--set", "steps")
    assert "KEY=VALUE" in refused("train", recipe, "--set", "=3")
    assert "is a file" in refused("train", recipe, "--run", recipe)
    assert calls == []
