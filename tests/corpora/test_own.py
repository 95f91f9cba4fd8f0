"""A folder of one's own: the table, what is wrong, what is kept."""

import numpy as np
import pytest
from pipeline import made_speech

from emotts.audio.io import write_audio
from emotts.corpora.clips import read_corpus
from emotts.corpora.own import look_through, own_corpus
from emotts.errors import EmottsError

RATE = 24000
TEXT = "We may all call now."


@pytest.fixture
def folder(tmp_path):
    for number in range(2):
        write_audio(tmp_path / f"{number}.wav", made_speech(200, 1.6, seed=number), RATE)
    write_audio(tmp_path / "still.wav", np.zeros(RATE), RATE)
    return tmp_path


def table(folder, *rows, head="path,text"):
    path = folder / "table.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_what_the_table_leaves_out_has_a_default(folder):
    (clip,) = read_corpus(own_corpus(table(folder, f'0.wav,"{TEXT}"'), "anna", "pl"), folder)
    assert (clip.speaker, clip.language, clip.emotion, clip.split) == (
        "anna",
        "pl",
        "neutral",
        "train",
    )


def test_columns_by_semicolons_and_what_they_say(folder):
    path = table(folder, f"0.wav;{TEXT};bob;m;joy;strong;test",
                 head="path;text;speaker;sex;emotion;level;split")  # fmt: skip
    (clip,) = read_corpus(own_corpus(path), folder)
    assert (clip.speaker, clip.sex, clip.emotion, clip.original_emotion) == (
        "bob",
        "male",
        "happy",
        "joy",
    )
    assert (clip.level, clip.split, clip.held_out) == ("strong", "test", "sentence")


def test_what_is_wrong_is_said_and_the_rest_is_kept(folder):
    hasty = "This is a far longer text than anybody could say so quickly. " * 3
    rows = [f"{name},{TEXT}" for name in ("0.wav", "still.wav", "gone.wav")]
    path = table(folder, *rows, f"1.wav,{hasty}")
    report = look_through(own_corpus(path), folder, workers=1)
    assert [row.path for row in report.rows] == ["0.wav"]
    wrong = {f.clip: f.what for f in report.found if f.fatal}
    assert wrong["still.wav"] == "no speech found" and wrong["gone.wav"] == "cannot be read"
    assert "text longer than speech" in wrong["1.wav"]
    assert len(report.clips) == 4 and len(report.measured) == 3


def test_a_row_that_says_what_a_test_row_says_is_left_out(folder):
    path = table(folder, f"0.wav,{TEXT},train", f"1.wav,{TEXT},test", head="path,text,split")
    report = look_through(own_corpus(path), folder, workers=1)
    assert [row.path for row in report.rows] == ["1.wav"]
    assert any("held-out" in f.what and f.clip == "0.wav" for f in report.found)


@pytest.mark.parametrize(
    "head, row, message",
    [
        ("file,text", "0.wav,x", "lacks the columns path"),
        ("path,text,mood", "0.wav,x,y", "unknown columns mood; known are path, text, speaker"),
        ("path,text", "../0.wav,x", "row 2: the path '../0.wav' must lie in the folder"),
        ("path,text,split", "0.wav,x,exam", "row 2: split is 'exam'; choose from train, dev, test"),
        ("path,text,level", "0.wav,x,loud", "row 2: level is 'loud'; choose from nothing, weak"),
        ("path,text,emotion", "0.wav,x,hungry", "0.wav: unknown emotion 'hungry'"),
    ],
)
def test_a_wrong_table_is_refused_with_its_row(folder, head, row, message):
    with pytest.raises(EmottsError, match=message):
        read_corpus(own_corpus(table(folder, row, head=head)), folder)


def test_tables_that_are_none(folder):
    with pytest.raises(EmottsError, match="there is no table"):
        own_corpus(folder / "missing.csv")
    with pytest.raises(EmottsError, match="holds no recordings"):
        read_corpus(own_corpus(table(folder)), folder)
