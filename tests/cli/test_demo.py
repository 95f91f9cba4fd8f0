"""`emotts demo`, with a server that only remembers."""

import sys
import types

import pytest
import typer
from typer.testing import CliRunner

pytest.importorskip("gradio")


@pytest.fixture
def served(monkeypatch):
    """Runs the command; the launches it made stand in `.calls`."""
    from emotts.cli.demo import demo
    from emotts.cli.main import _Commands
    from emotts.demo import app as pages

    calls = []

    def launch(studio, *given, **named):
        calls.append(types.SimpleNamespace(studio=studio, given=given, named=named))
        assert studio.folder.is_dir()
        return types.SimpleNamespace(local_url="http://here/", block_thread=lambda: None)

    monkeypatch.setattr(pages, "launch", launch)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    app = typer.Typer(cls=_Commands)
    app.command()(demo)
    app.command("other")(lambda: None)

    def run(*options):
        return CliRunner().invoke(app, ["demo", *map(str, options)])

    run.calls = calls
    return run


def test_without_options_only_this_machine_is_served(served):
    result = served()
    assert result.exit_code == 0, result.output
    assert "http://here/" in result.stderr
    (call,) = served.calls
    assert call.given == ("127.0.0.1", 7860, "", None, False)
    assert call.studio.checkpoint is None


def test_options_reach_the_server(served, tmp_path):
    served("--host", "0.0.0.0", "--port", 8080, "--root-path", "/emotts", "--auth", "anna:a:b",
           "--checkpoint", tmp_path)  # fmt: skip
    (call,) = served.calls
    assert call.given == ("0.0.0.0", 8080, "/emotts", ("anna", "a:b"), False)
    assert call.studio.checkpoint == str(tmp_path)


def test_files_are_deleted_when_it_ends(served):
    served()
    assert not served.calls[0].studio.folder.exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--port", 0], "--port"), (["--port", 65536], "--port"), (["--auth", "anna"], "--auth"),
        (["--auth", ":secret"], "--auth"), (["--auth", "anna:"], "--auth"),
        (["--root-path", "emotts"], "begins with a slash"),
    ],
)  # fmt: skip
def test_wrong_options_are_refused_in_a_sentence(served, options, reason):
    result = served(*options)
    assert result.exit_code == 2
    assert reason in result.stderr and len(result.stderr.splitlines()) == 1
    assert not served.calls


def test_a_missing_package_is_named_with_its_extra(served, monkeypatch):
    monkeypatch.delitem(sys.modules, "emotts.demo.app")
    monkeypatch.setitem(sys.modules, "gradio", None)
    result = served()
    assert result.exit_code == 2
    assert "needs gradio: pip install 'emotts[demo]'" in result.stderr
