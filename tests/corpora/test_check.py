from emotts.corpora.check import check
from emotts.corpora.clips import Clip


def clip(path, **change):
    values = dict(
        id=path, path=path, corpus="a", speaker="anna", sex="female", age="", language="en-us",
        emotion="neutral", original_emotion="neutral", level="", text=f"Text of {path}.",
        seconds=1.0, split="train", held_out="",
    )  # fmt: skip
    return Clip(**{**values, **change})


TEST = clip("t", split="test", held_out="speaker", speaker="zoe")


def notes(*clips, further=False):
    rows, found = check([clip("1"), TEST, *clips], further)
    return rows, {note.what.split(":")[0]: note for note in found}


def test_a_whole_corpus_has_no_notes():
    rows, found = notes()
    assert found == {} and [r.id for r in rows] == ["1", "t"]


def test_each_fault_is_said_with_the_clips_it_concerns():
    rows, found = notes(
        clip("a", problem="broken", seconds=0.0),
        clip("b", text=""),
        clip("c", emotion="", original_emotion=""),
        clip("d", emotion="amused"),
        clip("e", speaker="zoe"),
        clip("f", seconds=0.1),
        clip("g", seconds=90.0),
        clip("h", speaker="bob", sex="", emotion="sad"),
    )
    assert found["the audio cannot be read"].examples == ("a",)
    assert found["the audio cannot be read"].grave and found["no text"].grave
    assert found["no emotion that its judges agree on"].examples == ("c",)
    assert found["beyond the eight"].examples == ("amused",)
    assert found["train clips of held-out speakers or sentences"].examples == ("e",)
    assert found["shorter than 0.4 s"].examples == ("f",)
    assert found["longer than 20 s"].examples == ("g",)
    assert found["speakers whose sex is not known"].examples == ("bob",)
    assert found["speakers with emotions but no neutral clip"].examples == ("bob",)
    assert {r.id for r in rows} == {"1", "t", "f", "g", "h"}


def test_what_is_beyond_the_eight_is_no_fault_when_asked_for():
    rows, found = notes(clip("d", emotion="amused"), further=True)
    assert "beyond the eight" not in found and "d" in {r.id for r in rows}


def test_a_corpus_without_training_clips_says_so():
    rows, found = check([TEST])
    assert [n.what for n in found if n.grave] == ["no clip for training"]
