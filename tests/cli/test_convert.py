import sys
import types

import numpy as np
import pytest
import soundfile

from emotts.audio.io import read_audio
from emotts.emotion.palette import Palette
from emotts.emotion.space import EmotionSpace
from emotts.errors import EmottsError
from emotts.synthesis.converter import Converted

RATE = 24000


class Converter:
    """Halves what it is given, and remembers what was asked."""

    calls: list = []
    loads: list = []
    mark = "0123456789"

    @classmethod
    def from_pretrained(cls, source=None, device="cpu"):
        cls.loads.append((source, device))
        made = cls()
        made.learned, made.stored = {}, {}
        made.models = types.SimpleNamespace(folder="nowhere")
        return made

    def palette(self, options):
        space = EmotionSpace(np.eye(2), np.zeros(2), {"happy": [1, 0], "angry": [0, 1]})
        return Palette(space, self.learned)

    def measure(self, recording, name):
        return f"the voice of {recording.name}"

    def stream(self, recorded, progress=None, **wishes):
        if wishes["voice"] == "nobody":
            raise EmottsError("unknown voice 'nobody'; choose from kathleen")
        given = {k: v for k, v in wishes.items() if v not in (None, [])}
        self.calls.append(given)
        pieces = (0.5 * block for block in recorded.blocks())
        return Converted(pieces, {"emotts": "0.1.0", "emotion": "sad"}, recorded.seconds)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("EMOTTS_HOME", str(tmp_path / "home"))
    module = types.ModuleType("emotts.synthesis.converter")
    module.Converter = Converter
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.chdir(tmp_path)
    Converter.calls.clear()
    Converter.loads.clear()
    soundfile.write("in.wav", tone(), RATE)
    return tmp_path


@pytest.fixture
def run():
    from typer.testing import CliRunner

    from emotts.cli.convert import convert
    from emotts.cli.main import _Commands, typer

    app = typer.Typer(cls=_Commands)
    app.command("convert")(convert)
    app.command("other")(lambda: None)  # so that commands keep their names

    def invoke(*arguments):
        return CliRunner().invoke(app, ["convert", *map(str, arguments)])

    return invoke


@pytest.fixture
def refused(run):
    def invoke(*arguments):
        result = run(*arguments)
        assert result.exit_code == 2, result.output
        (sentence,) = [x for x in result.stderr.splitlines() if x.startswith("emotts: ")]
        return sentence

    return invoke


def tone(seconds=1.0):
    return 0.4 * np.sin(2 * np.pi * 200 * np.arange(int(seconds * RATE)) / RATE)


def test_a_file_becomes_another(run):
    result = run("in.wav", "-e", "angry", "-i", 0.9, "-o", "out.flac")
    assert result.exit_code == 0, result.output
    assert "out.flac: 1.0 s" in result.stderr and result.stdout == ""
    assert np.allclose(read_audio("out.flac"), tone() / 2, atol=1e-3)
    assert np.allclose(read_audio("in.wav"), tone(), atol=1e-3)
    assert Converter.calls == [
        dict(emotion="angry", intensity=0.9, calibrated=True, rhythm="keep", seed=0)
    ]


