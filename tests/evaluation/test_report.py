import json

import pytest

from emotts.evaluation.report import markdown, markdown_table, read_rows, write_report, write_rows

REPORT = {
    "checkpoint": "abc", "seeds": [0, 1], "machine": "a machine", "hashes": {"ser_b": "f00"},
    "judges": {"used": ["whisper"], "absent": {"dnsmos": "not installed"}},
    "skipped": {"mixing": "no control mixing"},
    "notes": {"words": ["piper is absent: not installed"]},
    "entries": {
        "words": {
            "title": "Words", "about": "Errors.", "figures": {"wer": 0.05},
            "tables": [{"title": "T", "head": ["set", "WER", "low", "high"],
                        "rows": [["a|b", 0.05, 0.01, 0.1], ["c", None, None, None]]}],
            "curves": [{"title": "C", "x_label": "level", "y_label": "p",
                        "series": [{"name": "sad", "x": [0, 1], "y": [0.25, None]}]}],
            "matrices": [{"title": "M", "classes": ["x", "y"], "counts": [[7, 2], [0, 9]]}],
            "examples": [{"title": "E", "clips": [{"path": "a.wav", "label": "one"}]}],
        }
    },
}  # fmt: skip


def row(text, start):
    return next(line for line in text.splitlines() if line.startswith(f"| {start} |"))


def test_an_interval_joins_its_number():
    text = markdown_table(["set", "WER", "low", "high", "n"], [["a", 0.05, 0.01, 0.1, 3]])
    assert text.splitlines() == [
        "| set | WER | n |", "|---|---|---|", "| a | 0.050 [0.010, 0.100] | 3 |",
    ]  # fmt: skip


def test_everything_of_an_entry_is_shown():
    text = markdown(REPORT)
    assert row(text, "a\\|b").endswith("| 0.050 [0.010, 0.100] |")
    assert row(text, "c") == "| c | – |"
    assert row(text, "0") == "| 0 | 0.250 |" and row(text, "1") == "| 1 | – |"
    assert row(text, "x") == "| x | 7 | 2 |"
    assert "[one](a.wav)" in text


def test_what_was_absent_is_named_with_its_reason():
    text = markdown(REPORT)
    assert "- dnsmos: not installed" in text
    assert "- mixing: no control mixing" in text
    assert "Left out: piper is absent: not installed." in text


def test_every_table_has_rows_as_wide_as_its_head():
    for block in markdown(REPORT).split("\n\n"):
        lines = [line.replace("\\|", "") for line in block.splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in lines}) <= 1


def test_the_report_is_kept_whole(tmp_path):
    path = tmp_path / "report.json"
    write_report(path, REPORT)
    write_report(path, REPORT | {"checkpoint": "next"})
    assert json.loads(path.read_text())["checkpoint"] == "next"
    assert [file.name for file in tmp_path.iterdir()] == ["report.json"]
    with pytest.raises(ValueError):
        write_report(path, {"x": float("nan")})
    assert json.loads(path.read_text())["checkpoint"] == "next"


def test_rows_are_read_back(tmp_path):
    rows = [{"entry": "words", "text": "Zażółć"}, {"entry": "words", "wer": None}]
    assert read_rows(tmp_path / "rows.jsonl") == []
    write_rows(tmp_path / "rows.jsonl", rows)
    assert read_rows(tmp_path / "rows.jsonl") == rows
