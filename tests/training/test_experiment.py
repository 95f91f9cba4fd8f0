"""What is kept of a run, and how two are told apart."""

import json
import subprocess

import pytest

from emotts.errors import EmottsError
from emotts.training import experiment
from emotts.training.experiment import (
    compare,
    data_hashes,
    differences,
    find_experiments,
    fingerprint,
    git_commit,
    read_experiment,
)


def told(**changes) -> dict:
    """An experiment as it is stored."""
    values = {
        "recipe": {"run": "runs/a", "steps": 10, "model": {"dim": 8}}, "data": {"shards": "11"},
        "built_on": {"ser": "22"}, "step": 10, "figures": {"loss": 0.5},
        "sessions": [{"commit": "abc", "environment": {"torch": "2"}}],
    }  # fmt: skip
    return values | changes


def test_differences_reach_inside_and_name_what_one_side_lacks():
    assert differences({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 1, "c": 4}, "e": 5}) == {
        "a.c": (2, 4), "d": (3, None), "e": (None, 5),
    }  # fmt: skip
    assert differences({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}) == {}


def test_runs_that_are_alike_differ_in_nothing_but_where_they_live():
    other = told(recipe=told()["recipe"] | {"run": "runs/b"})
    found = compare(told(), other)
    assert not any(found[part] for part in found if part != "figures")
    assert found["figures"] == {"step": (10, 10), "loss": (0.5, 0.5)}


def test_runs_that_differ():
    other = told(
        recipe={"run": "b", "steps": 10, "model": {"dim": 16}}, data={"shards": "12"},
        figures={"loss": 0.4, "f0_cents": 3.0},
        sessions=[{"commit": "abc+", "environment": {"torch": "2"}}],
    )  # fmt: skip
    found = compare(told(), other)
    assert found["recipe"] == {"model.dim": (8, 16)}
    assert found["data"] == {"shards": ("11", "12")} and found["built_on"] == {}
    assert found["environment"] == {"commit": ("abc", "abc+")}
    assert found["figures"]["f0_cents"] == (None, 3.0)


def test_fingerprints_follow_content_and_size(tmp_path, monkeypatch):
    monkeypatch.setattr(experiment, "WHOLE_BYTES", 100)
    monkeypatch.setattr(experiment, "PART_BYTES", 10)
    path = tmp_path / "x"
    marks = set()
    for content in (b"a" * 50, b"b" * 50, b"a" * 200, b"a" * 201, b"a" * 199 + b"b",
                    b"a" * 100 + b"b" + b"a" * 99):  # fmt: skip
        path.write_bytes(content)
        assert fingerprint(path) == fingerprint(path)
        marks.add(fingerprint(path))
    assert len(marks) == 6


def test_data_hashes_notice_a_changed_shard(tmp_path):
    (tmp_path / "shard-0000").mkdir()
    (tmp_path / "shard-0000/rows.jsonl").write_text("{}")
    (tmp_path / "speakers.json").write_text("{}")
    first = data_hashes(tmp_path)
    assert set(first) == {"speakers.json", "shards"}
    (tmp_path / "shard-0000/rows.jsonl").write_text("{ }")
    second = data_hashes(tmp_path)
    assert second["shards"] != first["shards"]
    assert second["speakers.json"] == first["speakers.json"]


def test_the_commit_is_that_of_our_own_repository_alone(tmp_path):
    assert git_commit(tmp_path) is None
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(tmp_path)]
    (tmp_path / "experiment.py").write_text("1")
    subprocess.run([*git, "init", "-q"], check=True)
    assert git_commit(tmp_path) is None, "the file is not of that repository"
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "a"], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    assert head.stdout.startswith(git_commit(tmp_path))
    (tmp_path / "experiment.py").write_text("2")
    assert git_commit(tmp_path).endswith("+")


def test_runs_are_found_below_a_folder(tmp_path):
    for name in ("b", "a/inner"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "experiment.json").write_text(json.dumps(told()))
    assert list(find_experiments(tmp_path)) == ["a/inner", "b"]


def test_what_is_no_run(tmp_path):
    with pytest.raises(EmottsError, match="holds no experiment.json"):
        read_experiment(tmp_path)
    with pytest.raises(EmottsError, match="no folder"):
        find_experiments(tmp_path / "nowhere")
    (tmp_path / "experiment.json").write_text("{")
    with pytest.raises(EmottsError, match="is not JSON"):
        read_experiment(tmp_path)
