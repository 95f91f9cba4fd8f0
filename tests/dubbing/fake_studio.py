"""A bench for dubbing jobs, and a studio whose lines are tones: fast, and the same bits for the
same request.

Beside the tests and importable by name, so that worker processes can have it.
"""

import hashlib
import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotts.audio.speech import Segment, Speech
from emotts.dubbing.script import Line
from emotts.dubbing.worker import Maker, Names, Task
from emotts.errors import EmottsError

RATE = 24000
SECONDS_A_CHARACTER = 0.04


class Tones:
    """Says every word as a tone; some words do what models and machines do at times."""

    def __init__(self, marks: Path | None = None, pause: float = 0.0):
        self.marks, self.pause = marks, pause

    def natural_seconds(self, text, voice="kathleen", emotion=None, intensity=None, **options):
        return max(0.2, SECONDS_A_CHARACTER * len(text) / options.get("rate", 1.0))

    def synthesize(self, text, voice="kathleen", emotion=None, intensity=None, seconds=None,
                   seed=0, **options):  # fmt: skip
        if "unpronounceable" in text:
            raise EmottsError("nothing in the text can be pronounced")
        if "bug" in text:
            raise ValueError("an accident\nin two lines")
        if "crash" in text or ("stumble" in text and self._first_time(text)):
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(self.pause)
        if self.marks is not None:
            with open(self.marks / "made", "a") as file:
                file.write(f"{os.getpid()}\t{seed}\t{text}\n")
        seconds = self.natural_seconds(text, **options) if seconds is None else seconds
        count = round(seconds * RATE)
        number = int(hashlib.sha256(f"{text}{voice}{emotion}{seed}".encode()).hexdigest()[:6], 16)
        t = np.arange(count) / RATE
        samples = 0.2 * np.sin(2 * np.pi * (150 + number % 400) * t)
        words = text.split()
        edges = np.linspace(0, count / RATE, len(words) + 1)
        timeline = [Segment("a", a, b) for a, b in zip(edges, edges[1:], strict=False)]
        return Speech(samples, RATE, tuple(timeline), {"voice": voice, "language": "en-us"})

    def _first_time(self, text):
        mark = self.marks / hashlib.sha256(text.encode()).hexdigest()[:8]
        if mark.exists():
            return False
        mark.touch()
        return True


@dataclass(frozen=True)
class ToneStudio:
    """marks: a folder in which the makers leave a line a take; mark: as if of checkpoints."""

    marks: Path | None = None
    mark: str = "tones"
    pause: float = 0.0
    broken: bool = False

    def names(self) -> Names:
        return Names(("kathleen", "lj"), ("elated",), self.mark)

    def open(self) -> Tones:
        if self.broken:
            raise EmottsError("acoustic.safetensors was altered")
        return Tones(self.marks, self.pause)

    def ear(self, synthesizer):
        return lambda samples, voice: {"emotion": "happy", "probability": 0.8, "intensity": 0.5}


CAST = "characters:\n  Anna: kathleen\n  Ben: {voice: lj, emotion: sad}\ndefault: Anna\n"
LINES = [
    dict(start=0.5, end=1.5, character="Anna", text="We all know a long way home."),
    dict(start=2.0, end=2.9, character="Ben", text="So do the others <b>&</b>."),
    dict(start=3.5, character="Anna", text="No end here."),
]


@dataclass
class Bench:
    """A script, a cast and a studio; `run` makes the job in process."""

    folder: Path
    studio: ToneStudio

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def write(self, lines) -> Path:
        path = self.folder / "script.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return path

    def made(self) -> list[tuple[int, int, str]]:
        """Process, seed and text of every take that was made, in order."""
        path = self.folder / "marks" / "made"
        rows = path.read_text().splitlines() if path.exists() else []
        return [(int(a), int(b), c) for a, b, c in (row.split("\t") for row in rows)]

    def run(self, lines=LINES, studio=None, **options):
        from emotts.dubbing.job import DubOptions, dub

        cast = self.folder / "cast.yaml"
        cast.write_text(CAST, encoding="utf-8")
        return dub(self.write(lines), self.out, cast, DubOptions(**options), studio or self.studio)


def bench_in(folder: Path) -> Bench:
    """A bench in an empty folder."""
    (folder / "marks").mkdir()
    return Bench(folder, ToneStudio(folder / "marks"))


class Here:
    """An engine that works in this process."""

    def __init__(self, studio):
        self.maker = Maker(studio)

    def run(self, tasks, done):
        for task in tasks:
            done(self.maker.make(task))


def tasks(*texts: str) -> list[Task]:
    return [
        Task(f"key{n}", Line(number=n, start=0, text=text), {"voice": "kathleen"})
        for n, text in enumerate(texts, 1)
    ]
