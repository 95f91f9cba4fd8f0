import json

import numpy as np
import pytest
import soundfile
import typer
from typer.testing import CliRunner

from emotts.audio.io import write_audio
from emotts.audio.provenance import provenance_tags
from emotts.cli.provenance import provenance


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tone = 0.1 * np.sin(np.arange(24000) / 10)
    write_audio("a.wav", tone, 24000, provenance_tags({"emotts": "0.1.0", "emotion": "sad"}))
    soundfile.write("b.wav", tone, 24000)


def run(*arguments):
    app = typer.Typer()
    app.command()(provenance)
    return CliRunner().invoke(app, arguments)


def test_how_files_were_made(files):
    said = run("a.wav", "b.wav").stdout.splitlines()
    assert said == [
        "a.wav: emotts 0.1.0, emotion sad", "b.wav: does not say that emotts made it",
    ]  # fmt: skip


def test_as_json(files):
    first, second = (json.loads(x) for x in run("a.wav", "b.wav", "--json").stdout.splitlines())
    assert first == {"file": "a.wav", "provenance": {"emotts": "0.1.0", "emotion": "sad"}}
    assert second == {"file": "b.wav", "provenance": None}
