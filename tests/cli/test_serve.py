"""`emotts serve`: what is refused before anything is loaded."""

import pytest
import typer
from typer.testing import CliRunner

from emotts.cli.serve import RANGES, serve
from emotts.errors import EmottsError

pytest.importorskip("fastapi")
pytest.importorskip("prometheus_client")


def called(*arguments, env=None):
    app = typer.Typer()
    app.command()(serve)
    return CliRunner().invoke(app, list(arguments), env=env)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--port", "70000"], "--port"),
        (["--max-requests", "0"], "--max-requests"),
        (["--max-seconds", "nan"], "--max-seconds"),
        (["--max-characters", "50000"], "40000"),
        (["--api-key", " "], "empty"),
        (["--root-path", "speech"], "/"),
        (["--root-path", "/speech/"], "/"),
        (["--device", "abacus"], "abacus"),
        (["--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["--port", "0", "--checkpoint", "./no/such"], "no/such"),
    ],
)
def test_what_cannot_be_served(arguments, named):
    error = called(*arguments).exception
    assert isinstance(error, EmottsError) and named in str(error)


def test_an_empty_key_in_the_environment_is_not_an_open_door():
    assert isinstance(called(env={"EMOTTS_API_KEY": " "}).exception, EmottsError)


def test_ranges_are_the_settings_own():
    from emotts.serve.settings import Settings

    for name, (low, high) in RANGES.items():
        Settings(**{name: low})
        Settings(**{name: high})
        for beyond in (0, high + 1):
            with pytest.raises(ValueError):
                Settings(**{name: beyond})


def test_options_reach_the_server(monkeypatch):
    from emotts.serve import app, run

    made = []
    monkeypatch.setattr(app, "create_app", made.append)

    class Server:
        def run(self, sockets):
            made.append(sockets[0].getsockname()[0])

    monkeypatch.setattr(run, "make_server", lambda app, settings: Server())
    result = called("--port", "0", "--max-requests", "3", "--no-personal", "--root-path", "/a",
                    env={"EMOTTS_API_KEY": "k"})  # fmt: skip
    assert result.exit_code == 0, result.output
    settings, host = made
    assert (settings.max_requests, settings.personal, settings.root_path) == (3, False, "/a")
    assert settings.api_key == "k" and host == "127.0.0.1"
