import sys
from types import SimpleNamespace

import pytest
import torch

from emotts.checkpoints import ModelCard, location, resolve, save_checkpoint
from emotts.errors import EmottsError

CARD = ModelCard(summary="A layer.", corpora=("lj",), command="emotts train layer.yaml")


def make_set(folder):
    save_checkpoint(folder, "layer", {"w": torch.ones(3)}, {}, CARD)
    return folder


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A hub that holds one set and writes down what it is asked for."""
    asked = []

    def snapshot_download(repository, revision=None, allow_patterns=None):
        asked.append((repository, revision))
        if repository != "someone/voices":
            raise OSError(f"404: {repository} not found\nand a long explanation")
        return str(tmp_path / "hub")

    make_set(tmp_path / "hub")
    fake = SimpleNamespace(snapshot_download=snapshot_download)
    monkeypatch.setitem(sys.modules, "huggingface_hub", fake)
    return asked


def test_a_folder_is_itself(tmp_path, hub):
    make_set(tmp_path / "mine")
    assert resolve(tmp_path / "mine") == tmp_path / "mine"
    assert resolve(str(tmp_path / "mine")) == tmp_path / "mine"
    assert hub == []


def test_the_home_folder_may_be_written_short(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    make_set(tmp_path / "mine")
    assert resolve("~/mine") == tmp_path / "mine"


def test_a_folder_without_a_set_is_refused(tmp_path, hub):
    with pytest.raises(EmottsError, match="it has no index.json"):
        resolve(tmp_path)


@pytest.mark.parametrize("source", ["/nowhere/at/all", "./voices/one", "checkpoint", "a b/c", ""])
def test_a_missing_folder_is_not_looked_for_on_the_hub(tmp_path, monkeypatch, hub, source):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EmottsError):
        resolve(source)
    assert hub == []


def test_a_slip_below_an_existing_folder_is_not_looked_for_on_the_hub(tmp_path, monkeypatch, hub):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    with pytest.raises(EmottsError, match="there is no folder runs/vocoder"):
        resolve("runs/vocoder")
    assert hub == []


def test_a_hub_id_is_fetched_and_checked(tmp_path, monkeypatch, hub):
    monkeypatch.chdir(tmp_path)
    assert resolve("someone/voices@v1.2") == tmp_path / "hub"
    assert resolve("someone/voices") == tmp_path / "hub"
    assert hub == [("someone/voices", "v1.2"), ("someone/voices", None)]
    (tmp_path / "hub" / "layer.md").write_text("altered")
    with pytest.raises(EmottsError, match="layer.md"):
        resolve("someone/voices")


def test_what_the_hub_says_is_passed_on_in_one_line(tmp_path, monkeypatch, hub):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EmottsError, match="404: no/such not found$"):
        resolve("no/such")


def test_without_the_hub_client_the_way_out_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(EmottsError, match="pip install huggingface_hub"):
        resolve("someone/voices")


def test_the_embedded_set_is_in_the_package_or_beside_it(tmp_path, monkeypatch):
    package = tmp_path / "emotts"
    package.mkdir()
    monkeypatch.setattr(location, "_PACKAGE", package)
    with pytest.raises(EmottsError, match="no checkpoints of its own"):
        resolve()
    beside = make_set(tmp_path / "checkpoints")
    assert resolve() == beside
    inside = make_set(package / "embedded")
    assert resolve() == inside
