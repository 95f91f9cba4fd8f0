"""Makes docs/samples: one static page of Opus clips, and the clips.

    python scripts/samples_page.py
    python scripts/samples_page.py --checkpoint mine --voices kathleen -o samples

Every voice in every emotion at 0, .5 and 1, then mixes, words, curves and exact lengths, each with
the command that makes it. What an earlier run wrote into the folder is replaced.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from emotts import EmottsError, Synthesizer
from emotts.emotion.curves import parse_curve
from emotts.evaluation.sets import checkpoint_tag

LEVELS = (0.5, 1.0)
MOST_BYTES = 5_000_000
CLIPS = "clips"
TEXTS = {
    "en": "The last train leaves at nine, and nobody told us about it.",
    "pl": "Ostatni pociąg odjeżdża o dziewiątej i nikt nam o tym nie powiedział.",
}
POLISH = ("happy", "sad", "angry", "fearful", "surprised")  # what the Polish corpus has
SAID = "I never said that you could come."
LONG = "It was fine at first, and then it was wonderful."


@dataclass(frozen=True)
class Part:
    """A section of the page: what the command line would be given for each of its clips."""

    title: str
    about: str
    asked: Sequence[tuple[str, Mapping[str, str]]]


PARTS = (
    Part("Mixes", "Weights of several emotions, words for them, and two presets.", [
        (SAID, {"emotion": mix})
        for mix in ("happy:0.6+sad:0.4", "angry:0.5+disgust:0.5", "fearful:0.4+surprised:0.6",
                    "slightly sad", "extremely happy", "remorse", "excited")
    ]),
    Part("Words", "An emotion, emphasis or a pause for single words of a neutral sentence.", [
        (text, {})
        for text in (SAID, "I [angry 0.9]never[/] said that you could come.",
                     "I never said that **you** could come.",
                     "I *never* said that. [pause 0.5s] You [sad 0.8]came[/] anyway.")
    ]),
    Part("Curves", "An emotion that changes while it is spoken.", [
        (LONG, {"curve": curve})
        for curve in ("0%:neutral, 60%:happy:0.5, 100%:happy:1.2", "0%:angry, 100%:sad")
    ]),
    Part("Affect and suppression", "A place instead of a name, and an emotion taken out.", [
        (SAID, {"affect": "valence=0.6,arousal=-0.3"}),
        (SAID, {"affect": "valence=-0.6,arousal=0.6"}),
        (SAID, {"emotion": "angry:0.7+sad:0.7"}),
        (SAID, {"emotion": "angry:0.7+sad:0.7", "suppress": "angry:1"}),
    ]),
    Part("Exact length", "The same sentence in as many seconds as were asked for.", [
        (SAID, {"seconds": seconds}) for seconds in ("1.6", "2.4", "3.2")
    ]),
    Part("Takes", "The same request with other seeds.", [
        (SAID, {"emotion": "surprised", "seed": seed}) for seed in ("0", "1", "2")
    ]),
    Part("Questions", "Those for yes or no rise, those with a question word fall.", [
        (text, {})
        for text in ("You are leaving tomorrow.", "You are leaving tomorrow?",
                     "When are you leaving?", "You are leaving, aren't you?")
    ]),
)  # fmt: skip


class Page:
    """Speaks clips into a folder and keeps count of their size."""

    def __init__(self, synthesizer: Synthesizer, folder: Path, seed: int):
        self.synthesizer, self.folder, self.seed = synthesizer, folder, seed
        self.used = 0

    def clip(self, name: str, label: str, text: str, **asked: Any) -> dict[str, str]:
        """Speak one and return where it lies and what it is called."""
        asked = {"seed": self.seed, **asked}
        data = self.synthesizer.synthesize(text, **asked).encode("ogg")
        path = f"{CLIPS}/{name}.ogg"
        (self.folder / path).write_bytes(data)
        self.used += len(data)
        if self.used > MOST_BYTES:
            raise EmottsError(f"the clips take more than {MOST_BYTES / 1e6:g} MB; use fewer voices")
        return {"path": path, "label": label}

    def voice(self, name: str) -> dict[str, Any]:
        """A voice in every emotion that its language's recordings have."""
        voice = self.synthesizer.voice(name)
        language = voice.language[:2]
        text = TEXTS[language]
        known = [e for e in self.synthesizer.emotions if e != "neutral"]
        emotions = [e for e in known if language != "pl" or e in POLISH]
        rows = [
            {
                "emotion": emotion,
                "clips": [
                    self.clip(f"{name}_{emotion}_{level:g}", f"{name}, {emotion} {level:g}", text,
                              voice=name, emotion=emotion, intensity=level)
                    for level in LEVELS
                ],
            }
            for emotion in emotions
        ]  # fmt: skip
        about = f"{voice.sex}, {'Polish' if language == 'pl' else 'English'}; {voice.licence}"
        neutral = self.clip(f"{name}_neutral", f"{name}, neutral", text, voice=name)
        return {"name": name, "about": about, "text": text, "lang": language, "rows": rows,
                "neutral": neutral}  # fmt: skip

    def part(self, number: int, part: Part) -> dict[str, Any]:
        """A section, each clip with its command."""
        clips = []
        for place, (text, asked) in enumerate(part.asked):
            options = " ".join(f"--{name} {shlex.quote(value)}" for name, value in asked.items())
            command = f"emotts say {shlex.quote(text)} {options}".rstrip()
            clip = self.clip(f"part{number}_{place}", f"{part.title}: {text} {options}", text,
                             **self._keywords(asked))  # fmt: skip
            clips.append({**clip, "command": command})
        return {"title": part.title, "about": part.about, "clips": clips}

    def _keywords(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """What the command line makes of its options."""
        from emotts.cli.feeling import read_affect, read_pairs

        read = {
            "affect": lambda text: ("emotion", read_affect(text)),
            "curve": lambda text: ("emotion", parse_curve(text, self.synthesizer.palette())),
            "suppress": lambda text: ("suppress", read_pairs(text, "--suppress")),
            "seconds": lambda text: ("seconds", float(text)),
            "seed": lambda text: ("seed", int(text)),
        }
        return dict(read[k](v) if k in read else (k, v) for k, v in asked.items())


def write_page(synthesizer: Synthesizer, folder: Path, voices: Sequence[str], seed: int) -> int:
    """Write the page and its clips; return their size in bytes."""
    for name in voices:
        synthesizer.voice(name)
    (folder / CLIPS).mkdir(parents=True, exist_ok=True)
    for old in (folder / CLIPS).glob("*.ogg"):
        old.unlink()
    page = Page(synthesizer, folder, seed)
    here = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    html = here.get_template("samples_page.html").render(
        voices=[page.voice(name) for name in voices],
        parts=[page.part(number, part) for number, part in enumerate(PARTS, 1)],
        levels=[f"{level:g}" for level in LEVELS], seed=seed,
        checkpoint=checkpoint_tag(synthesizer.models.folder),
    )  # fmt: skip
    (folder / "index.html").write_text(html, encoding="utf-8")
    return page.used + len(html.encode())


def main() -> int:
    """Make the page; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", help="a folder or hub id; default: the set that ships")
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/samples"))
    parser.add_argument("--voices", help="names, with commas; default: all")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    try:
        synthesizer = Synthesizer.from_pretrained(asked.checkpoint)
        voices = asked.voices.split(",") if asked.voices else list(synthesizer.voices)
        size = write_page(synthesizer, asked.output, voices, asked.seed)
    except EmottsError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{asked.output / 'index.html'}: {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
