"""scripts/conversion_figures.py: what one checkpoint made is not taken for another's."""

import argparse
import importlib.util
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    spec = importlib.util.spec_from_file_location("figures", SCRIPTS / "conversion_figures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_checkpoint_has_its_own_files(script, shared_data, tmp_path):
    asked = argparse.Namespace(
        data=shared_data, output=tmp_path / "out", checkpoint=str(tmp_path), limit=1
    )
    index = tmp_path / "index.json"
    index.write_text("{}", encoding="utf-8")
    first, again = script.Bench(asked).folder, script.Bench(asked).folder
    index.write_text('{"files": {}}', encoding="utf-8")
    other = script.Bench(asked).folder
    assert first == again != other and first.parent == other.parent == tmp_path / "out"
