import json

from emotts.evaluation.report import markdown, write_report

WORDS = {"clips": 4, "wer": 0.05, "wer_interval": [0.0, 0.1], "cer": 0.01,
         "skipped_or_repeated": 0.25}  # fmt: skip
EMOTION = {"clips": 4, "uar": 0.5, "uar_interval": [0.25, 0.75], "accuracy": 0.5, "macro_f1": 0.4,
           "classes": ["neutral", "sad"], "confusion": [[2, 0], [2, 0]]}  # fmt: skip
REPORT = {
    "checkpoint": "abc",
    "machine": "a machine",
    "words": {"recordings": WORDS, "kathleen": WORDS | {"wer": 0.08}},
    "emotion": {"synthesis": {"ser_b": EMOTION, "ser_b_absolute": EMOTION | {"uar": 0.125}}},
    "identity": {"synthesis": {"ratio": 0.9, "ratio_by_voice": {"lj": 0.9}}},
    "naturalness": {
        "recordings": {"clips": 4, "distillmos": 4.0, "distillmos_interval": [3.9, 4.1],
                       "dnsmos": 3.2, "dnsmos_interval": [3.1, 3.3]},
        "kathleen": {"clips": 4, "distillmos": 3.7, "distillmos_interval": [3.6, 3.8],
                     "dnsmos": 3.1, "dnsmos_interval": [3.0, 3.2]},
    },
    "speed": {"emotts": {"real_time_factor": 0.0312, "load_seconds": 1.5,
                         "peak_megabytes": 512.3, "runs": 5}},
}  # fmt: skip


def row(text, start):
    return next(line for line in text.splitlines() if line.startswith(f"| {start} |"))


def test_synthesis_is_shown_beside_and_minus_the_recordings():
    text = markdown(REPORT)
    assert "8.0 % [0.0, 10.0] | +3.0 |" in row(text, "kathleen")
    assert "| – |" in row(text, "recordings")
    assert "3.70 [3.60, 3.80] (-0.30)" in text
    assert "0.50 [0.25, 0.75]" in row(text, "synthesis")
    assert "| emotts | 0.031 | 1.50 s | 512 MB |" in text
    assert "| sad | 2 | 0 |" in text


def test_what_was_not_measured_is_left_out():
    text = markdown({"checkpoint": "abc", "machine": "m", "words": {"kathleen": WORDS}})
    assert "naturalness" not in text
    assert "| – |" in row(text, "kathleen")  # nothing to subtract


def test_every_table_has_rows_as_wide_as_its_head():
    for block in markdown(REPORT).split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in lines}) <= 1


def test_the_report_is_kept_whole(tmp_path):
    path = tmp_path / "report.json"
    write_report(path, REPORT)
    write_report(path, REPORT | {"checkpoint": "next"})
    assert json.loads(path.read_text())["checkpoint"] == "next"
    assert [file.name for file in tmp_path.iterdir()] == ["report.json"]
