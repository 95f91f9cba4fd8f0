"""`emotts dub` and its subcommands, with tones instead of models."""

import json
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "dubbing"))

from fake_studio import CAST, LINES, Here, ToneStudio  # noqa: E402

from emotts.cli import main  # noqa: E402
from emotts.cli.dub import dub  # noqa: E402


@pytest.fixture
def job(tmp_path, monkeypatch):
    """Runs the command in a folder with script.jsonl and cast.yaml."""
    import numpy as np

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "emotts.dubbing.job._engine", lambda studio, options: Here(ToneStudio(tmp_path))
    )
    monkeypatch.setattr("emotts.dubbing.worker.Models", lambda *_: ToneStudio(tmp_path))
    monkeypatch.setattr("emotts.audio.f0.track_f0", lambda x, rate: (np.zeros(1), np.zeros(1)))
    Path("cast.yaml").write_text(CAST)
    write(LINES)
    app = typer.Typer(cls=main._Commands)
    app.callback()(lambda: None)
    app.add_typer(dub, name="dub")
    return lambda *words: CliRunner().invoke(app, ["dub", *map(str, words)])


def write(lines) -> None:
    Path("script.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


ASKED = ("script.jsonl", "--cast", "cast.yaml", "-o", "out")


def test_a_script_becomes_a_track(job):
    result = job(*ASKED, "--stems", "--loudness", "-20")
    assert result.exit_code == 0, result.output
    assert "3 done, 0 failed, 0 waiting" in result.output and "-20.0 LUFS" in result.output
    assert Path("out/track.wav").exists() and Path("out/report.html").exists()


@pytest.mark.parametrize("asked", [("run", *ASKED), (*ASKED[1:], ASKED[0])])
def test_other_ways_to_say_it(job, asked):
    assert job(*asked, "--only", "2").exit_code == 0
    assert "1 done, 0 failed, 2 waiting" in job("status", "out").output


def test_corrections(job):
    job(*ASKED)
    assert job(*ASKED, "--retake", "2", "--seed", "7").exit_code == 0
    made = [row.split("\t")[1] for row in Path("made").read_text().splitlines()]
    assert made == ["0", "0", "0", "7"]
    assert "2 files removed" in job("clean", "out").output
    Path("out/report.html").unlink()
    assert job("report", "out").exit_code == 0 and Path("out/report.html").exists()


def test_a_failed_line_is_named_and_ends_with_1(job):
    write([*LINES, dict(start=9, text="unpronounceable")])
    for words in (ASKED, ("status", "out")):
        result = job(*words)
        assert result.exit_code == 1
        assert "line 4 (row 4 of the script) failed: nothing in the text" in result.output
    assert Path("out/track.wav").exists()


def test_bad_input_is_one_sentence(job):
    for words, named in (
        (("missing.srt", "-o", "out"), "the script missing.srt cannot be read"),
        ((*ASKED, "--overflow", "squeeze"), "unknown overflow"),
        ((*ASKED, "--only", "1-x"), "write such as 12,40-55"),
        ((*ASKED, "--device", "tpu"), "tpu"),
        ((*ASKED, "--convert"), "name them with like"),
        ((*ASKED, "--like", "no.wav"), "no originals at no.wav"),
        (("status", "nowhere"), "no dubbing job in nowhere"),
        (("clean", "nowhere"), "no dubbing job in nowhere"),
        (("report", "nowhere"), "no dubbing job in nowhere"),
    ):
        result = job(*words)
        assert result.exit_code == 2 and named in result.output, words
        assert result.output.count("emotts: ") == 1 and "Traceback" not in result.output
    assert not Path("out").exists() and not Path("nowhere").exists()


def test_stopped_by_hand(job, monkeypatch):
    class Stopped:
        def run(self, tasks, done):
            raise KeyboardInterrupt

    monkeypatch.setattr("emotts.dubbing.job._engine", lambda studio, options: Stopped())
    result = job(*ASKED)
    assert result.exit_code == 130 and "the same command goes on from here" in result.output


def test_help_names_the_subcommands(job):
    for words in (("--help",), ()):
        output = job(*words).output
        assert all(name in output for name in ("run", "status", "report", "clean"))
    assert "--retake" in job("run", "--help").output
