"""A command line whose models are small stand-ins; everything else is the real thing."""

import sys
import types
from dataclasses import dataclass

import numpy as np
import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from emotts.audio.speech import Speech
from emotts.emotion.palette import Palette
from emotts.emotion.space import EmotionSpace
from emotts.errors import EmottsError

RATE = 24000


class Voice(BaseModel):
    name: str
    sex: str = "female"
    language: str = "en-us"
    corpus: str
    licence: str = "CC0 1.0"
    minutes: float = 82.4


class Synthesizer:
    """Speaks a tone that grows with the intensity, 20 ms a character, and remembers the calls."""

    voices = {
        "kathleen": Voice(name="kathleen", corpus="kathleen"),
        "TP0": Voice(
            name="TP0", sex="male", language="pl", corpus="nemo", licence="CC BY-NC-SA 4.0"
        ),
    }
    emotions = ("neutral", "happy", "angry")
    loads: list = []
    calls: list = []

    @classmethod
    def from_pretrained(cls, source=None, device="cpu"):
        cls.loads.append((source, device))
        if source == "missing":
            raise EmottsError("there is no folder missing")
        return cls()

    mark = "0123456789"

    def __init__(self):
        self.learned, self.stored = {}, {}
        self.models = types.SimpleNamespace(folder="missing")

    def voice(self, name):
        if name not in self.voices:
            raise EmottsError(f"unknown voice {name!r}; choose from {', '.join(self.voices)}")
        return self.voices[name]

    def palette(self, options):
        space = EmotionSpace(np.eye(2), np.zeros(2), {"happy": [1, 0], "angry": [0, 1]})
        return Palette(space, self.learned)

    def synthesize(self, text, voice, emotion, intensity=None, progress=None, **options):
        self.voice(voice)
        given = {k: v for k, v in options.items() if v is not None}
        self.calls.append(
            dict(text=text, voice=voice, emotion=emotion, intensity=intensity, **given)
        )
        if progress:
            progress(1, 2)
        t = np.arange(int(RATE * 0.02 * len(text))) / RATE
        felt = 0 if emotion == "neutral" else 1 if intensity is None else intensity
        level = 0.1 + 0.5 * felt
        samples = level * np.sin(2 * np.pi * (150 + 200 * t) * t)
        return Speech(samples, RATE, provenance={"seed": options["seed"]})


@dataclass
class Recognition:
    probabilities: dict
    emotion: str
    intensity: float
    affect: dict


class Recognizer:
    calls: list = []

    @classmethod
    def from_pretrained(cls, source=None):
        return cls()

    def hear_neutral(self, recordings):
        return ("neutral of", len(recordings))

    def recognize(self, file, neutral=None):
        self.calls.append((file, neutral))
        return Recognition(
            {"neutral": np.float32(0.25), "angry": np.float32(0.75)},
            "angry",
            np.float32(0.9),
            {"valence": -0.5, "arousal": 0.6, "dominance": 0.2},
        )


@pytest.fixture
def models(monkeypatch, tmp_path_factory):
    """Stand-ins in place of emotts.synthesis, with empty memories and nothing learnt."""
    monkeypatch.setenv("EMOTTS_HOME", str(tmp_path_factory.mktemp("home")))
    for name, stand_in in (("synthesizer", Synthesizer), ("recognizer", Recognizer)):
        module = types.ModuleType(f"emotts.synthesis.{name}")
        setattr(module, stand_in.__name__, stand_in)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    for memory in (Synthesizer.loads, Synthesizer.calls, Recognizer.calls):
        memory.clear()
    return types.SimpleNamespace(Synthesizer=Synthesizer, Recognizer=Recognizer)


@pytest.fixture
def emotts():
    """Runs the command line: emotts("say", "Hello.", input=…) → result."""
    from emotts.cli.main import app

    def invoke(*arguments, input=None):
        return CliRunner().invoke(app, [str(a) for a in arguments], input=input)

    return invoke


@pytest.fixture
def refused(emotts):
    """Runs a command that must fail as people deserve: one sentence, exit 2, no traceback."""

    def invoke(*arguments, input=None):
        result = emotts(*arguments, input=input)
        assert result.exit_code == 2, result.output
        assert result.stdout == ""
        (sentence,) = result.stderr.splitlines()
        assert sentence.startswith("emotts: ")
        return sentence

    return invoke
