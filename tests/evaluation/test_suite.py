import json

import numpy as np

from emotts.evaluation.bootstrap import Interval
from emotts.evaluation.clips import Clip
from emotts.evaluation.suite import QUICK, Entry, Sizes, seen_from


def test_an_interval_stands_beside_its_figure_and_what_is_not_a_number_is_null():
    entry = Entry("t", "a")
    entry.figure("wer", Interval(0.1, 0.05, float("inf")))
    entry.figure("rho", float("nan"))
    entry.figure("none", None)
    assert entry.figures == {
        "wer": 0.1, "wer_low": 0.05, "wer_high": None, "rho": None, "none": None,
    }  # fmt: skip


def test_a_report_is_json_whatever_numpy_gave(tmp_path):
    entry = Entry("t", "a")
    entry.figure("x", np.float32(0.5))
    entry.table("T", ["a", "b"], [["x", float("nan")], ["y", 2]])
    entry.curve("C", "x", "y", [{"name": "s", "x": [0, 1], "y": [np.float64(0.5), np.nan]}])
    entry.matrix("M", ["a", "b"], np.array([[1, 2], [3, 4]]))
    entry.example("E", [(str(tmp_path / "audio" / "a.wav"), "one")])
    entry.row("set", Clip(str(tmp_path / "a.wav"), "hello", "x", "sad", 0.5), wer=0.0)
    report = json.loads(json.dumps(entry.report(tmp_path), allow_nan=False))
    assert report["tables"][0]["rows"] == [["x", None], ["y", 2]]
    assert report["curves"][0]["series"][0] == {"name": "s", "x": [0, 1], "y": [0.5, None]}
    assert report["matrices"][0]["counts"] == [[1, 2], [3, 4]]
    assert report["examples"][0]["clips"] == [{"path": "audio/a.wav", "label": "one"}]
    assert "rows" not in report
    assert entry.rows[0] | {"set": "set", "emotion": "sad", "wer": 0.0} == entry.rows[0]


def test_what_an_entry_did_not_make_is_left_out(tmp_path):
    assert set(Entry("t", "a").report(tmp_path)) == {"title", "about", "figures"}


def test_paths_are_seen_from_the_report(tmp_path):
    assert seen_from(tmp_path / "report", tmp_path / "data" / "a.opus") == "../data/a.opus"


def test_quick_is_larger_nowhere():
    sizes = Sizes()
    for name, value in vars(QUICK).items():
        full = getattr(sizes, name)
        assert (len(value) < len(full)) if name == "grid" else (value <= full), name
