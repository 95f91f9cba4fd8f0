import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from emotts.checkpoints import ModelCard, load_checkpoint, save_checkpoint, verify
from emotts.checkpoints.index import add_to_index
from emotts.errors import EmottsError

CARD = ModelCard(summary="A layer.", corpora=("lj",), command="emotts train layer.yaml")


def weights():
    generator = torch.Generator().manual_seed(0)
    return {
        "layer.weight": torch.randn(3, 5, generator=generator),
        "layer.bias": torch.zeros(3, dtype=torch.float64),
        "steps": torch.tensor(70_000),
        "mask": torch.tensor([True, False]),
        "empty": torch.zeros(0, 4),
    }


def test_what_is_saved_is_loaded_again(tmp_path):
    config = {"channels": [3, 5], "name": "Łódź", "rate": 0.1, "nested": {"a": None}}
    save_checkpoint(tmp_path, "layer", weights(), config, CARD)
    loaded = load_checkpoint(tmp_path, "layer")
    assert loaded.config == config
    assert loaded.tensors.keys() == weights().keys()
    for name, tensor in weights().items():
        assert loaded.tensors[name].shape == tensor.shape
        torch.testing.assert_close(
            loaded.tensors[name], tensor, rtol=1e-3, atol=1e-4, check_dtype=False
        )
    assert loaded.tensors["layer.bias"].dtype == torch.float32
    assert loaded.tensors["steps"].item() == 70_000
    assert loaded.tensors["mask"].dtype == torch.bool


def test_saving_what_was_loaded_changes_nothing(tmp_path):
    save_checkpoint(tmp_path / "a", "layer", weights(), {}, CARD)
    save_checkpoint(
        tmp_path / "b", "layer", load_checkpoint(tmp_path / "a", "layer").tensors, {}, CARD
    )
    first, second = (tmp_path / x / "layer.safetensors" for x in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_floats_are_stored_as_fp16(tmp_path):
    save_checkpoint(tmp_path, "layer", {"w": torch.ones(1000)}, {}, CARD)
    assert load_file(tmp_path / "layer.safetensors")["w"].dtype == torch.float16
    assert (tmp_path / "layer.safetensors").stat().st_size < 2200


def test_views_shared_and_transposed_tensors_are_stored(tmp_path):
    base = torch.arange(12.0).reshape(3, 4).requires_grad_()
    tied = {"encoder": base, "decoder": base, "turned": base.T, "row": base[1]}
    save_checkpoint(tmp_path, "tied", tied, {}, CARD)
    loaded = load_checkpoint(tmp_path, "tied").tensors
    assert all(torch.equal(loaded[name], tied[name].detach()) for name in tied)
    assert not any(tensor.requires_grad for tensor in loaded.values())


def test_loaded_weights_do_not_hang_on_the_file(tmp_path):
    save_checkpoint(tmp_path, "layer", weights(), {}, CARD)
    loaded = load_checkpoint(tmp_path, "layer").tensors
    path = tmp_path / "layer.safetensors"
    with open(path, "r+b") as file:
        file.write(bytes(path.stat().st_size))
    assert torch.equal(loaded["mask"], torch.tensor([True, False]))
    assert loaded["layer.weight"].abs().sum() > 0


def test_a_second_checkpoint_joins_the_set_and_the_same_name_replaces(tmp_path):
    save_checkpoint(tmp_path, "one", {"w": torch.zeros(2)}, {}, CARD)
    save_checkpoint(tmp_path, "two", {"w": torch.zeros(3)}, {}, CARD)
    save_checkpoint(tmp_path, "one", {"w": torch.ones(4)}, {"version": 2}, CARD)
    assert verify(tmp_path) == ("one", "two")
    one = load_checkpoint(tmp_path, "one")
    assert one.config == {"version": 2} and one.tensors["w"].tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "value, problem", [("nan", "NaN"), ("inf", "NaN or infinity"), (1e6, "65504")]
)
def test_a_weight_that_cannot_be_stored_is_named_and_nothing_is_written(tmp_path, value, problem):
    save_checkpoint(tmp_path, "layer", weights(), {}, CARD)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    spoilt = weights() | {"layer.bias": torch.tensor([0.0, float(value)])}
    with pytest.raises(EmottsError, match=rf"layer\.bias.*{problem}"):
        save_checkpoint(tmp_path, "layer", spoilt, {}, CARD)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_nan_in_a_set_made_elsewhere_is_named(tmp_path):
    save_checkpoint(tmp_path, "layer", weights(), {}, CARD)
    save_file({"layer.bias": torch.tensor([float("nan")])}, tmp_path / "layer.safetensors")
    add_to_index(tmp_path, ["layer.safetensors"])
    with pytest.raises(EmottsError, match=r"layer\.safetensors: weight layer\.bias holds NaN"):
        load_checkpoint(tmp_path, "layer")


