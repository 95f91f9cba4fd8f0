import sys
import types

import numpy as np
import pytest
import soundfile
import typer
from typer.testing import CliRunner

from emotts.cli.add_voice import add_voice
from emotts.synthesis import stored_voices
from emotts.synthesis.voices import Voice

CONSENT = "Anna Nowak, in writing, 2026-03-01"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("EMOTTS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    soundfile.write("anna.wav", 0.1 * np.sin(np.arange(24000) / 10), 24000)
    module = types.ModuleType("emotts.synthesis.converter")
    module.Converter = types.SimpleNamespace(from_pretrained=lambda source: source)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(stored_voices, "make_voice", make)
    return tmp_path


def make(converter, name, recordings, consent, language, sex):
    voice = Voice(
        name=name, sex=sex, language=language, corpus="stored", licence=f"consent: {consent}",
        minutes=0.5, log_f0=5.3, pitch_deviation=2.5, energy=1.0, tempo=0.0,
        mel_mean=[-4.0] * 80, embedding=[1.0, 0.0],
    )  # fmt: skip
    card = {"consent": consent, "seconds": 30.0, "checkpoint": "x", "created": "2026-03-01"}
    return voice, card, np.zeros(4)


def run(*arguments):
    app = typer.Typer()
    app.command()(add_voice)
    return CliRunner().invoke(app, arguments)


def test_a_voice_is_stored_with_its_consent(folder):
    result = run("anna", "anna.wav", "--consent", CONSENT, "-l", "pl")
    assert result.exit_code == 0, result.output
    assert "30 s of speech" in result.stderr
    voice, card, _ = stored_voices.StoredVoices().load("anna")
    assert card["consent"] == CONSENT and voice.language == "pl"
    again = run("anna", "anna.wav", "--consent", CONSENT)
    assert "a voice anna already" in str(again.exception)
    assert run("anna", "anna.wav", "--consent", CONSENT, "--replace").exit_code == 0


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["anna", "anna.wav"], "give --consent"),
        (["Anna!", "anna.wav", "--consent", CONSENT], "cannot be a voice's name"),
        (["anna", "missing.wav", "--consent", CONSENT], "there is no recording missing.wav"),
        (["anna", "anna.wav", "--consent", CONSENT, "-l", "klingonish"], "unknown language"),
    ],
)
def test_what_is_refused(folder, arguments, said):
    assert said in str(run(*arguments).exception)
    assert not (folder / "home" / "voices").exists()
