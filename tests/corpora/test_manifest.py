import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.corpora.manifest import (
    assert_no_leak,
    read_manifest,
    training_rows,
    write_manifest,
)
from emotts.corpora.packed import read_packed
from emotts.corpora.utterance import Utterance
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError


def utterance(id="a/1", **change):
    row = dict(
        path=f"{id}.opus", corpus="a", speaker="anna", sex="female", language="en-us",
        emotion="neutral", text=f"Text of {id}.", seconds=1.0, split="train",
    )  # fmt: skip
    return Utterance(id=id, **{**row, **change})


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(
    st.lists(
        st.builds(
            utterance,
            id=texts,
            text=texts,
            emotion=st.sampled_from(CATEGORIES),
            seconds=st.floats(0.01, 1e4),
        ),
        max_size=4,
        unique_by=lambda row: row.id,
    )
)
def test_manifests_read_back_as_written(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("manifest") / "rows.jsonl"
    write_manifest(path, rows)
    assert read_manifest(path) == rows


def test_a_failed_write_keeps_the_old_manifest(tmp_path):
    write_manifest(tmp_path / "rows.jsonl", [utterance()])
    with pytest.raises(AttributeError):
        write_manifest(tmp_path / "rows.jsonl", [utterance("a/2"), "no utterance"])
    assert read_manifest(tmp_path / "rows.jsonl") == [utterance()]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "change, message",
    [
        ({"seconds": -1}, "line 2: seconds"),
        ({"mood": "x"}, "line 2: mood"),
        ({"emotion": "hungry"}, "line 2: emotion: unknown emotion 'hungry'.*surprised"),
        ({"id": "a/1"}, "line 2: id 'a/1' is also on line 1"),
        ({"split": "test", "held_out": ""}, "line 2: .*held_out"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, change, message):
    good, other = utterance().model_dump(), utterance("a/2").model_dump()
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(good) + "\n" + json.dumps({**other, **change}) + "\n")
    with pytest.raises(EmottsError, match=message):
        read_manifest(path)


def test_files_that_are_no_manifest(tmp_path):
    with pytest.raises(EmottsError, match="cannot be read"):
        read_manifest(tmp_path / "missing.jsonl")
    (tmp_path / "a.jsonl").write_text("id\tpath\n")
    with pytest.raises(EmottsError, match="line 1: not JSON"):
        read_manifest(tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EmottsError, match="cannot be read"):
        read_manifest(tmp_path / "b.jsonl")


HELD_TEXT = utterance("a/2", split="test", held_out="sentence", text="Never heard, before!")
HELD_SPEAKER = utterance("a/3", split="dev", held_out="speaker", speaker="zoe")


def test_training_rows_are_the_train_split_in_order():
    rows = [utterance("a/9"), HELD_TEXT, utterance("a/1"), HELD_SPEAKER]
    assert [row.id for row in training_rows(rows)] == ["a/9", "a/1"]
    assert_no_leak(training_rows(rows), rows)


@pytest.mark.parametrize(
    "leak, message",
    [
        (HELD_TEXT, "'a/2', a clip of dev or test"),
        (HELD_SPEAKER, "'a/3', a clip of dev or test"),
        (utterance("a/3"), "'a/3', a clip of dev or test"),
        (utterance("a/4", speaker="zoe"), "held-out speaker 'zoe'"),
        (utterance("a/5", text="never heard  before"), "held-out text"),
    ],
)
def test_every_way_to_leak_is_found(leak, message):
    with pytest.raises(EmottsError, match=message):
        assert_no_leak([utterance(), leak], [utterance(), HELD_TEXT, HELD_SPEAKER])


def test_speakers_and_sentences_are_held_out_within_their_corpus():
    other = utterance("b/1", corpus="b", speaker="zoe", text="Never heard, before!")
    assert_no_leak([other], [HELD_TEXT, HELD_SPEAKER])


def test_the_shared_corpora_leak_nothing(shared_data):
    rows = read_packed(shared_data)
    training = training_rows(rows)
    assert_no_leak(training, rows)
    assert len(training) == 5840
    assert not {"actor19", "actor20", "actor21", "actor22", "MK0", "TP0"} & {
        row.speaker for row in training
    }
    for moved in ("actor21", "MK0"):
        stolen = next(row for row in rows if row.speaker == moved)
        relabelled = stolen.model_copy(update={"id": "x", "split": "train", "held_out": ""})
        with pytest.raises(EmottsError, match=moved):
            assert_no_leak([*training, relabelled], rows)
