import json

import pytest
import torch

from emotts.checkpoints import ModelCard, save_checkpoint, verify
from emotts.checkpoints.index import read_index
from emotts.errors import EmottsError

CARD = ModelCard(summary="A layer.", corpora=("lj",), command="emotts train layer.yaml")


@pytest.fixture
def checkpoints(tmp_path):
    """A whole set of two checkpoints."""
    for name in ("vocoder", "acoustic"):
        save_checkpoint(tmp_path, name, {"w": torch.ones(50)}, {"name": name}, CARD)
    return tmp_path


def test_a_whole_set_names_its_checkpoints(checkpoints):
    assert verify(checkpoints) == ("acoustic", "vocoder")


def test_every_problem_is_named_at_once(checkpoints):
    (checkpoints / "vocoder.md").unlink()
    weights = checkpoints / "vocoder.safetensors"
    weights.write_bytes(weights.read_bytes()[:40])
    configuration = checkpoints / "acoustic.json"
    configuration.write_text(configuration.read_text().replace("acoustic", "acousticA"))
    (checkpoints / "old.safetensors").write_bytes(b"x")
    with pytest.raises(EmottsError) as caught:
        verify(checkpoints)
    message = str(caught.value)
    assert "vocoder.md is missing" in message
    assert "vocoder.safetensors is truncated (40 of" in message
    assert "acoustic.json was altered" in message
    assert "old.safetensors is not listed" in message
    assert "acoustic.safetensors" not in message


def test_one_flipped_bit_is_seen(checkpoints):
    path = checkpoints / "vocoder.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(EmottsError, match="vocoder.safetensors was altered"):
        verify(checkpoints)


def test_files_in_subfolders_are_not_listed(checkpoints):
    (checkpoints / "more").mkdir()
    (checkpoints / "more" / "w.bin").write_bytes(b"x")
    with pytest.raises(EmottsError, match="more/w.bin is not listed"):
        verify(checkpoints)


def test_a_readme_and_hidden_files_do_no_harm(checkpoints):
    (checkpoints / "README.md").write_text("A set.")
    (checkpoints / ".gitattributes").write_text("")
    assert verify(checkpoints) == ("acoustic", "vocoder")


def test_a_missing_folder_and_a_folder_without_index_are_named(tmp_path):
    for folder in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(EmottsError, match=f"no checkpoints in {folder}: index.json is missing"):
            verify(folder)
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(EmottsError, match="is a file"):
        verify(file)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": 2, "files": {}}',
        '{"format": 1, "files": {"a.json": {"sha256": "00", "bytes": 3}}}',
        '{"format": 1, "files": {"a.json": {"bytes": 3}}}',
        '{"format": 1, "files": {}, "more": 1}',
    ],
)
def test_what_is_no_index_is_said_to_be_none(tmp_path, text):
    (tmp_path / "index.json").write_text(text)
    with pytest.raises(EmottsError, match="is not an index of checkpoints"):
        verify(tmp_path)


@pytest.mark.parametrize("name", ["../../secret", "/etc/hosts", "a/b.json", ".hidden", "a\\b"])
def test_an_index_cannot_point_out_of_its_folder(tmp_path, name):
    entry = {"sha256": "0" * 64, "bytes": 1}
    (tmp_path / "index.json").write_text(json.dumps({"format": 1, "files": {name: entry}}))
    with pytest.raises(EmottsError, match="not a file of its own folder"):
        verify(tmp_path)


def test_the_index_on_disk_has_the_documented_form(checkpoints):
    index = json.loads((checkpoints / "index.json").read_text())
    assert index["format"] == 1
    assert set(index["files"]) == {
        f"{name}.{ending}"
        for name in ("acoustic", "vocoder")
        for ending in ("json", "md", "safetensors")
    }
    for name, entry in index["files"].items():
        assert entry["bytes"] == (checkpoints / name).stat().st_size
    assert read_index(checkpoints).files["acoustic.md"].bytes > 0
