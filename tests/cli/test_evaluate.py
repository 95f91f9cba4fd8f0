"""`emotts evaluate suite` on stand-ins; the entries themselves are tested under evaluation."""

import json

import pytest
import typer
from typer.testing import CliRunner

from emotts.errors import EmottsError
from emotts.evaluation import suite_run
from emotts.evaluation.entries import ENTRIES
from emotts.evaluation.suite import Absent, Entry


@pytest.fixture
def invoke(tmp_path):
    """Runs the suite on a checkpoint that is only an index, whatever else is given."""
    from emotts.cli.evaluate import evaluate

    app = typer.Typer()
    app.add_typer(evaluate, name="evaluate")
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "index.json").write_text("{}")
    (tmp_path / "sentences").mkdir()

    def call(*arguments, sentences=tmp_path / "sentences"):
        given = ["--sentences", sentences, "--checkpoint", tmp_path / "set",
                 "-o", tmp_path / "report", *arguments]  # fmt: skip
        return CliRunner().invoke(app, ["evaluate", "suite", *map(str, given)])

    return call


@pytest.fixture
def entries(monkeypatch):
    """Two entries: one that can be scored and one whose judge is absent."""
    ran = []

    def words(bench):
        ran.append(bench.options)
        return Entry("Words", "All said.", {"wer": 0.0})

    def emotion(bench):
        raise Absent("ser_b is absent: it was never fitted.")

    monkeypatch.setitem(ENTRIES, "words", words)
    monkeypatch.setitem(ENTRIES, "emotion", emotion)
    monkeypatch.setattr(suite_run, "_html", lambda folder, show: None)
    return ran


def test_all_scored_is_status_0_and_something_absent_is_1(invoke, entries, tmp_path):
    done = invoke("--only", "words")
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == str(tmp_path / "report" / "report.md")
    part = invoke("--only", "words,emotion")
    assert part.exit_code == 1
    assert "emotion: ser_b is absent: it was never fitted" in part.stderr
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert report["entries"]["words"]["figures"] == {"wer": 0.0}
    assert len(entries) == 1  # kept by the second run


def test_options_reach_the_suite(invoke, entries, tmp_path):
    invoke("--only", "words", "--quick", "--threads", 2, "--seed", 5, "--without", "piper")
    (options,) = entries
    assert (options.quick, options.seeds, options.threads) == (True, 1, 2)
    assert (options.seed, options.without) == (5, ("piper",))
    assert options.output == tmp_path / "report"


def test_again_forgets_what_was_kept(invoke, entries, tmp_path):
    invoke("--only", "words")
    (tmp_path / "report" / "mine.txt").write_text("not the suite's")
    assert invoke("--only", "words", "--again").exit_code == 0
    assert len(entries) == 2
    assert (tmp_path / "report" / "mine.txt").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "wrong"], "choose from words"),
        (["--only", ","], "choose from words"),
        (["--seeds", "0"], "--seeds must be"),
        (["--threads", "0"], "--threads must be"),
        (["--without", "people"], "choose from recordings"),
        (["--data", "nowhere"], "no folder nowhere"),
        (["--checkpoint", "nowhere"], "no folder nowhere"),
    ],
)
def test_bad_arguments_are_one_sentence(invoke, entries, arguments, said):
    result = invoke(*arguments)
    assert isinstance(result.exception, EmottsError) and said in str(result.exception)
    assert entries == []


def test_sentences_must_be_there(invoke, tmp_path):
    result = invoke(sentences=tmp_path / "nowhere")
    assert isinstance(result.exception, EmottsError) and "nowhere" in str(result.exception)


@pytest.mark.slow
@pytest.mark.needs_data
def test_the_shipped_checkpoint_is_scored(shared_data, tmp_path):
    for package in ("opensmile", "resemblyzer"):
        pytest.importorskip(package)
    from emotts.evaluation.suite import Options

    options = Options(tmp_path, shared_data.parent / "sentences", data=shared_data,
                      quick=True, seeds=1, without=("piper", "resynthesis"))  # fmt: skip
    report = suite_run.run_suite(options, ["emotion", "identity"])
    assert suite_run.complete(report, ["emotion", "identity"])
    recorded = report["entries"]["emotion"]["figures"]["recordings: uar_low"]
    assert recorded > 1 / 8  # the judge hears real emotion better than chance
    assert report["entries"]["identity"]["figures"]["intensity_0_same_bits"] == 1
