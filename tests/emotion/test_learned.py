import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file

from emotts.emotion.learned import (
    FORMAT,
    Facts,
    LearnedEmotions,
    checked_name,
    default_folder,
    learn_direction,
    read_emotion,
)
from emotts.errors import EmottsError

FACTS = Facts(5, "2030-01-02", "3 neutral recordings", "abc")
VECTOR = np.arange(4, dtype=np.float32)


@pytest.fixture
def store(tmp_path):
    return LearnedEmotions(tmp_path / "emotions")


def test_one_example_is_the_direction():
    assert np.allclose(learn_direction(VECTOR[None]), VECTOR)


def test_every_example_counts_the_same_however_strong():
    found = learn_direction(np.array([[1.0, 0.0], [0.0, 3.0]]))
    assert np.allclose(found, [1.0, 1.0])  # mean unit (.5, .5) times mean length 2


@given(st.integers(1, 50), st.integers(1, 20))
def test_learning_grows_with_the_examples_and_not_with_their_order(n, factor):
    offsets = np.random.default_rng(n).normal(size=(n, 3)) + 2
    found = learn_direction(offsets)
    assert np.allclose(learn_direction(factor * offsets), factor * found, rtol=1e-4)
    assert np.allclose(learn_direction(offsets[::-1]), found, atol=1e-5)


@pytest.mark.parametrize(
    "offsets, message",
    [
        (np.zeros((0, 3)), "1 to 50 examples, not 0"),
        (np.ones((51, 3)), "1 to 50 examples, not 51"),
        (np.ones(3), "an array of shape"),
        (np.zeros((2, 3)), "do not differ from neutral"),
        (np.full((2, 3), np.nan), "do not differ from neutral, or are not finite"),
    ],
)
def test_what_nothing_can_be_learnt_from(offsets, message):
    with pytest.raises(EmottsError, match=message):
        learn_direction(offsets)


def test_what_is_saved_is_there_until_deleted(store):
    assert store.names() == ()
    store.save("Smug smile", VECTOR, FACTS)
    store.save("wry", 2 * VECTOR, FACTS)
    assert store.names() == ("smug-smile", "wry")
    vector, facts = store.load("smug_smile")
    assert np.array_equal(vector, VECTOR) and facts == FACTS
    store.rename("wry", "ironic")
    assert np.array_equal(store.load("ironic")[0], 2 * VECTOR)
    store.delete("smug smile")
    assert store.names() == ("ironic",)
    assert [path.name for path in store.folder.iterdir()] == ["ironic.safetensors"]


def test_nothing_is_replaced_unasked(store, tmp_path):
    store.save("smug", VECTOR, FACTS)
    store.save("wry", VECTOR, FACTS)
    for call in (lambda: store.save("smug", VECTOR, FACTS), lambda: store.rename("wry", "smug")):
        with pytest.raises(EmottsError, match="learnt emotion smug already"):
            call()
    store.save("smug", 3 * VECTOR, FACTS, replace=True)
    assert np.array_equal(store.load("smug")[0], 3 * VECTOR)
    file = store.export_file("smug", tmp_path)
    with pytest.raises(EmottsError, match="exists already"):
        store.export_file("smug", file)
    with pytest.raises(EmottsError, match="learnt emotion smug already"):
        store.import_file(file)


def test_a_file_goes_from_one_user_to_another(store, tmp_path):
    store.save("smug", VECTOR, FACTS)
    file = store.export_file("smug", tmp_path / "given.safetensors")
    other = LearnedEmotions(tmp_path / "other")
    assert other.import_file(file, name="Wry smile", dim=4) == "wry-smile"
    vector, facts = other.load("wry-smile")
    assert np.array_equal(vector, VECTOR) and facts == FACTS
    assert other.import_file(file) == "given"
    with pytest.raises(EmottsError, match="4 dimensions where these checkpoints have 64"):
        other.import_file(file, name="third", dim=64)


