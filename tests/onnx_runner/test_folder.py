import json
import shutil

import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.onnx_runner.folder import read_folder


@pytest.fixture
def copied(exported, tmp_path):
    return shutil.copytree(exported, tmp_path / "copy")


def test_what_is_read_is_what_was_exported(exported, by_torch):
    models, wanted = read_folder(exported, threads=1), by_torch.models
    assert list(models.voices) == list(wanted.voices)
    for name, voice in models.voices.items():
        np.testing.assert_array_equal(voice.spectrum, wanted.voices[name].spectrum())
        np.testing.assert_allclose(voice.embedding, wanted.voices[name].embedding)
        np.testing.assert_array_equal(
            models.change_matrix(voice), wanted.change_matrix(wanted.voices[name])
        )
    assert models.space.emotions == wanted.space.emotions
    assert models.space.gain("happy", 0.4) == wanted.space.gain("happy", 0.4)
    assert models.prototypes.keys() == wanted.prototypes.keys()
    assert models.emotion_scale == wanted.emotion_scale


def test_a_voice_may_have_changes_of_its_own(exported):
    models = read_folder(exported, threads=1)
    shared = models.change_matrix(models.voices["kathleen"])
    models.tables["changes.voice.kathleen"] = own = shared * 0.5
    assert models.change_matrix(models.voices["kathleen"]) is own
    assert models.change_matrix(models.voices["EB0"]) is not own


def test_no_export(tmp_path):
    with pytest.raises(EmottsError, match="no exported folder: export.json is missing"):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p.unlink(), "decoder.onnx cannot be read"),
        (lambda p: p.write_bytes(p.read_bytes()[:-1]), "decoder.onnx is truncated"),
        (lambda p: p.write_bytes(b"x" + p.read_bytes()[1:]), "decoder.onnx is altered"),
    ],
)
def test_a_broken_file_is_named(copied, change, said):
    change(copied / "decoder.onnx")
    with pytest.raises(EmottsError, match=said):
        read_folder(copied)


@pytest.mark.parametrize("key", ["format", "voices", "files"])
def test_an_index_that_lacks_something(copied, key):
    index = json.loads((copied / "export.json").read_text())
    del index[key]
    (copied / "export.json").write_text(json.dumps(index))
    with pytest.raises(EmottsError, match="not of the format"):
        read_folder(copied)


def test_an_index_must_be_json_and_list_every_file(copied):
    index = json.loads((copied / "export.json").read_text())
    del index["files"]["tables.npz"]
    (copied / "export.json").write_text(json.dumps(index))
    with pytest.raises(EmottsError, match="does not list tables.npz"):
        read_folder(copied)
    (copied / "export.json").write_text("{")
    with pytest.raises(EmottsError, match="is not JSON"):
        read_folder(copied)