def test_weights_that_are_no_safetensors_are_named(tmp_path):
    save_checkpoint(tmp_path, "layer", weights(), {}, CARD)
    (tmp_path / "layer.safetensors").write_bytes(b"\x80\x04 a pickle")
    add_to_index(tmp_path, ["layer.safetensors"])
    with pytest.raises(EmottsError, match="layer.safetensors is not a safetensors file"):
        load_checkpoint(tmp_path, "layer")


@pytest.mark.parametrize("file", ["layer.safetensors", "layer.json"])
@pytest.mark.parametrize("harm", ["missing", "truncated", "altered"])
def test_a_harmed_file_is_named_at_load(tmp_path, file, harm):
    save_checkpoint(tmp_path, "layer", weights(), {"channels": 3}, CARD)
    path = tmp_path / file
    content = path.read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:-1] + (b"" if harm == "truncated" else b"\x01"))
    with pytest.raises(EmottsError, match=rf"{file}.*{harm}"):
        load_checkpoint(tmp_path, "layer")


def test_an_unknown_name_lists_what_is_there(tmp_path):
    save_checkpoint(tmp_path, "layer", weights(), {}, CARD)
    with pytest.raises(EmottsError, match="vocoder.safetensors is not in .* it holds layer"):
        load_checkpoint(tmp_path, "vocoder")


@pytest.mark.parametrize("name", ["", "../layer", "a/b", "Layer", "index", ".hidden", "a b"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path, name):
    with pytest.raises(EmottsError, match="cannot name a checkpoint"):
        save_checkpoint(tmp_path, name, weights(), {}, CARD)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("config", [{"a": float("nan")}, {"a": object()}, {"a": {1, 2}}])
def test_a_configuration_that_is_no_json_is_refused(tmp_path, config):
    with pytest.raises(EmottsError, match="configuration of checkpoint layer"):
        save_checkpoint(tmp_path, "layer", weights(), config, CARD)
    assert not list(tmp_path.iterdir())


def test_a_save_that_fails_half_way_leaves_the_earlier_file(tmp_path, monkeypatch):
    save_checkpoint(tmp_path, "layer", weights(), {}, CARD)

    def full(tensors, path):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("emotts.checkpoints.store.save_file", full)
    with pytest.raises(EmottsError, match="layer.safetensors: No space left on device"):
        save_checkpoint(tmp_path, "layer", {"w": torch.ones(9)}, {}, CARD)
    assert verify(tmp_path) == ("layer",)
    assert load_checkpoint(tmp_path, "layer").tensors.keys() == weights().keys()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EmottsError, match="cannot make the folder .*file"):
        save_checkpoint(tmp_path / "file" / "set", "layer", weights(), {}, CARD)


def test_files_are_readable_by_others_and_configurations_are_plain_json(tmp_path):
    save_checkpoint(tmp_path, "layer", weights(), {"channels": 3}, CARD)
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in tmp_path.iterdir())
    assert json.loads((tmp_path / "layer.json").read_text()) == {"channels": 3}
