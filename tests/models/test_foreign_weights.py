"""Weights of others are read as tensors or not at all."""

import pickle

import pytest
import torch
from safetensors.torch import save_file

from emotts.errors import EmottsError
from emotts.models.foreign_weights import fold_weight_norm, read_tensors, renamed, without_prefix

STATE = {"a.weight": torch.arange(3.0), "b": torch.ones(2, dtype=torch.int64)}


@pytest.mark.parametrize("ending", ["pt", "pth", "bin", "ckpt"])
@pytest.mark.parametrize("wrapper", [None, "generator", "state_dict", "model"])
def test_every_wrapping_is_read(tmp_path, ending, wrapper):
    path = tmp_path / f"weights.{ending}"
    content = {**STATE, "step": 7} if wrapper is None else {wrapper: STATE, "step": 7}
    torch.save(content, path)
    found = read_tensors(path)
    assert set(found) == set(STATE) and torch.equal(found["b"], STATE["b"])


def test_safetensors_are_read(tmp_path):
    save_file(STATE, tmp_path / "w.safetensors")
    assert torch.equal(read_tensors(tmp_path / "w.safetensors")["a.weight"], STATE["a.weight"])


class Wicked:
    """Unpickling it would write a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return (open, (self.path, "w"))


@pytest.mark.parametrize("save", [torch.save, lambda x, p: p.write_bytes(pickle.dumps(x, 2))])
def test_a_file_that_would_run_code_is_refused_and_does_not_run(tmp_path, save):
    path, victim = tmp_path / "w.pt", tmp_path / "written"
    save({"generator": STATE, "extra": Wicked(victim)}, path)
    with pytest.raises(EmottsError, match="w.pt is not a PyTorch file of tensors alone"):
        read_tensors(path)
    assert not victim.exists()


@pytest.mark.parametrize("content", [b"", b"no file of torch", b"PK\x03\x04 torn"])
def test_torn_files_are_named(tmp_path, content):
    (tmp_path / "w.bin").write_bytes(content)
    with pytest.raises(EmottsError, match="w.bin"):
        read_tensors(tmp_path / "w.bin")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EmottsError, match="the encoder weights .*w.bin do not exist"):
        read_tensors(tmp_path / "w.bin", "encoder weights")


def test_content_that_is_no_table_holds_nothing(tmp_path):
    torch.save([torch.ones(1)], tmp_path / "w.pt")
    assert read_tensors(tmp_path / "w.pt") == {}


def test_folding_gives_what_torch_computes():
    conv = torch.nn.utils.parametrizations.weight_norm(torch.nn.Conv1d(3, 4, 5))
    folded = fold_weight_norm({"c." + k: v for k, v in conv.state_dict().items()})
    torch.testing.assert_close(folded["c.weight"], conv.weight)


def test_prefixes_and_names():
    state = {"x.a": torch.ones(1, dtype=torch.float16), "y": torch.ones(1)}
    kept = without_prefix(state, "a", ("", "x."), "thing")
    assert set(kept) == {"a"} and kept["a"].dtype == torch.float32
    with pytest.raises(EmottsError, match="no thing .no b."):
        without_prefix(state, "b", ("", "x."), "thing")
    assert set(renamed({"p.q.r": STATE["b"]}, (("q.", "s."), ("p.s", "t")))) == {"t.r"}
