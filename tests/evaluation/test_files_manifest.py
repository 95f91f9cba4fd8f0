import json
from pathlib import Path

import pytest

from emotts.errors import EmottsError
from emotts.evaluation.files_manifest import numbered, read_manifest


@pytest.fixture
def listed(tmp_path):
    """Writes a manifest beside a.wav, b.wav and ref.wav and reads it."""
    for name in ("a.wav", "b.wav", "ref.wav"):
        (tmp_path / name).write_bytes(name.encode())

    def write(text, name="manifest.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_manifest(tmp_path / name)

    return write


def test_every_column_is_read(listed):
    manifest = listed(
        "path,text,reference,voice,emotion,intensity,language,neutral,system,seed,mood\n"
        'a.wav,"Yes, two.\nLines",ref.wav,x,Anger,0.5,pl,,ours,3,?\n'
        "b.wav,,,,,,,yes,,,\n"
    )
    first, second = manifest.rows
    assert first.text == "Yes, two.\nLines" and first.reference.name == "ref.wav"
    assert (first.emotion, first.intensity, first.language) == ("angry", 0.5, "pl")
    assert (first.system, first.seed, first.neutral) == ("ours", 3, False)
    assert second.neutral and second.language == "en-us" and second.intensity is None
    assert first.sha256 != second.sha256
    assert not manifest.problems and "mood" not in manifest.columns


@pytest.mark.parametrize(
    ("emotion", "intensity", "flag", "neutral"),
    [("neutral", "", "", True), ("happy", "0", "", True), ("happy", "1", "", False),
     ("", "0", "", False), ("", "", "1", True), ("happy", "", "TRUE", True), ("", "", "0", False)],
)  # fmt: skip
def test_neutral_is_flagged_or_follows_from_the_emotion(listed, emotion, intensity, flag, neutral):
    text = f"path,emotion,intensity,neutral\na.wav,{emotion},{intensity},{flag}\n"
    assert listed(text).rows[0].neutral is neutral


def test_json_lines_and_other_delimiters_say_the_same(listed):
    row = {"path": "a.wav", "text": "Hello", "intensity": 0.5, "neutral": True}
    as_json = listed(json.dumps(row) + "\n\n", "m.jsonl").rows[0]
    as_table = listed("path\ttext\tintensity\tneutral\na.wav\tHello\t0.5\t1\n").rows[0]
    assert as_json.text == as_table.text == "Hello"
    assert as_json.intensity == as_table.intensity == 0.5
    assert as_json.neutral and as_table.neutral


def test_bad_rows_are_named_and_the_rest_is_kept(listed):
    manifest = listed(
        "path,text,reference,emotion,intensity,neutral\n"
        "gone.wav,x,,,,\n"
        "a.wav,x,lost.wav,grumpy,strong,maybe\n"
        "a.wav,x\n"
        "a.wav,x,,,,,,extra\n"
        ",x,,,,\n"
        "b.wav,x,,,,\n"
    )
    assert [row.number for row in manifest.rows] == [3, 7]
    told = [(p.rows[0], p.what) for p in manifest.problems]
    assert told == [
        (2, "the row"), (3, "reference"), (3, "emotion"), (3, "intensity"), (3, "neutral"),
        (4, "the row"), (5, "the row"), (6, "the row"),
    ]  # fmt: skip
    assert "gone.wav" in str(manifest.problems[0]) and "row 2" in str(manifest.problems[0])
    assert "'grumpy'" in str(manifest.problems[2]) and "angry" in str(manifest.problems[2])
    assert manifest.rows[0].reference is None and manifest.rows[0].emotion == ""


def test_bad_json_lines_are_named(listed):
    manifest = listed('{"path": "a.wav"}\n{"path": \n[1]\n', "m.jsonl")
    assert [p.rows for p in manifest.problems] == [(2,), (3,)]
    assert len(manifest.rows) == 1


@pytest.mark.parametrize("text", ["", "path\n", "file,text\na.wav,x\n", "\n\n"])
def test_a_manifest_without_paths_is_refused(listed, text):
    with pytest.raises(EmottsError, match="column 'path'"):
        listed(text)


def test_what_is_no_text_is_refused(tmp_path):
    with pytest.raises(EmottsError, match="no manifest"):
        read_manifest(tmp_path / "none.csv")
    Path(tmp_path / "sound.csv").write_bytes(b"\xff\xfe\x00RIFF\x92")
    with pytest.raises(EmottsError, match="UTF-8"):
        read_manifest(tmp_path / "sound.csv")


def test_neighbouring_rows_are_drawn_together():
    assert numbered((3,)) == "row 3"
    assert numbered((5, 2, 3, 4, 9)) == "rows 2–5, 9"