def test_every_option_reaches_the_converter(run):
    soundfile.write("plain.wav", tone(), RATE)
    result = run(
        "in.wav", "-o", "out.wav", "--scale-emotion", 1.5, "--suppress", "angry:0.8", "--voice",
        "kathleen", "--rhythm", "convert", "--pitch", -3, "--keep", 0.5, "--mixing", "velocity",
        "--directions", "unsupervised", "--no-calibrated", "--guidance", 2, "--steps", 4,
        "--temperature", 0.3, "--negative-guidance", 0.5, "--seed", 7, "--neutral", "plain.wav",
        "--transcript", "A word.", "--pitch-blend", 0.5, "--checkpoint", "mine", "--language",
        "pl", "--voice-guidance", 1.5,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert Converter.loads == [("mine", "cpu")]
    (call,) = Converter.calls
    assert [p.name for p in call.pop("neutral")] == ["plain.wav"]
    assert call == dict(
        scale_emotion=1.5, suppress={"angry": 0.8}, voice="kathleen", rhythm="convert", pitch=-3.0,
        keep=0.5, mixing="velocity", directions="unsupervised", calibrated=False, guidance=2.0,
        steps=4, temperature=0.3, negative_guidance=0.5, seed=7, transcript="A word.",
        pitch_blend=0.5, language="pl", voice_guidance=1.5,
    )  # fmt: skip


def test_ranges_are_the_converters_own():
    from emotts.cli.convert import RANGES
    from emotts.synthesis import conversion_options

    assert RANGES == conversion_options.RANGES


def test_a_curve_is_a_track_and_affect_is_affect(run):
    assert run("in.wav", "-o", "a.wav", "--curve", "0%:neutral, 100%:happy").exit_code == 0
    assert run("in.wav", "-o", "b.wav", "--affect", "valence=0.5").exit_code == 0
    first, second = (call["emotion"] for call in Converter.calls)
    assert first.vectors.tolist() == [[0, 0], [1, 0]] and second == {"valence": 0.5}


def test_another_speaker_is_measured_once(run):
    soundfile.write("ref.wav", tone(), RATE)
    assert run("in.wav", "-o", "a.wav", "--speaker", "ref.wav").exit_code == 0
    assert Converter.calls[0]["voice"] == "the voice of ref.wav"


def test_a_folder_with_a_broken_file_and_again(run, folder):
    (folder / "clips" / "sub").mkdir(parents=True)
    soundfile.write("clips/a.wav", tone(), RATE)
    soundfile.write("clips/sub/b.flac", tone(), RATE)
    (folder / "clips" / "c.wav").write_text("a letter")
    result = run("clips", "-o", "out", "-e", "sad", "--format", "flac")
    assert result.exit_code == 2
    assert "c.wav cannot be read" in result.stderr and "2 converted" in result.stderr
    made = sorted(p.relative_to(folder).as_posix() for p in (folder / "out").rglob("*.flac"))
    assert made == ["out/a.flac", "out/sub/b.flac"]
    (folder / "clips" / "c.wav").unlink()
    again = run("clips", "-o", "out", "-e", "sad", "--format", "flac")
    assert again.exit_code == 0 and "0 converted, 2 were there" in again.stderr
    assert len(Converter.calls) == 2


def test_provenance_is_there_unless_it_is_unwanted(run, folder):
    from emotts.audio.provenance import read_provenance

    assert run("in.wav", "-o", "a.wav", "-e", "sad").exit_code == 0
    assert run("in.wav", "-o", "b.wav", "-e", "sad", "--no-provenance").exit_code == 0
    assert read_provenance("a.wav")["converted"] == "in.wav"
    assert read_provenance("b.wav") is None


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["missing.wav", "-o", "a.wav"], "there is no audio file missing.wav"),
        (["in.wav", "-o", "in.wav"], "in.wav is the recording itself"),
        (["in.wav", "-o", "a.m4a"], ".wav, .flac, .ogg, .mp3"),
        (["in.wav", "-o", "missing/a.wav"], "folder missing does not exist"),
        (["in.wav", "-o", "a.wav", "-e", "hungry"], "unknown emotion 'hungry'"),
        (["in.wav", "-o", "a.wav", "-e", "auto"], "auto reads an emotion from a text"),
        (["in.wav", "-o", "a.wav", "-v", "nobody"], "unknown voice 'nobody'"),
        (["in.wav", "-o", "a.wav", "--rhythm", "swing"], "choose from keep, convert"),
        (["in.wav", "-o", "a.wav", "--scale-emotion", 9], "--scale-emotion must be a number"),
        (["in.wav", "-o", "a.wav", "--pitch-blend", 1], "give the transcript"),
        (["in.wav", "-o", "a.wav", "--speaker", "x.wav"], "there is no recording x.wav"),
        (["in.wav", "-o", "a.wav", "--suppress", "angry=1"], "--suppress takes name:number"),
        (["in.wav", "-o", "a.wav", "--format", "doc"], "unknown format 'doc'"),
        (["in.wav", "-o", "a.wav", "--device", "abacus"], "unknown device"),
        (["text.wav", "-o", "a.wav"], "text.wav cannot be read as audio"),
        (["home", "-o", "in.wav"], "in.wav is a file; many recordings need a folder"),
    ],
)
def test_what_is_refused(refused, folder, arguments, said):
    (folder / "text.wav").write_text("a letter")
    (folder / "home").mkdir(exist_ok=True)
    assert said in refused(*arguments)
    assert not (folder / "a.wav").exists()
