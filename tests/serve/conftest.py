"""A server of the tiny checkpoints (see tests/pipeline.py), in this process or under uvicorn."""

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[n]) for n in (0, 1)]

from converting import converter_of  # noqa: E402
from live_server import Gated  # noqa: E402
from pipeline import made_speech, trained  # noqa: E402, F401

from emotts.audio.io import encode_audio  # noqa: E402

pytest.importorskip("fastapi")
pytest.importorskip("prometheus_client")


@pytest.fixture(scope="session")
def checkpoints(trained, tmp_path_factory) -> Path:  # noqa: F811
    """The tiny set, with what conversion needs."""
    folder = tmp_path_factory.getbasetemp() / "serving"
    converter_of(trained.checkpoints, folder)
    return folder


@pytest.fixture(scope="session")
def make_app(checkpoints):
    """make_app(**settings) → a fresh app."""
    from emotts.serve.app import create_app
    from emotts.serve.settings import Settings

    def make(**settings):
        given = dict(checkpoint=str(checkpoints), personal=False, warm=False) | settings
        return create_app(Settings(**given))

    return make


@pytest.fixture(scope="session")
def client(make_app):
    """A client of an app in this process, with little limits where tests run into them."""
    from fastapi.testclient import TestClient

    app = make_app(
        max_characters=2000, max_pause_seconds=5, max_upload_bytes=300_000, max_upload_seconds=5
    )
    with TestClient(app, raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def gated(make_app):
    """(app, its gated synthesizer)."""
    app = make_app()
    app.state.engine.synthesizer = Gated(app.state.engine.synthesizer)
    return app, app.state.engine.synthesizer


@pytest.fixture(scope="session")
def recording() -> bytes:
    """A wav of two seconds that sound like speech."""
    return encode_audio(made_speech(170, 2.0, seed=3), 24000)
