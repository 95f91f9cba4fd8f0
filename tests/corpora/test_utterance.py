import pytest
from pydantic import ValidationError

from emotts.corpora.utterance import Utterance

ROW = dict(
    id="a/1", path="a/1.opus", corpus="a", speaker="anna", sex="female", language="en-us",
    emotion="anger", text="Hello.", seconds=1.5, split="train",
)  # fmt: skip


def test_a_corpus_word_becomes_a_category_and_is_kept():
    row = Utterance(**ROW)
    assert (row.emotion, row.original_emotion) == ("angry", "anger")
    assert Utterance(**row.model_dump()) == row


@pytest.mark.parametrize(
    "change",
    [
        {"emotion": "hungry"},
        {"seconds": 0},
        {"seconds": float("nan")},
        {"split": "validation"},
        {"sex": "x"},
        {"level": "loud"},
        {"text": ""},
        {"mood": "fine"},
        {"split": "train", "held_out": "speaker"},
        {"split": "test"},
    ],
)
def test_wrong_rows_are_refused(change):
    with pytest.raises(ValidationError):
        Utterance(**{**ROW, **change})


def test_an_utterance_cannot_be_changed():
    with pytest.raises(ValidationError):
        Utterance(**ROW).split = "test"
