import numpy as np
import pytest
import soundfile
import typer
from typer.testing import CliRunner

from emotts.cli.evaluate_files import files
from emotts.cli.main import _Commands

RATE = 24000


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    """Runs the command on a manifest beside a tone a.wav, with figures of the file alone."""
    monkeypatch.setattr("emotts.evaluation.report_html.write_html", lambda folder: None)
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(RATE) / RATE)
    soundfile.write(tmp_path / "a.wav", tone, RATE)
    app = typer.Typer(cls=_Commands, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(files)
    app.command("other")(lambda: None)

    def run(manifest, *options):
        path = tmp_path / "m.csv"
        path.write_text(manifest)
        out = ["-o", str(tmp_path / "out"), "--only", "prosody"]
        return CliRunner().invoke(app, ["files", str(path), *out, *options])

    return run


def test_all_is_scored(invoke, tmp_path):
    result = invoke("path\na.wav\n")
    assert result.exit_code == 0, result.output
    assert "f0_mean_semitones" in result.stdout and "1 file scored" in result.stderr
    assert (tmp_path / "out" / "report.md").is_file()


def test_what_is_left_out_sets_the_status_and_is_named(invoke):
    result = invoke("path\na.wav\ngone.wav\n")
    assert result.exit_code == 1
    assert "row 3" in result.stderr and "gone.wav" in result.stderr
    assert "f0_mean_semitones" in result.stdout


@pytest.mark.parametrize(
    ("manifest", "options", "named"),
    [
        ("file\na.wav\n", (), "'path'"),
        ("path\ngone.wav\n", (), "gone.wav"),
        ("path\na.wav\n", ("--only", "beauty"), "beauty"),
        ("path\na.wav\n", ("--limit", "0"), "--limit"),
        ("path\na.wav\n", ("--judge", "nobody"), "nobody"),
        ("path\na.wav\n", ("-o", __file__), "folder"),
    ],
)
def test_what_cannot_be_used_at_all_is_one_sentence(invoke, manifest, options, named):
    result = invoke(manifest, *options)
    assert result.exit_code == 2 and result.stdout == ""
    assert named in result.stderr and "Traceback" not in result.stderr
