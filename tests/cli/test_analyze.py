import json
import re
import types

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from emotts.audio.io import write_audio
from emotts.cli.analyze import analyze
from emotts.errors import EmottsError
from emotts.synthesis.recognizer import Neutral, Recognition, Recognizer

pytest.importorskip("opensmile")
RATE = 24000


def speech(pitch_hz: float) -> np.ndarray:
    t = np.arange(2 * RATE) / RATE
    tone = sum(np.cos(2 * np.pi * k * pitch_hz * t + k) / k for k in range(1, 20))
    return (0.1 * tone * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t))).astype(np.float32)


@pytest.fixture
def files(tmp_path):
    for name, pitch_hz in (("low", 110), ("high", 240), ("plain", 110)):
        write_audio(tmp_path / f"{name}.wav", speech(pitch_hz), RATE)
    write_audio(tmp_path / "quiet.wav", np.zeros(RATE, np.float32), RATE)
    (tmp_path / "note.wav").write_text("no audio")
    (tmp_path / "sub").mkdir()
    write_audio(tmp_path / "sub" / "low.wav", speech(110), RATE)
    return tmp_path


@pytest.fixture
def run(monkeypatch):
    """Runs the command with a recognizer that always hears the same."""
    loads = []

    def hear(samples, neutral):
        return Recognition({"neutral": 0.25, "angry": 0.75}, "angry", 0.9,
                           {"valence": -0.5, "arousal": 0.6, "dominance": 0.2})  # fmt: skip

    ears = types.SimpleNamespace(
        spectrum=np.zeros(80), recognize=hear,
        hear_neutral=lambda clips: Neutral(1.0, 5.0, np.zeros(80), np.zeros(64)),
    )  # fmt: skip
    monkeypatch.setattr(Recognizer, "from_pretrained", lambda source: loads.append(source) or ears)
    app = typer.Typer(rich_markup_mode=None)
    app.command()(analyze)

    def invoke(*arguments):
        return CliRunner().invoke(app, [str(a) for a in arguments])

    invoke.loads = loads
    return invoke


def test_every_recording_gets_its_files_and_a_row(run, files):
    pytest.importorskip("matplotlib")
    out = files / "made" / "here"
    result = run(files / "low.wav", files / "high.wav", "-o", out)
    assert result.exit_code == 0, result.output
    assert sorted(p.name for p in out.iterdir()) == sorted(
        f"{stem}{ending}" for stem in ("low", "high")
        for ending in (".json", ".csv", ".frames.csv", ".png")
    )  # fmt: skip
    low, high = [row.split() for row in result.stdout.splitlines() if ".wav" in row]
    assert low[:6] == [str(files / "low.wav"), "angry", "0.90", "-0.50", "0.60", "0.20"]
    assert float(low[7]) == pytest.approx(110, rel=0.02)
    assert float(high[7]) == pytest.approx(240, rel=0.02)
    assert run.loads == [None], "one model for all"


def test_options_reach_the_analysis(run, files):
    options = ["--window", "1", "--hop", "0.5", "--no-picture", "--checkpoint", "mine"]
    neutral = ["--neutral", files / "plain.wav"]
    result = run(files / "low.wav", "-o", files / "out", *neutral, *options)
    assert result.exit_code == 0, result.output
    record = json.loads((files / "out" / "low.json").read_text("utf-8"))
    assert record["relative_to"] == "plain.wav"
    assert [(w["start"], w["end"]) for w in record["windows"]] == [(0, 1), (0.5, 1.5), (1, 2)]
    assert not (files / "out" / "low.png").exists() and run.loads == ["mine"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone.wav"], "there is no audio file"),
        (["low.wav", "--neutral", "gone.wav"], "there is no audio file"),
        (["quiet.wav"], "quiet.wav is silent"),
        (["note.wav"], "note.wav cannot be read as audio"),
        (["low.wav", "--neutral", "quiet.wav"], "neutral quiet.wav is silent"),
        (["low.wav", "--window", "0.1"], "a window is 0.3 to 60 seconds long, not 0.1"),
        (["low.wav", "--hop", "0"], "windows move by 0.02 to 60 seconds, not 0"),
        (["low.wav", "sub/low.wav"], "would both be written as low.json"),
        (["low.wav", "-o", "note.wav"], "the folder .* cannot be made"),
    ],
)
def test_bad_input_is_one_sentence(run, files, arguments, message):
    places = [files / a if a.endswith(".wav") else a for a in arguments]
    out = [] if "-o" in arguments else ["-o", files / "out"]
    result = run(*places, *out)
    assert isinstance(result.exception, EmottsError)
    assert re.search(message, str(result.exception))


def test_help_has_examples(run):
    text = run("--help").output
    assert "emotts analyze speech.wav -o out/" in text and "--neutral" in text
