"""Figures of single controls: suppression, an emotion learnt from five clips, exact length.

    python scripts/control_figures.py checkpoints --data ../shared/data

Recordings are of actors that no model has heard. SER B hears all synthesis relative to the same
voice's neutral, SER A stands beside.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from emotts.evaluation import sets
from emotts.evaluation.clips import Clip
from emotts.evaluation.report import write_report
from emotts.evaluation.suite import Options
from emotts.evaluation.suite_bench import Bench
from emotts.synthesis.reference import Embedder, learn_from_clips, reference_vector

EMOTIONS = ("calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
VOICES = ("kathleen", "lj")


class Controls:
    """Synthesizes under one control after another and asks both judges."""

    def __init__(self, asked: argparse.Namespace):
        self.asked = asked
        self.bench = Bench(Options(
            asked.output, asked.sentences, asked.checkpoints, asked.data, asked.ser_b
        ))  # fmt: skip
        self.embedder = Embedder.from_pretrained(asked.checkpoints)
        self.texts = self.bench.texts(count=asked.count)
        takes = self.bench.takes(self.texts, VOICES)
        self.neutral = self.bench.make(takes, "neutral")

    def actors(self) -> dict[str, dict[str, list[Clip]]]:
        """Recordings of the unseen actors by speaker and emotion."""
        found: dict[str, dict[str, list[Clip]]] = {}
        for clip in sets.recorded(self.asked.data, "ravdess", held_out="speaker"):
            found.setdefault(clip.voice, {}).setdefault(clip.emotion, []).append(clip)
        return found

    def said(self, name: str, emotion, **options) -> list[Clip]:
        """The sentences by all voices with something felt, kept in a folder of that name."""
        clips = []
        for voice in VOICES:
            for i, text in enumerate(self.texts):
                path = self.bench.folder / "controls" / f"{name}-{voice}-{i}.wav"
                if not path.is_file():
                    path.parent.mkdir(parents=True, exist_ok=True)
                    self.bench.synthesizer.synthesize(
                        text, voice=voice, emotion=emotion, **options
                    ).save(path)
                clips.append(Clip(str(path), text, voice, name, 1.0))
        return clips

    def heard(self, clips: list[Clip], emotion: str) -> tuple[float, float]:
        """Mean probability of an emotion by SER B and SER A."""
        b = self.bench.ser_b(clips, self.neutral)
        a = self.bench.ser_a(clips, self.neutral)
        return (
            float(np.mean([p.get(emotion, 0.0) for p in b])),
            float(np.mean([h["probabilities"][emotion] for h in a])),
        )

    def suppression(self) -> dict:
        """A reference that has an emotion, as it is and with the emotion taken out."""
        from emotts.emotion.track import EmotionTrack

        rows = {}
        base = {e: self.heard(self.neutral, e) for e in EMOTIONS}
        for emotion in EMOTIONS:
            before, after = [], []
            for speaker, clips in self.actors().items():
                plain = [c.path for c in clips["neutral"]]
                clip = clips[emotion][-1]
                vector = reference_vector(self.embedder, clip.path, plain)
                track = EmotionTrack.constant(vector)
                name = f"reference-{emotion}-{speaker}"
                before.append(self.heard(self.said(name, track), emotion))
                erased = self.said(f"{name}-erased", track, suppress={emotion: 1.0})
                after.append(self.heard(erased, emotion))
            rows[emotion] = {
                "reference": np.mean(before, axis=0).tolist(),
                "erased": np.mean(after, axis=0).tolist(), "neutral": list(base[emotion]),
            }  # fmt: skip
        return rows

    def learned(self) -> dict:
        """An emotion from 5 clips of 2 actors, in place of its direction."""
        rows = {}
        for emotion in EMOTIONS:
            actors = self.actors()
            shown, plain, left = {}, {}, 5
            for i, (speaker, clips) in enumerate(sorted(actors.items())):
                strong = [c.path for c in clips[emotion] if c.intensity == 1.0]
                size = 3 if i == 0 else left
                shown[speaker] = [Path(p) for p in (strong or [c.path for c in clips[emotion]])][
                    :size
                ]
                left -= len(shown[speaker])
                plain[speaker] = [Path(c.path) for c in clips["neutral"]]
            vector = learn_from_clips(self.embedder, shown, plain)
            synthesizer = self.bench.synthesizer
            name = f"learnt {emotion}"
            kept = dict(synthesizer.learned)
            synthesizer.learned = {name: vector}
            few = self.said(f"learnt-{emotion}", name)
            synthesizer.learned = kept
            full = self.said(f"direction-{emotion}", emotion)
            rows[emotion] = {
                "clips": sum(map(len, shown.values())),
                "learnt": list(self.heard(few, emotion)),
                "direction": list(self.heard(full, emotion)),
            }
        return rows

    def seconds(self) -> dict:
        """Largest error in samples of speech that is asked to last so long."""
        errors = []
        for i, text in enumerate(self.texts):
            natural = self.bench.synthesizer.synthesize(text, seed=i).seconds
            for factor in (0.8, 0.93, 1.0, 1.25):
                wanted = round(natural * factor, 4)
                made = self.bench.synthesizer.synthesize(text, seed=i, seconds=wanted)
                errors.append(abs(len(made.samples) - round(wanted * 24000)))
        return {"clips": len(errors), "largest_error_in_samples": int(max(errors))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", nargs="?", default=None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sentences", type=Path, default=Path("../shared/sentences"))
    parser.add_argument("--ser-b", type=Path, default=None, help="another than the one that ships")
    parser.add_argument("-o", "--output", type=Path, default=Path("runs/controls"))
    parser.add_argument("--only", default="suppression,learned,seconds")
    parser.add_argument("--count", type=int, default=6, help="sentences a voice")
    asked = parser.parse_args()
    asked.output.mkdir(parents=True, exist_ok=True)
    controls, found = Controls(asked), {}
    for name in asked.only.split(","):
        found[name] = getattr(controls, name.strip())()
        write_report(asked.output / f"{controls.bench.checkpoint}.json", found)
        print(name, found[name], flush=True)


if __name__ == "__main__":
    main()
