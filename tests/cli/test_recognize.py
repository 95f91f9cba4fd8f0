import json

import pytest


@pytest.fixture
def files(tmp_path, models):
    for name in ("a.wav", "b.wav", "plain.wav"):
        (tmp_path / name).touch()
    return tmp_path


def test_a_table_has_a_row_a_file(emotts, files):
    result = emotts("recognize", files / "a.wav", files / "b.wav")
    assert result.exit_code == 0, result.output
    rows = [line for line in result.stdout.splitlines() if ".wav" in line]
    assert [row.split()[0] for row in rows] == [str(files / "a.wav"), str(files / "b.wav")]
    assert rows[0].split()[1:] == ["angry", "0.90", "-0.50", "0.60", "0.20", "25%", "75%"]


def test_json_has_everything(emotts, files):
    (record,) = json.loads(emotts("recognize", files / "a.wav", "--json").stdout)
    assert record["file"] == str(files / "a.wav")
    assert record["probabilities"] == {"neutral": 0.25, "angry": 0.75}
    assert record["emotion"] == "angry" and record["intensity"] == pytest.approx(0.9)
    assert record["affect"] == {"valence": -0.5, "arousal": 0.6, "dominance": 0.2}


def test_neutral_recordings_reach_the_recognizer(emotts, models, files):
    emotts("recognize", files / "a.wav")
    emotts("recognize", files / "a.wav", "--neutral", files / "plain.wav")
    assert models.Recognizer.calls == [
        (files / "a.wav", None),
        (files / "a.wav", [files / "plain.wav"]),
    ]


def test_every_file_is_looked_for_first(refused, models, files):
    said = refused("recognize", files / "a.wav", files / "missing.wav")
    assert said == f"emotts: there is no audio file {files / 'missing.wav'}"
    refused("recognize", files / "a.wav", "--neutral", files)
    assert models.Recognizer.calls == []


def test_a_voice_is_heard_against_its_own_neutral(emotts, models, files):
    result = emotts("recognize", files / "a.wav", files / "b.wav", "--voice", "kathleen")
    assert result.exit_code == 0, result.output
    assert [(c["voice"], c["emotion"]) for c in models.Synthesizer.calls] == [
        ("kathleen", "neutral"),
        ("kathleen", "neutral"),
    ]
    assert [neutral for _, neutral in models.Recognizer.calls] == [("neutral of", 2)] * 2


def test_a_voice_must_be_known_and_is_the_only_neutral(refused, models, files):
    said = refused("recognize", files / "a.wav", "--voice", "nobody")
    assert said == "emotts: unknown voice 'nobody'; choose from kathleen, TP0"
    said = refused(
        "recognize", files / "a.wav", "--voice", "kathleen", "--neutral", files / "b.wav"
    )
    assert said.startswith("emotts: --neutral and --voice exclude each other")
    assert models.Recognizer.calls == []
