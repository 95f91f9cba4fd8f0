import hashlib
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.synthesis.export_onnx import export_onnx

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from exporting import exported, tiny  # noqa: E402, F401

FILES = {"content.onnx", "prosody.onnx", "decoder.onnx", "vocoder.onnx", "tables.npz", "README.md"}


def test_the_folder_lists_what_it_holds(exported):  # noqa: F811
    index = json.loads((exported / "export.json").read_text(encoding="utf-8"))
    assert {path.name for path in exported.iterdir()} == {*FILES, "export.json"}
    assert set(index["files"]) == FILES
    for name, facts in index["files"].items():
        data = (exported / name).read_bytes()
        assert facts == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert index["voices"]["EB0"]["language"] == "pl"
    assert "licence" in (exported / "README.md").read_text(encoding="utf-8")


def test_weights_are_stored_as_half_without_loss(exported, tiny, tmp_path):  # noqa: F811
    full = export_onnx(tiny, tmp_path, half=False)
    for name in ("decoder", "content"):
        small, large = (onnx.load(str(f / f"{name}.onnx")) for f in (exported, full))
        weights = {
            t.name.removesuffix(".half"): onnx.numpy_helper.to_array(t)
            for t in small.graph.initializer
        }
        for tensor in large.graph.initializer:
            wanted = onnx.numpy_helper.to_array(tensor)
            assert np.array_equal(weights[tensor.name].astype(wanted.dtype), wanted)
    small, large = ((f / "content.onnx").stat().st_size for f in (exported, full))
    assert small < large


def test_exporting_again_gives_the_same_files(exported, tiny, tmp_path):  # noqa: F811
    again = export_onnx(tiny, shutil.copytree(exported, tmp_path / "copy"))
    for name in (*FILES, "export.json"):
        assert (again / name).read_bytes() == (exported / name).read_bytes()


def test_other_files_are_not_mixed_with(tiny, tmp_path):  # noqa: F811
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(EmottsError, match="holds other files; export into a new or empty folder"):
        export_onnx(tiny, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_no_checkpoints(tmp_path):
    with pytest.raises(EmottsError):
        export_onnx(tmp_path / "nothing", tmp_path / "out")
    assert not (tmp_path / "out").exists()
