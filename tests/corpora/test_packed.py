import pytest

from emotts.corpora.packed import COLUMNS, read_packed
from emotts.errors import EmottsError

ROW = dict(
    path="a/anna/1.opus", corpus="a", speaker="anna", sex="female", age="", language="en-us",
    emotion="disgusted", level="strong", text='She said "no" twice.', seconds="1.20",
    split="test", held_out="speaker",
)  # fmt: skip


@pytest.fixture
def corpus(tmp_path):
    """Makes a corpus folder of rows (changes to ROW); clips are empty files."""

    def make(*changes, columns=COLUMNS, clips=True):
        lines = ["\t".join(columns)]
        for change in changes:
            row = {**ROW, "mood": "?", **change}
            lines.append("\t".join(row[name] for name in columns))
            if clips:
                clip = tmp_path / row["path"]
                clip.parent.mkdir(parents=True, exist_ok=True)
                clip.touch()
        (tmp_path / "manifest.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path

    return make


def test_rows_are_kept_as_given(corpus):
    (row,) = read_packed(corpus({}))
    assert row.id == "a/anna/1"
    assert row.path == "a/anna/1.opus"
    assert (row.emotion, row.original_emotion) == ("disgust", "disgusted")
    assert (row.split, row.held_out, row.level) == ("test", "speaker", "strong")
    assert row.text == 'She said "no" twice.'
    assert row.seconds == 1.2


def test_a_lone_quotation_mark_swallows_no_rows(corpus):
    rows = read_packed(corpus({"text": '"Oh'}, {"path": "a/anna/2.opus"}))
    assert [row.text for row in rows] == ['"Oh', ROW["text"]]


def test_columns_that_are_missing_or_unknown(corpus):
    with pytest.raises(EmottsError, match="lacks the columns emotion, split"):
        read_packed(corpus({}, columns=[c for c in COLUMNS if c not in ("emotion", "split")]))
    with pytest.raises(EmottsError, match="unknown columns mood"):
        read_packed(corpus({}, columns=[*COLUMNS, "mood"]))


def test_a_missing_clip_is_named_with_its_row(corpus):
    folder = corpus({}, {"path": "a/anna/2.opus"})
    (folder / "a/anna/2.opus").unlink()
    with pytest.raises(EmottsError, match="line 3: the clip a/anna/2.opus is not there"):
        read_packed(folder)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"seconds": "soon"}, "line 3: seconds"),
        ({"split": "exam"}, "line 3: split"),
        ({"emotion": "hungry"}, "line 3: emotion: unknown emotion 'hungry'"),
        ({"split": "train"}, "line 3: .*held_out"),
        ({"path": "../b/1.opus"}, "line 3: .*leads out"),
        ({"path": "a/anna/1.opus"}, "line 3: 'a/anna/1' is also on line 2"),
        ({"held_out": "speaker\textra"}, "line 3: 12 tab-separated"),
    ],
)
def test_a_wrong_row_is_named(corpus, change, message):
    with pytest.raises(EmottsError, match=message):
        read_packed(corpus({}, {"path": "a/anna/2.opus", **change}))


def test_a_short_row_is_named(corpus):
    folder = corpus({})
    with (folder / "manifest.tsv").open("a") as file:
        file.write("a/anna/3.opus\ta\n")
    with pytest.raises(EmottsError, match="line 3: 12 tab-separated"):
        read_packed(folder)


def test_folders_that_are_no_corpus(tmp_path, corpus):
    with pytest.raises(EmottsError, match="no packed corpus"):
        read_packed(tmp_path)
    with pytest.raises(EmottsError, match="names no clips"):
        read_packed(corpus())


def test_the_shared_corpora(shared_data):
    rows = read_packed(shared_data)
    assert len(rows) == 7550
    assert {row.corpus for row in rows} == {"kathleen", "lj", "ravdess", "nemo"}
    assert sum(row.seconds for row in rows) / 3600 == pytest.approx(5.8, abs=0.1)
    assert all((shared_data / row.path).is_file() for row in rows[::500])
