"""Draws the pictures of docs/controls.md: what each control does to a spoken sentence.

    python scripts/control_pictures.py
    python scripts/control_pictures.py --checkpoint mine --only curve,mixing -o pictures

Each panel is one take: its mel spectrogram with F0, and below it what was asked for over time, or
the level where nothing is asked of the emotion. The same checkpoint gives the same pictures.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from panels import Panel, draw

from emotts import EmotionTrack, EmottsError, Synthesizer
from emotts.audio.constants import SAMPLE_RATE
from emotts.audio.io import write_audio
from emotts.emotion.auto_trajectory import make_plan
from emotts.emotion.curves import parse_curve
from emotts.synthesis.reference import (
    Embedder,
    learn_from_clips,
    reference_track,
    reference_vector,
)
from emotts.text.markup import read_text
from emotts.text.split import split_sentences

TEXT = "You came back after all."
STORY = "I am so glad you could come! Then the letter arrived. My grandfather had died."
CURVE = "0%:neutral, 60%:happy:0.5, 100%:happy:1.2"


@dataclass
class Studio:
    """Speaks and keeps what several pictures need."""

    synthesizer: Synthesizer
    folder: Path
    _clips: dict[str, Path] = field(default_factory=dict)

    @property
    def palette(self):
        """What emotion words mean here."""
        return self.synthesizer.palette()

    def say(
        self, title: str, text: str = TEXT, shown: EmotionTrack | str | None = None, **asked
    ) -> Panel:
        """A panel; shown: the emotion to draw below it, as a track or in words."""
        pieces = list(self.synthesizer.stream(text, **asked))
        starts = np.cumsum([0.0, *(piece.seconds for piece in pieces)])
        words = tuple(
            (s.start_seconds + start, s.end_seconds + start)
            for piece, start in zip(pieces, starts, strict=False)
            for s in piece.timeline
        )
        marked = read_text(text, self.palette.names)
        ends = np.cumsum([0, *map(len, split_sentences(marked.text))]) / len(marked.text)
        edges = (starts, ends) if len(ends) == len(starts) else (starts[[0, -1]], np.arange(2.0))
        track = self.palette.track(shown) if isinstance(shown, str) else shown
        return Panel(
            title, np.concatenate([piece.samples for piece in pieces]), edges, words, track,
            None if marked.is_plain else marked,
        )  # fmt: skip

    def clip(self, name: str, text: str = "The kettle was on the stove.", **asked) -> Path:
        """A spoken file that stands for a recording: none is part of the project."""
        if name not in self._clips:
            path = self.folder / f"{name}.wav"
            write_audio(path, self.synthesizer.synthesize(text, **asked).samples, SAMPLE_RATE)
            self._clips[name] = path
        return self._clips[name]

    def embedder(self) -> Embedder:
        """The recogniser of the same set."""
        return Embedder.from_pretrained(self.synthesizer.models.folder)


def intensity(studio: Studio) -> list[Panel]:
    return [
        studio.say(f"happy {level:g}", emotion="happy", intensity=level, shown=f"happy:{level}")
        for level in (0, 0.5, 1, 1.5)
    ]


def calibrated(studio: Studio) -> list[Panel]:
    plain = type(studio.palette)(studio.synthesizer.models.space, calibrated=False)
    return [
        studio.say(
            f"angry 0.5, {name}", emotion="angry", intensity=0.5, calibrated=palette.calibrated,
            shown=palette.track("angry", 0.5),
        )
        for name, palette in (("calibrated", studio.palette), ("plain", plain))
    ]  # fmt: skip


def directions(studio: Studio) -> list[Panel]:
    panels = []
    for kind in ("supervised", "unsupervised"):
        palette = type(studio.palette)(studio.synthesizer.models.space, kind=kind)
        track = palette.track("sad")
        panels.append(studio.say(kind, emotion="sad", directions=kind, shown=track))
    return panels


def mixing(studio: Studio) -> list[Panel]:
    mix = "happy:0.6+sad:0.4"
    return [
        studio.say(method, emotion=mix, mixing=method, shown=mix)
        for method in ("embedding", "velocity", "prototype")
    ]


def affect(studio: Studio) -> list[Panel]:
    places = ({"valence": 0.6, "arousal": -0.3}, {"valence": 0.6, "arousal": 0.6},
              {"valence": -0.6, "arousal": -0.3}, {"valence": -0.6, "arousal": 0.6})  # fmt: skip
    return [
        studio.say(
            f"valence {place['valence']:+g}, arousal {place['arousal']:+g}", emotion=place,
            shown=EmotionTrack.constant(studio.palette.affect_vector(**place)),
        )
        for place in places
    ]  # fmt: skip


def suppress(studio: Studio) -> list[Panel]:
    mix, palette = "angry:0.7+sad:0.7", studio.palette
    less = EmotionTrack.constant(palette.suppress(palette.vector(mix), "angry", 1))
    asked = {"emotion": mix, "suppress": {"angry": 1}}
    return [
        studio.say("angry:0.7+sad:0.7", emotion=mix, shown=mix),
        studio.say("angry suppressed", **asked, shown=less),
        studio.say("and pushed away from", **asked, negative_guidance=0.5, shown=less),
    ]


def reference(studio: Studio) -> list[Panel]:
    embedder = studio.embedder()
    rising = parse_curve("0%:sad, 100%:angry", studio.palette)
    long = "The kettle was on the stove, and nobody had come to take it off again."
    clip = studio.clip("clip", long, voice="actor03", emotion=rising)
    plain = studio.clip("plain", long, voice="actor03")
    found = {
        "one emotion": EmotionTrack.constant(reference_vector(embedder, clip)),
        "beside its neutral": EmotionTrack.constant(reference_vector(embedder, clip, plain)),
        "its movement": reference_track(embedder, clip, plain),
    }
    return [studio.say(title, emotion=t, shown=t) for title, t in found.items()]


def learned(studio: Studio) -> list[Panel]:
    clips = {
        voice: [studio.clip(f"{voice}{i}", voice=voice, emotion="happy:0.5+disgust:0.6", seed=i)
                for i in range(2)]
        for voice in ("actor03", "actor04")
    }  # fmt: skip
    plain = {voice: [studio.clip(f"{voice} plain", voice=voice)] for voice in clips}
    vector = learn_from_clips(studio.embedder(), clips, plain)
    tracks = {f"smug {level:g}": EmotionTrack.constant(level * vector) for level in (0.4, 0.8, 1.2)}
    return [studio.say(title, emotion=t, shown=t) for title, t in tracks.items()]


def words(studio: Studio) -> list[Panel]:
    plain = studio.palette.track("neutral")
    return [
        studio.say("plain", "I never said that.", shown=plain),
        studio.say("angry word", "I [angry 0.9]never[/] said that."),
        studio.say("emphasis", "I never said **that**."),
        studio.say("pause", "I never [pause 0.5s] said that."),
    ]


def ssml(studio: Studio) -> list[Panel]:
    texts = {
        "express-as": '<speak><express-as style="sad">You came</express-as> back.</speak>',
        "prosody": '<speak>You came <prosody pitch="+4st" rate="slow">back</prosody>.</speak>',
        "break": '<speak>You came <break time="400ms"/> back.</speak>',
    }
    return [studio.say(title, text) for title, text in texts.items()]


def curve(studio: Studio) -> list[Panel]:
    text = "It was fine at first, and then it was wonderful."
    kinds = {kind: parse_curve(CURVE, studio.palette, kind) for kind in ("linear", "smooth")}
    return [studio.say(kind, text, emotion=track, shown=track) for kind, track in kinds.items()]


def prosody(studio: Studio) -> list[Panel]:
    asked = ("rate", 0.8), ("pitch", 4), ("pitch_range", 1.8), ("energy", -8)
    panels = [studio.say("plain")]
    return panels + [studio.say(f"{k.replace('_', ' ')} {v:g}", **{k: v}) for k, v in asked]


def seconds(studio: Studio) -> list[Panel]:
    return [studio.say(f"{wanted:g} s", seconds=wanted) for wanted in (1.5, 2.0, 3.2)]


def auto(studio: Studio) -> list[Panel]:
    track = make_plan(STORY, split_sentences).track(studio.palette)
    return [studio.say("auto", STORY, emotion=track, shown=track)]


def takes(studio: Studio) -> list[Panel]:
    return [studio.say(f"seed {seed}", emotion="surprised", seed=seed) for seed in range(3)]


def styles(studio: Studio) -> list[Panel]:
    names = ("slightly happy", "love", "remorse", "exuberant")
    return [studio.say(name, emotion=name, shown=name) for name in names]


def guidance(studio: Studio) -> list[Panel]:
    asked = {"plain": {}, "guidance 2": {"guidance": 2}, "classifier 3": {"classifier_guidance": 3}}
    return [studio.say(k, emotion="fearful", shown="fearful", **v) for k, v in asked.items()]


PICTURES: dict[str, Callable[[Studio], list[Panel]]] = {
    made.__name__: made
    for made in (
        intensity, calibrated, directions, mixing, affect, suppress, reference, learned, words,
        ssml, curve, prosody, seconds, auto, takes, styles, guidance,
    )
}  # fmt: skip


def main() -> int:
    """Draw what was asked for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", help="a folder or hub id; default: the set that ships")
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--only", default=",".join(PICTURES), help="names, with commas")
    asked = parser.parse_args()
    chosen = [name.strip() for name in asked.only.split(",")]
    try:
        if unknown := set(chosen) - set(PICTURES):
            names = ", ".join(PICTURES)
            raise EmottsError(f"no picture {', '.join(sorted(unknown))}; choose from {names}")
        asked.output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            studio = Studio(Synthesizer.from_pretrained(asked.checkpoint), Path(folder))
            for name in chosen:
                png = draw(PICTURES[name](studio), studio.synthesizer.models.space.directions)
                (asked.output / f"{name}.png").write_bytes(png)
                print(f"{asked.output / name}.png: {len(png) / 1000:.0f} kB")
    except EmottsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
