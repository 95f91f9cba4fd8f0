import sys
import types

import pytest

from emotts.errors import EmottsError


@pytest.fixture
def calls(monkeypatch):
    """What reaches the library, which is not run here."""
    calls = []

    def prepare(folder, output, corpora=None, workers=2, progress=None):
        if corpora == ["unknown"]:
            raise EmottsError("there is no corpus 'unknown'; there are kathleen, lj")
        calls.append((folder, output, corpora, workers))
        progress(3, 4, "features")

    module = types.ModuleType("emotts.corpora.prepare")
    module.prepare = prepare
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return calls


def test_options_reach_the_library(emotts, calls, tmp_path):
    result = emotts(
        "prepare", tmp_path, "-o", tmp_path / "data", "--corpora", "lj, kathleen", "--workers", 1
    )
    assert result.exit_code == 0, result.output
    assert calls == [(tmp_path, tmp_path / "data", ["lj", "kathleen"], 1)]
    assert result.stdout == "" and "3/4" in result.stderr


def test_without_options_all_corpora_are_prepared_on_two_cores(emotts, calls, tmp_path):
    emotts("prepare", tmp_path, "-o", tmp_path / "data")
    assert calls == [(tmp_path, tmp_path / "data", None, 2)]


def test_bad_input(refused, calls, tmp_path):
    (tmp_path / "file").touch()
    assert "no corpus folder" in refused("prepare", tmp_path / "missing")
    assert "is a file" in refused("prepare", tmp_path, "-o", tmp_path / "file")
    assert "--workers must be" in refused("prepare", tmp_path, "--workers", 0)
    assert calls == []


def test_what_the_library_refuses_is_one_sentence(emotts, calls, tmp_path):
    result = emotts("prepare", tmp_path, "-o", tmp_path / "data", "--corpora", "unknown")
    assert result.exit_code == 2
    assert "emotts: there is no corpus 'unknown'; there are kathleen, lj" in result.stderr
