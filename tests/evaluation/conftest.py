"""A suite whose synthesizer and judges are small stand-ins; everything else is the real thing."""

import json
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from emotts.audio.speech import Segment, Speech
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError
from emotts.evaluation.suite import Options
from emotts.evaluation.suite_bench import Bench

RATE = 24000
DEGREES = {"slightly": 0.4, "very": 1.2, "extremely": 1.4}
TEXTS = {
    "english": ["Leave the yellow folder there.", "We saw eleven swallows today."],
    "hard": ["Six thick thistle sticks."],
    "polish": ["Dzisiaj pada deszcz.", "Nie ma go w domu."],
}


def made_as(path):
    """What a file made by the stand-in synthesizer says of itself."""
    with soundfile.SoundFile(str(path)) as file:
        return json.loads(file.comment)


class Synthesizer:
    """Words of 40 ms; its files remember which emotions were asked for, and how much of each."""

    def __init__(self):
        self.asked = []
        self.voices = {
            name: SimpleNamespace(language=language)
            for name, language in (("kathleen", "en-us"), ("lj", "en-us"), ("EB0", "pl"))
        }

    def synthesize(self, text, voice, emotion=None, intensity=None, language=None, seed=0):
        self.asked.append((text, emotion, intensity))
        amounts = self.amounts(emotion, 1.0 if intensity is None else intensity)
        tag = json.dumps([text, voice, amounts, seed])
        rng = np.random.default_rng(list(tag.encode()))
        words = text.split()
        samples = 0.1 * rng.standard_normal(len(words) * RATE // 25)
        times = [Segment(w, i / 25, (i + 1) / 25) for i, w in enumerate(words)]
        return Speech(samples, RATE, tuple(times), {"said": text, "amounts": amounts})

    def stream(self, text, voice):
        yield self.synthesize(text, voice)

    def amounts(self, emotion, intensity):
        if emotion is None or intensity == 0:
            return {}
        if not isinstance(emotion, str):
            raise EmottsError(f"an emotion is a word, not {emotion}")
        words = emotion.split()
        if len(words) == 2 and words[0] in DEGREES:
            return {words[1]: DEGREES[words[0]]}
        parts = [part.split(":") for part in emotion.split("+")]
        if {name for name, *_ in parts} - set(CATEGORIES):
            raise EmottsError(f"unknown emotion {emotion!r}")
        return {name: float(rest[0]) if rest else intensity for name, *rest in parts}


class Mixer(Synthesizer):
    """One that mixes by two of the methods."""

    def synthesize(self, *given, mixing=None, **options):
        if mixing == "prototype":
            raise EmottsError("no prototypes in these checkpoints")
        return super().synthesize(*given, **options)


@dataclass(frozen=True)
class Reading:
    probabilities: dict


class SerB:
    """Hears exactly what was asked; remembers beside which neutral clips."""

    def __init__(self):
        self.calls = []

    def judge(self, clips, relative=True):
        self.calls.append((clips, relative))
        return [Reading(self.hear(made_as(clip.path)["amounts"])) for clip in clips]

    def hear(self, amounts):
        p = dict.fromkeys(CATEGORIES, 0.01)
        p.update({name: 0.01 + 0.5 * amount for name, amount in amounts.items()})
        p["neutral"] = 0.3
        total = sum(p.values())
        return {name: value / total for name, value in p.items()}


class Whisper:
    beam_size = 5

    def __init__(self):
        self.heard = []

    def transcribe(self, path, language):
        self.heard.append(path)
        return made_as(path)["said"]


@pytest.fixture
def options(tmp_path):
    """Options of a quick suite over a few made sentences and a checkpoint that is only an index."""
    folder = tmp_path / "sentences"
    folder.mkdir()
    for name, lines in TEXTS.items():
        (folder / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "index.json").write_text("{}")
    return Options(
        tmp_path / "report", folder, str(tmp_path / "set"), quick=True, seeds=1,
        without=("recordings", "resynthesis", "piper"),
    )  # fmt: skip


@pytest.fixture
def judges():
    """Judges that need nothing; SER A is absent, since the checkpoint is only an index."""
    return {"ser_b": SerB(), "ser_b_whisper": SerB(), "whisper": Whisper()}


@pytest.fixture
def make_bench(options, judges):
    """A bench on the same folder as often as one is asked for: make_bench(synthesizer)."""

    def make(synthesizer=None):
        return Bench(options, synthesizer or Synthesizer(), judges)

    return make


@pytest.fixture
def mixer():
    """A synthesizer that mixes by embedding and velocity."""
    return Mixer()


@pytest.fixture
def bench(make_bench):
    """A bench with the plain stand-in."""
    return make_bench()


@pytest.fixture
def read_json():
    """The JSON of a file."""
    return lambda path: json.loads(Path(path).read_text(encoding="utf-8"))
