import json

import pytest
from typer.testing import CliRunner


@pytest.fixture
def runs():
    """Runs `emotts runs …`: runs("list", folder)."""
    from emotts.cli.runs import runs

    return lambda *given: CliRunner().invoke(runs, [str(x) for x in given])


@pytest.fixture
def folder(tmp_path):
    for name, rate, loss in (("a", 0.1, 0.5), ("b", 0.2, 0.25)):
        (tmp_path / name).mkdir()
        told = {
            "recipe": {"task": "ser", "steps": 9, "learning_rate": rate}, "step": 9,
            "figures": {"loss": loss}, "data": {}, "built_on": {},
            "sessions": [{"started": "2026-01-01", "ended": "2026-01-02", "from_step": 0,
                          "commit": "abc", "environment": {"torch": "2"}}],
        }  # fmt: skip
        (tmp_path / name / "experiment.json").write_text(json.dumps(told))
    return tmp_path


def test_runs_are_listed(runs, folder):
    out = runs("list", folder).stdout
    assert out.index("2026-01-01") < out.rindex("abc") and "loss 0.25" in out
    rows = json.loads(runs("list", folder, "--json").stdout)
    assert [(r["run"], r["steps"], r["figures"]["loss"]) for r in rows] == [
        ("a", 9, 0.5), ("b", 9, 0.25),
    ]  # fmt: skip


def test_two_runs_are_compared(runs, folder):
    out = runs("compare", folder / "a", folder / "b").stdout
    assert [line.split() for line in out.splitlines() if "learning_rate" in line] == [
        ["recipe", "learning_rate", "0.1", "0.2"]
    ]
    assert "torch" not in out and "loss" in out
    found = json.loads(runs("compare", folder / "a", folder / "b", "--json").stdout)
    assert found["recipe"] == {"learning_rate": [0.1, 0.2]}


def test_a_run_is_like_itself(runs, folder):
    assert "differ in nothing" in runs("compare", folder / "a", folder / "a").stderr


def test_an_empty_folder_says_what_makes_runs(runs, tmp_path):
    assert "'emotts train' makes them" in runs("list", tmp_path).stderr


def test_bad_input(runs, tmp_path):
    from emotts.errors import EmottsError

    assert isinstance(runs("list", tmp_path / "no").exception, EmottsError)
    assert isinstance(runs("compare", tmp_path, tmp_path).exception, EmottsError)
