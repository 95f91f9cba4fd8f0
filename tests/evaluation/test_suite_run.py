import json
import sys
import types

import pytest

from emotts.errors import EmottsError
from emotts.evaluation import suite_run
from emotts.evaluation.entries import ENTRIES
from emotts.evaluation.suite import Absent, Entry
from emotts.evaluation.suite_run import choose, complete, run_suite


@pytest.fixture(autouse=True)
def page(monkeypatch):
    """A stand-in for the HTML page; remembers the folders it was written for."""
    module = types.ModuleType("emotts.evaluation.report_html")
    folders = []
    module.write_html = lambda folder: folders.append(folder)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return folders


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A small entry in place of the one on intensity: one voice, every emotion, SER B's ear."""

    def run(bench):
        entry = Entry("Small", "Every emotion by one voice.")
        voices = bench.voices[:1]
        clips = bench.neutral(voices) + bench.emotional(voices)
        for clip, p in zip(clips, bench.ser_b(clips, clips[:2]), strict=True):
            entry.row("all", clip, ser_b_probability=p)
        bench.judges.has("ser_a")
        return entry

    monkeypatch.setitem(ENTRIES, "intensity", run)


def rows_of(options):
    return [json.loads(line) for line in (options.output / "rows.jsonl").open(encoding="utf-8")]


def test_the_report_and_its_rows_have_the_agreed_form(options, make_bench, read_json, page):
    pytest.importorskip("jiwer")
    report = run_suite(options, ["words", "intensity"], make_bench())
    kept = read_json(options.output / "report.json")
    assert kept == json.loads(json.dumps(report))
    assert set(kept) >= {
        "format", "checkpoint", "seed", "seeds", "machine", "versions", "hashes", "judges",
        "entries",
    }  # fmt: skip
    assert kept["judges"]["used"] == ["ser_b", "ser_b_whisper", "whisper"]
    assert "ser_a" in kept["judges"]["absent"]
    rows = rows_of(options)
    assert {row["entry"] for row in rows} == {"words", "intensity"}
    for row in rows:
        wanted = {"set", "path", "text", "voice", "emotion", "intensity", "seed", "language"}
        assert set(row) >= wanted
        assert (options.output / row["path"]).is_file() and not row["path"].startswith("/")
    assert (options.output / "report.md").read_text(encoding="utf-8").startswith("# Evaluation")
    assert page == [options.output]


def test_a_finished_entry_is_not_scored_again(options, make_bench, judges):
    pytest.importorskip("jiwer")
    first = run_suite(options, ["words"], make_bench())
    rows = rows_of(options)
    judges["whisper"].transcribe = None
    bench = make_bench()
    again = run_suite(options, ["words"], bench)
    assert again["entries"] == first["entries"] and rows_of(options) == rows
    assert bench.synthesizer.asked == []


class Killed(BaseException):
    """A stop from outside, at any moment."""


@pytest.mark.parametrize("moment", [0, 1, 13])
def test_a_run_killed_in_the_making_goes_on(options, make_bench, moment):
    bench = make_bench()
    speak, made = bench.synthesizer.synthesize, []

    def dying(*given, **asked):
        if len(made) == moment:
            raise Killed
        made.append(given)
        return speak(*given, **asked)

    bench.synthesizer.synthesize = dying
    with pytest.raises(Killed):
        run_suite(options, ["intensity"], bench)
    later = make_bench()
    report = run_suite(options, ["intensity"], later)
    clean = {row["path"] for row in rows_of(options)}
    assert "intensity" in report["entries"]
    assert len(later.synthesizer.asked) + moment >= len(clean)
    kept = [path for path in options.output.rglob("*.wav")]
    assert len(kept) == len(later.synthesizer.asked) + moment


def test_a_run_killed_in_the_judging_keeps_what_was_heard(options, make_bench, judges):
    pytest.importorskip("jiwer")
    whisper = judges["whisper"]
    transcribe = whisper.transcribe

    def dying(path, language):
        if len(whisper.heard) == 5:
            raise Killed
        return transcribe(path, language)

    whisper.transcribe = dying
    with pytest.raises(Killed):
        run_suite(options, ["words"], make_bench())
    whisper.transcribe = transcribe
    run_suite(options, ["words"], make_bench())
    assert len(whisper.heard) == len(set(whisper.heard))


def test_rows_of_finished_entries_outlive_a_kill_in_the_next(options, make_bench, monkeypatch):
    run_suite(options, ["intensity"], make_bench())
    rows = rows_of(options)

    def dying(bench):
        raise Killed

    monkeypatch.setitem(ENTRIES, "affect", dying)
    with pytest.raises(Killed):
        run_suite(options, ["intensity", "affect"], make_bench())
    assert rows_of(options) == rows


def test_what_is_absent_is_named_and_the_rest_is_scored(options, make_bench, judges):
    del judges["whisper"]
    bench = make_bench()
    bench.judges.absent["whisper"] = "the package faster_whisper is not installed"
    said = []
    report = run_suite(options, ["words", "intensity"], bench, said.append)
    assert "faster_whisper" in report["judges"]["absent"]["whisper"]
    assert "faster_whisper" in report["skipped"]["words"]
    assert "intensity" in report["entries"] and "words" not in report["entries"]
    assert any("words: whisper is absent" in sentence for sentence in said)
    assert not complete(report, ["words", "intensity"]) and complete(report, ["intensity"])


def test_an_absent_anchor_makes_a_report_incomplete(options, make_bench, monkeypatch):
    def run(bench):
        def nothing():
            raise Absent("recordings are absent: no folder of them was given")

        assert bench.anchor("recordings", nothing) is None
        return Entry("t", "a")

    monkeypatch.setitem(ENTRIES, "words", run)
    bench = make_bench()
    assert run_suite(options, ["words"], bench)["notes"] == {}  # left out by wish
    bench.wanted = lambda row: True
    (options.output / "report.json").unlink()
    report = run_suite(options, ["words"], bench)
    assert "no folder" in report["judges"]["absent"]["recordings"]
    assert not complete(report, ["words"])


def test_a_control_that_the_synthesizer_lacks_skips_its_entry(options, make_bench):
    report = run_suite(options, ["mixing", "affect", "word_control"], make_bench())
    assert set(report["skipped"]) == {"mixing", "affect", "word_control"}
    assert "refuses 'valence" in report["skipped"]["affect"]
    assert "aloud" in report["skipped"]["word_control"]
    assert report["entries"] == {}


def test_another_checkpoint_begins_another_report(options, make_bench, tmp_path):
    run_suite(options, ["intensity"], make_bench())
    (tmp_path / "set" / "index.json").write_text('{"format": 1}')
    report = run_suite(options, ["mixing"], make_bench())
    assert report["entries"] == {} and rows_of(options) == []


def test_audio_of_other_code_is_warned_of(options, make_bench):
    bench = make_bench()
    run_suite(options, [], bench)
    (bench.folder / suite_run.MADE_BY).write_text("other")
    with pytest.warns(UserWarning, match="other code"):
        run_suite(options, [], make_bench())


def test_a_file_that_is_no_report_is_not_written_over(options, make_bench):
    options.output.mkdir()
    (options.output / "report.json").write_text("hello")
    with pytest.raises(EmottsError, match="report.json"):
        run_suite(options, [], make_bench())


def test_entries_are_chosen_by_name():
    assert choose(None) == list(ENTRIES)
    assert choose("speed, words") == ["words", "speed"]
    for bad in ("", "words,wrong"):
        with pytest.raises(EmottsError, match="choose from"):
            choose(bad)