@pytest.mark.parametrize(
    "name",
    ["", "../smug", "a/b", "a\\b", ".smug", "/etc/passwd", "smug:1", "smug+sad", "smug,", "con",
     "1smug", "x" * 41, "smug\0", "émue", "C:smug"],
)  # fmt: skip
def test_names_that_are_no_names(store, tmp_path, name):
    store.save("smug", VECTOR, FACTS)
    file = store.export_file("smug", tmp_path)
    for call in (
        lambda: store.save(name, VECTOR, FACTS),
        lambda: store.rename("smug", name),
        lambda: store.import_file(file, name=name),
    ):
        with pytest.raises(EmottsError, match="cannot be an emotion's name"):
            call()
    for call in (store.load, store.delete):
        with pytest.raises(EmottsError, match="there is no learnt emotion"):
            call(name)
    assert store.names() == ("smug",)


@pytest.mark.parametrize("name", ["happy", "Joy", "love", "hostile", "pleasant-surprise"])
def test_names_that_ship_are_taken(name):
    with pytest.raises(EmottsError, match="that ships"):
        checked_name(name)


@pytest.mark.parametrize("name", ["very smug", "a bit smug", "slightly"])
def test_adverbs_are_no_part_of_a_name(name):
    with pytest.raises(EmottsError, match="adverb"):
        checked_name(name)


def test_the_names_there_are_are_told(store):
    with pytest.raises(EmottsError, match="no learnt emotion 'smug'; there are: none"):
        store.load("smug")
    store.save("wry", VECTOR, FACTS)
    with pytest.raises(EmottsError, match="there are: wry"):
        store.load("smug")


def test_other_checkpoints_emotions_are_left_out_and_said(store):
    store.save("wry", VECTOR, FACTS)
    assert set(store.directions("abc")) == set(store.directions()) == {"wry"}
    with pytest.warns(UserWarning, match="wry was learnt with other checkpoints"):
        assert store.directions("xyz") == {}


GOOD = {"format": FORMAT, "facts": json.dumps(FACTS.__dict__)}


@pytest.mark.parametrize(
    "tensors, metadata",
    [
        ({"direction": VECTOR}, {}),
        ({"direction": VECTOR}, {**GOOD, "format": "other"}),
        ({"direction": VECTOR}, {**GOOD, "facts": "{"}),
        ({"direction": VECTOR}, {**GOOD, "facts": '{"clips": 1}'}),
        ({"direction": VECTOR}, {**GOOD, "facts": "[]"}),
        ({"direction": VECTOR, "more": VECTOR}, GOOD),
        ({"other": VECTOR}, GOOD),
        ({"direction": VECTOR[None]}, GOOD),
        ({"direction": VECTOR * np.float32(np.nan)}, GOOD),
        ({"direction": 0 * VECTOR}, GOOD),
    ],
)
def test_other_files_are_refused(store, tmp_path, tensors, metadata):
    file = tmp_path / "smug.safetensors"
    save_file(tensors, file, metadata)
    with pytest.raises(EmottsError, match="smug.safetensors"):
        store.import_file(file)
    assert store.names() == ()


def test_files_that_are_nothing_of_the_kind(store, tmp_path):
    for name, content in (("text", b"text"), ("empty", b""), ("large", bytes(2 << 20))):
        (tmp_path / name).write_bytes(content)
    for name in ("text", "empty", "large", "absent", "."):
        with pytest.raises(EmottsError, match=name if name != "." else "cannot read"):
            read_emotion(tmp_path / name)


def test_bad_vectors_are_not_kept(store):
    for vector in (np.zeros(3), np.full(3, np.inf), np.ones((2, 2)), np.array(["a"])):
        with pytest.raises(EmottsError, match="smug: a direction is"):
            store.save("smug", vector, FACTS)
    assert store.names() == ()


def test_where_they_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("EMOTTS_HOME", str(tmp_path))
    assert default_folder() == LearnedEmotions().folder == tmp_path / "emotions"
    monkeypatch.delenv("EMOTTS_HOME")
    assert "emotts" in default_folder().parts
