"""Melody, spectral detail and timing of synthesis beside recordings of the same texts.

    python scripts/life.py checkpoints --data ../shared/data

Recordings of kathleen and lj (test split), their copies by the vocoder, and the same texts said
with three seeds; then questions and statements written for this.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from emotts import Synthesizer
from emotts.audio.activity import speech_activity
from emotts.audio.f0 import track_f0
from emotts.audio.io import read_audio
from emotts.audio.mel import log_mel
from emotts.corpora.packed import read_packed
from emotts.errors import EmottsError
from emotts.synthesis.vocode import resynthesize

VOICES, ASKING = ("kathleen", "lj"), ("kathleen", "lj", "actor01", "actor02", "actor03", "actor04")
SEEDS = (0, 1, 2)
ASKED = (
    "Is the train late?", "Do you like coffee?", "Are you coming with us tonight?",
    "Did she call you back?", "You are leaving tomorrow?", "Have you seen my keys?",
)  # fmt: skip
WANTED = ("Where is the station?", "Why did you leave so early?", "Who told you about it?")
TOLD = (
    "The train is late.", "They like coffee.", "We are coming with you tonight.",
    "She called me back.", "They are leaving tomorrow.", "I have seen my keys.",
)  # fmt: skip
BESIDE = (
    "set", "clips", "F0 deviation, st", "÷ recordings", "F0 range 10–90 %, ÷",
    "spectral deviation, ÷", "change from frame to frame, ÷", "seconds of speech, ÷", "note",
)  # fmt: skip
LAST = 10  # voiced frames, a tenth of a second


class Measured:
    """What is measured of one clip, samples (n,) at 24 kHz."""

    def __init__(self, samples: np.ndarray):
        f0, voiced = track_f0(samples)
        speech = speech_activity(samples, voiced=voiced)
        self.semitones = 12 * np.log2(f0[voiced & speech])
        self.contour = np.where(voiced, 12 * np.log2(np.maximum(f0, 1.0)), np.nan)
        mel = log_mel(samples).T[speech]
        self.detail, self.motion = mel.std(axis=0), np.abs(np.diff(mel, axis=0)).mean(axis=0)
        self.seconds = float(speech.sum()) * 256 / 24000

    @property
    def spread(self) -> float:
        return float(self.semitones.std())

    @property
    def range(self) -> float:
        return float(np.subtract(*np.percentile(self.semitones, [90, 10])))

    @property
    def ending(self) -> float:
        return float(np.median(self.semitones[-LAST:]) - np.median(self.semitones))


def cents(one: Measured, other: Measured) -> float:
    """Median distance of two contours of one length where both are voiced."""
    count = min(len(one.contour), len(other.contour))
    return float(np.nanmedian(np.abs(one.contour[:count] - other.contour[:count])) * 100)


def row(name: str, found: list[Measured], beside: list[Measured], more: str = "–") -> str:
    """One line of the table, ratios against the recordings."""

    def ratio(value) -> float:
        return float(np.mean([value(m) for m in found], axis=0).mean()
                     / np.mean([value(m) for m in beside], axis=0).mean())  # fmt: skip

    values = [ratio(lambda m, k=k: getattr(m, k)) for k in ("spread", "range", "detail", "motion")]
    spread = np.mean([m.spread for m in found])
    cells = [f"{spread:.2f}", *(f"{v:.3f}" for v in values), f"{ratio(lambda m: m.seconds):.3f}"]
    return f"| {name} | {len(found)} | " + " | ".join([*cells, more]) + " |"


def head(names: tuple[str, ...]) -> list[str]:
    return ["| " + " | ".join(names) + " |", "|---" * len(names) + "|"]


def beside_recordings(
    synthesizer: Synthesizer, data: Path, split: str, count: int
) -> Iterable[str]:
    """Lines of the first table."""
    yield from head(BESIDE)
    rows = [r for r in read_packed(data) if r.split == split]
    for voice in VOICES:
        mine = [r for r in rows if r.speaker == voice][:count]
        heard = [read_audio(data / r.path, 24000) for r in mine]
        recorded = [Measured(x) for x in heard]
        copied = [Measured(resynthesize(x, synthesizer.models.folder)) for x in heard]
        followed = np.median([cents(a, b) for a, b in zip(recorded, copied, strict=True)])
        said = [[Measured(synthesizer.synthesize(r.text, voice=voice, seed=s).samples)
                 for r in mine] for s in SEEDS]  # fmt: skip
        apart = np.std([[m.semitones.max() - np.median(m.semitones) for m in one] for one in said],
                       axis=0).mean()  # fmt: skip
        yield row(f"{voice}, recordings", recorded, recorded)
        yield row(f"{voice}, resynthesis", copied, recorded, f"F0 within {followed:.0f} cents")
        yield row(f"{voice}, synthesis", [m for one in said for m in one], recorded,
                  f"height of the peak differs by {apart:.1f} st between seeds")  # fmt: skip


def questions(synthesizer: Synthesizer) -> Iterable[str]:
    """Lines of the second table."""
    yield from head(("voice", "yes or no", "rising", "question word", "rising", "told", "rising"))
    for voice in ASKING:
        cells = []
        for texts in (ASKED, WANTED, TOLD):
            ends = [Measured(synthesizer.synthesize(t, voice=voice, seed=s).samples).ending
                    for t in texts for s in SEEDS]  # fmt: skip
            cells += [f"{np.mean(ends):+.1f} st", f"{np.mean(np.array(ends) > 0):.2f}"]
        yield f"| {voice} | " + " | ".join(cells) + " |"


def main() -> int:
    """Print both tables; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--split", default="test", choices=["dev", "test"])
    parser.add_argument("--count", type=int, default=40, help="clips a voice")
    asked = parser.parse_args()
    try:
        synthesizer = Synthesizer.from_pretrained(asked.checkpoints)
        for line in beside_recordings(synthesizer, asked.data, asked.split, asked.count):
            print(line, flush=True)
        print()
        for line in questions(synthesizer):
            print(line, flush=True)
    except EmottsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
