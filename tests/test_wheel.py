"""A built wheel, installed elsewhere, has everything it needs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
import torch

from emotts.checkpoints import save_checkpoint

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "MANIFEST.in", "README.md"]
SOURCES += ["pyproject.toml", "setup.cfg", "setup.py"]
CARD = {"corpora": [], "command": "none"}
USE = """
import emotts
from emotts.checkpoints import load_checkpoint, resolve, verify
print(emotts.__file__)
print(resolve())
print(" ".join(verify(resolve())))
print(load_checkpoint(resolve(), "spare").tensors["w"].tolist())
"""

pytestmark = pytest.mark.slow


def run(*command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    """A copy of what is built, whose set of checkpoints holds one more."""
    folder = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        shutil.copy(ROOT / name, folder)
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "emotts", folder / "emotts", ignore=unwanted)
    if (ROOT / "checkpoints").exists():
        shutil.copytree(ROOT / "checkpoints", folder / "checkpoints")
    save_checkpoint(folder / "checkpoints", "spare", {"w": torch.tensor([1.5])}, {}, CARD)
    return folder


@pytest.fixture(scope="module")
def wheel(sources, tmp_path_factory) -> Path:
    """A wheel made from the source distribution, so that both are proved."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, sources)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_a_wheel_installed_elsewhere_finds_its_checkpoints(wheel, tmp_path):
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    install = ["install", "--no-deps", "--no-index", "--target", site, wheel]
    run(sys.executable, "-m", "pip", *install)
    environment = {**os.environ, "PYTHONPATH": str(site)}
    used = run(sys.executable, "-c", USE, cwd=elsewhere, env=environment).splitlines()
    assert Path(used[0]) == site / "emotts" / "__init__.py"
    assert Path(used[1]) == site / "emotts" / "embedded"
    assert "spare" in used[2].split()
    assert used[3] == "[1.5]"


def test_a_wheel_holds_every_file_of_the_package(wheel, sources):
    inside = set(ZipFile(wheel).namelist())
    expected = {
        path.relative_to(sources).as_posix()
        for path in (sources / "emotts").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert not expected - inside
    assert not {name for name in inside if name.startswith(("tests/", "checkpoints/"))}
    assert any(name.endswith("LICENSE") for name in inside)


def test_a_wheel_names_its_command(wheel):
    archive = ZipFile(wheel)
    (entry_points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
    assert "emotts = emotts.cli.main:run" in archive.read(entry_points).decode()
