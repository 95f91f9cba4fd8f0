import json
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from emotts.errors import EmottsError
from emotts.evaluation.files import evaluate_files, merged
from emotts.evaluation.files_judges import Opinion, Prosody, Words
from emotts.evaluation.files_manifest import Problem

RATE = 24000
TONE = 0.3 * np.sin(2 * np.pi * 220 * np.arange(RATE) / RATE)


class Judge:
    """A judge by name that tells a file's mean square, and counts what it heard."""

    name = "loudmos"

    def __init__(self):
        self.heard = 0

    def __call__(self, samples):
        self.heard += 1
        if np.abs(samples).max() > 0.999:
            raise RuntimeError("too loud for me")
        return float(np.mean(samples**2))


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Scores files written from samples: run({name: samples}, manifest, judge) → report."""
    monkeypatch.setattr("emotts.evaluation.report_html.write_html", lambda folder: None)

    def score(sounds, manifest, metrics=None, **options):
        for name, samples in sounds.items():
            if isinstance(samples, bytes):
                (tmp_path / name).write_bytes(samples)
            else:
                soundfile.write(tmp_path / name, samples, RATE)
        (tmp_path / "m.csv").write_text(manifest, encoding="utf-8")
        judge = metrics if metrics is not None else [Opinion("loudmos", Judge)]
        return evaluate_files(tmp_path / "m.csv", tmp_path / "out", metrics=judge, **options)

    return score


def test_every_row_and_figure_is_written(run, tmp_path):
    found = run({"a.wav": TONE, "b.wav": 0.5 * TONE}, "path,system\na.wav,x\nb.wav,y\n")
    assert found.complete
    rows = [json.loads(x) for x in (tmp_path / "out/rows.jsonl").read_text().splitlines()]
    assert [row["set"] for row in rows] == ["x", "y"]
    assert rows[0]["loudmos"] == pytest.approx(0.045, rel=0.01)
    assert (tmp_path / "out" / rows[0]["path"]).resolve() == (tmp_path / "a.wav").resolve()
    report = json.loads((tmp_path / "out/report.json").read_text())
    figures = report["entries"]["files"]["figures"]
    assert figures["loudmos"] == pytest.approx((0.045 + 0.01125) / 2, rel=0.01)
    assert figures["loudmos_low"] <= figures["loudmos"] <= figures["loudmos_high"]
    assert report["format"] == 1 and report["judges"] == {"used": ["loudmos"], "absent": {}}
    assert "loudmos" in (tmp_path / "out/report.md").read_text()


def test_bad_files_are_named_and_the_rest_is_scored(run):
    sounds = {
        "good.wav": TONE, "silent.wav": np.zeros(RATE), "clipped.wav": np.clip(9 * TONE, -1, 1),
        "empty.wav": np.zeros(0), "text.wav": b"hello", "stereo.wav": np.stack([TONE, TONE], 1),
    }  # fmt: skip
    found = run(sounds, "path\n" + "\n".join(sounds) + "\ngone.wav\n")
    left_out = {p.rows: p.what for p in found.problems if p.left_out}
    assert left_out == {(5,): "the row", (6,): "the row", (8,): "the row", (4,): "loudmos"}
    noted = {p.rows: p.why for p in found.problems if not p.left_out}
    assert noted == {(3,): "silent", (4,): "clipped", (7,): "2 channels, averaged"}
    assert not found.complete
    scores = {row["row"]: row.get("loudmos") for row in found.rows}
    assert scores[3] == 0 and scores[4] is None and scores[7] == pytest.approx(scores[2])
    assert "too loud for me" in str(found.problems[-1])


def test_a_second_run_hears_only_what_changed(run, tmp_path):
    judge = Judge()
    manifest = "path\na.wav\nb.wav\n"
    metrics = [Opinion("loudmos", lambda: judge)]
    first = run({"a.wav": TONE, "b.wav": 0.5 * TONE}, manifest, metrics)
    again = run({}, manifest, [Opinion("loudmos", lambda: judge)])
    assert judge.heard == 2 and again.rows == first.rows
    changed = run({"b.wav": 0.1 * TONE}, manifest, [Opinion("loudmos", lambda: judge)])
    assert judge.heard == 3 and changed.rows[1]["loudmos"] < first.rows[1]["loudmos"]


def test_an_absent_judge_is_named_and_asked_once(run):
    loads = []

    def load():
        loads.append(1)
        raise ImportError("No module named 'loudmos'")

    metrics = [Opinion("loudmos", load), Prosody()]
    found = run({"a.wav": TONE, "b.wav": 0.5 * TONE}, "path\na.wav\nb.wav\n", metrics)
    assert found.report["judges"]["used"] == ["prosody"]
    assert found.report["judges"]["absent"] == {"loudmos": "No module named 'loudmos'"}
    assert len(loads) == 1 and not found.complete
    assert [p.rows for p in found.problems if p.left_out] == [(2, 3)]
    assert all(row["f0_mean_semitones"] == pytest.approx(36, abs=0.3) for row in found.rows)


def test_what_was_not_asked_for_is_no_fault(run):
    pytest.importorskip("jiwer")

    def words():
        judge = SimpleNamespace(transcribe=lambda path, language: "one two")
        return [Words(lambda: judge)]

    sounds = {"a.wav": TONE, "b.wav": 0.5 * TONE}
    without = run(sounds, "path\na.wav\nb.wav\n", words())
    assert without.complete and [p.rows for p in without.problems] == [(2, 3)]
    partly = run({}, "path,text\na.wav,one three\nb.wav,\n", words())
    assert not partly.complete and partly.rows[0]["wer"] == 0.5 and "wer" not in partly.rows[1]
    assert not run({}, "path\na.wav\n", words(), only=["wer"]).complete


def test_only_and_limit_choose(run):
    metrics = [Opinion("loudmos", Judge), Prosody()]
    sounds = {"a.wav": TONE, "b.wav": 2 * TONE}
    manifest = "path,voice,neutral\nb.wav,x,\na.wav,x,1\n"
    found = run(sounds, manifest, metrics, only=["level_dbfs"], limit=1)
    assert len(found.rows) == 1 and "loudmos" not in found.rows[0]
    # The neutral file beyond the limit is still what the first one is heard against.
    assert found.rows[0]["f0_shift_semitones"] == pytest.approx(0, abs=0.05)
    with pytest.raises(EmottsError, match="loudmos"):
        run({}, manifest, metrics, only=["nonsense"])
    with pytest.raises(EmottsError, match="limit"):
        run({}, manifest, metrics, limit=0)


def test_nothing_to_score_is_refused(run):
    with pytest.raises(EmottsError, match="gone.wav"):
        run({}, "path\ngone.wav\n")


def test_problems_that_are_the_same_are_told_once():
    problems = [Problem((4,), "a", "b"), Problem((2,), "a", "b"), Problem((2,), "a", "c")]
    assert [p.rows for p in merged(problems)] == [(2, 4), (2,)]


@pytest.mark.slow
def test_the_page_shows_the_report(tmp_path):
    soundfile.write(tmp_path / "a.wav", TONE, RATE)
    (tmp_path / "m.csv").write_text("path,text\na.wav,A tone.\n")
    evaluate_files(tmp_path / "m.csv", tmp_path / "out", only=["prosody"])
    assert "f0_mean_semitones" in (tmp_path / "out/report.html").read_text(encoding="utf-8")
