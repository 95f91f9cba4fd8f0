"""A folder of one's own: tables of every usual form, and what is refused."""

import pytest

from emotts.errors import EmottsError
from emotts.training.finetune.features import dev_clips
from emotts.training.finetune.recordings import Recording, read_recordings


@pytest.fixture
def folder(tmp_path):
    for name in ("a.wav", "b.wav", "inner/c.flac"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def told(folder):
    return [
        (r.path.relative_to(folder).as_posix(), r.text, r.emotion, r.level)
        for r in read_recordings(folder)
    ]


def test_texts_lie_beside_the_clips_or_are_not_known(folder):
    (folder / "a.txt").write_text("Good morning.\n", encoding="utf-8")
    assert told(folder) == [
        ("a.wav", "Good morning.", "neutral", ""),
        ("b.wav", "", "neutral", ""),
        ("inner/c.flac", "", "neutral", ""),
    ]


def test_a_table_says_which_clips_there_are(folder):
    (folder / "metadata.csv").write_text(
        'file,text,emotion,level\nb.wav,"Well, yes.",joy,strong\ninner/c,No.,,\n', encoding="utf-8"
    )
    assert told(folder) == [
        ("b.wav", "Well, yes.", "happy", "strong"), ("inner/c.flac", "No.", "neutral", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name, text",
    [
        ("my.tsv", 'Text\tPath\nSay "so".\ta.wav\n'),
        ("my.csv", 'path;text\na.wav;"Say ""so""."\n'),
        ("metadata.csv", 'a|Say "so".|Say "so".\n'),
    ],
)
def test_tables_of_other_forms(folder, name, text):
    (folder / name).write_text("\ufeff" + text, encoding="utf-8")
    assert told(folder) == [("a.wav", 'Say "so".', "neutral", "")]


@pytest.mark.parametrize(
    "text, problem",
    [
        ("file,text\nz.wav,Hm.\n", "line 2: there is no recording 'z.wav'"),
        ("file,text\na.wav,One.\na,Two.\n", "line 3: 'a' is named twice"),
        ("file,text,emotion\na.wav,One.,smug\n", "line 2: unknown emotion 'smug'"),
        ("file,text,level\na.wav,One.,huge\n", "line 2: the level 'huge'"),
        ("words,sound\nOne.,a.wav\n", "no column 'file'"),
        ("file,text\n", "names no recordings"),
    ],
)
def test_wrong_tables_are_named_with_their_line(folder, text, problem):
    (folder / "metadata.csv").write_text(text, encoding="utf-8")
    with pytest.raises(EmottsError, match=problem):
        read_recordings(folder)


def test_folders_that_cannot_be_read(tmp_path, folder):
    with pytest.raises(EmottsError, match="no folder"):
        read_recordings(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(EmottsError, match="no recordings"):
        read_recordings(tmp_path / "empty")
    for name in ("x.csv", "y.csv"):
        (folder / name).write_text("file,text\n")
    with pytest.raises(EmottsError, match="several tables .*metadata.csv"):
        read_recordings(folder)


@pytest.mark.parametrize("count, kept", [(1, 0), (3, 0), (4, 1), (14, 1), (30, 3), (100, 10)])
def test_one_neutral_clip_in_ten_is_kept_for_dev(tmp_path, count, kept):
    clips = [Recording(tmp_path, emotion="happy")] * 5 + [Recording(tmp_path)] * count
    found = dev_clips(clips)
    assert len(found) == kept and all(5 <= i < 5 + count for i in found)
