import numpy as np
import pytest

from emotts.corpora.stats import describe, plot
from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError


def row(id, seconds, **change):
    values = dict(
        id=id, path=f"{id}.wav", corpus="a", speaker="anna", sex="female", language="en-us",
        emotion="neutral", text="Hello.", seconds=seconds, split="train",
    )  # fmt: skip
    return Utterance(**{**values, **change})


ROWS = [
    row("1", 1.0),
    row("2", 2.0, emotion="anger", level="strong", votes={"angry": 3, "sad": 1}),
    row("3", 3.0, emotion="angry", level="strong", votes={"angry": 2, "sad": 2}, text="Bye."),
    row("4", 6.0, speaker="bert", sex="", split="test", held_out="speaker", votes={"0": 3}),
]


def test_everything_is_counted_once():
    found = describe(ROWS)
    assert (found.total.clips, found.total.seconds, found.total.speakers) == (4, 12.0, 2)
    assert found.texts == 2
    assert found.percentiles[0] == 1.0 and found.percentiles[50] == 2.5
    for groups in (found.splits, found.emotions, found.levels, found.sexes, found.speakers):
        assert sum(g.clips for g in groups.values()) == 4
        assert sum(g.seconds for g in groups.values()) == 12.0
    assert found.emotions["angry"].words == ("anger", "angry")
    assert found.sexes["–"].clips == 1 and found.levels["strong"].seconds == 5.0


def test_a_tie_of_the_label_is_no_agreement_and_scores_are_no_categories():
    assert describe(ROWS).agreement == {("angry", "strong"): (0.5, 2)}


def test_pictures_of_the_counts(tmp_path):
    pytest.importorskip("matplotlib")
    files = plot(describe(ROWS), tmp_path / "pictures")
    assert {f.stem for f in files} == {"durations", "emotions", "speakers", "splits", "levels"}
    assert all(f.read_bytes().startswith(b"\x89PNG") for f in files)
    (tmp_path / "file").touch()
    with pytest.raises(EmottsError, match="cannot be made"):
        plot(describe(ROWS), tmp_path / "file" / "pictures")


def test_nothing_cannot_be_counted():
    with pytest.raises(EmottsError, match="no clips"):
        describe([])
    assert np.isfinite(describe(ROWS[:1]).percentiles[95])
