import pytest

from emotts.evaluation.files_manifest import Problem
from emotts.evaluation.files_report import asked_emotion, entry, markdown, means


def row(number, **values):
    return {
        "row": number, "set": "ours", "voice": "x", "emotion": "", "intensity": None, "seed": 0,
        "text": f"Text {number}.", "path": f"{number}.wav", "seconds": 1.0, "neutral": False,
    } | values  # fmt: skip


def test_word_errors_are_a_rate_of_the_whole_set():
    rows = [row(2, wer=1.0, word_count=1), row(3, wer=0.0, word_count=9), row(4)]
    assert means(rows)["wer"].value == pytest.approx(0.1)


def test_figures_are_means_of_the_rows_that_have_them():
    rows = [row(2, dnsmos=3.0, utmos=4.0), row(3, dnsmos=4.0), row(4, dnsmos=None)]
    figures = entry(rows, [])["figures"]
    assert figures["dnsmos"] == 3.5 and figures["utmos"] == 4.0 and figures["rows"] == 3
    assert 3 <= figures["dnsmos_low"] <= 3.5 <= figures["dnsmos_high"] <= 4
    assert "neutral" not in figures and "row" not in figures


def test_emotions_are_counted_where_they_were_asked():
    share = {"neutral": 0.4, "sad": 0.6}
    rows = [
        row(2, emotion="sad", ser_b="sad", ser_b_probability=share),
        row(3, emotion="sad", intensity=0, ser_b="sad", ser_b_probability=share),
        row(4, emotion="angry", ser_b="sad", ser_b_probability=share),
        row(5, ser_b="sad", ser_b_probability=share),
    ]
    found = entry(rows, [])
    assert asked_emotion(rows[1]) == "neutral"
    (matrix,) = found["matrices"]
    assert matrix["classes"] == ["neutral", "sad"] and matrix["counts"] == [[0, 1], [0, 1]]
    assert found["figures"]["ser_b_uar"] == 0.5


def test_tables_are_by_system_voice_and_emotion_and_name_what_was_left_out():
    rows = [row(2, set="a", mcd=5.0), row(3, set="b", voice="y", mcd=7.0), row(4, set="b")]
    problems = [Problem((4,), "reference", "a | b\nc"), Problem((2,), "the file", "silent", False)]
    found = entry(rows, problems)
    titles = [table["title"] for table in found["tables"]]
    assert titles == ["By system", "By voice", "Left out", "Noted"]
    by_system = found["tables"][0]
    assert by_system["head"] == ["metric", "a", "b"] and by_system["rows"][0] == ["files", 1, 2]
    report = {
        "entries": {"files": found}, "judges": {"used": ["x"], "absent": {"y": "gone"}},
        "machine": "m",
    }  # fmt: skip
    text = markdown(report)
    assert "Absent: y (gone)." in text and r"a \| b c" in text
    assert found["examples"][0]["clips"][0]["path"] == "3.wav"
