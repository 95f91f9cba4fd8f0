"""One choice of synthesis against another, judged the same way: the ablation tables.

    python scripts/ablations.py checkpoints -o runs/ablations

For every variant all emotions of a few voices are synthesized on the same unseen sentences, heard
by SER B (which steered none of it) relative to the same voice's neutral, with SER A beside. WER
by Whisper and DistillMOS are added where the variant may cost words or sound. Audio and scores are
kept, so a stopped run goes on.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np

from emotts.emotion.vocabulary import CATEGORIES
from emotts.evaluation.bootstrap import bootstrap_mean
from emotts.evaluation.clips import Clip
from emotts.evaluation.entries.emotion import asked_of
from emotts.evaluation.report import write_report
from emotts.evaluation.sets import Take, read_sentences
from emotts.evaluation.suite import Options
from emotts.evaluation.suite_bench import Bench
from emotts.evaluation.suite_judges import folder_hash
from emotts.evaluation.words import word_errors
from emotts.synthesis.synthesizer import Synthesizer

NEUTRAL = 12  # sentences that a voice's neutral is known from
VOICES = ("kathleen", "lj", "actor03", "actor04")
BASE = {"guidance": 1.0}  # of all variants that say nothing else
# Table: variant: what differs.
TABLES = {
    "directions": {"supervised": {}, "unsupervised": {"directions": "unsupervised"}},
    "guidance": {
        "off": {"guidance": 1.0}, "classifier-free 1.5": {"guidance": 1.5}, "classifier-free 2.5": {
            "guidance": 2.5}, "classifier 1": {"classifier_guidance": 1.0},
        "classifier 4": {"classifier_guidance": 4.0},
    },
    "best of": {"1": {}, "4": {"best_of": 4}, "8": {"best_of": 8}},
    "calibration at .5": {
        "calibrated": {"intensity": 0.5}, "plain": {"intensity": 0.5, "calibrated": False},
    },
    "solver": {
        f"{solver} {steps}": {"steps": steps, "solver": solver}
        for solver, counts in (("euler", (1, 2, 4, 8, 16)), ("heun", (2, 4, 8)))
        for steps in counts
    },
    "speaker subspace": {"projected out": {}, "kept": {"projected": False}},
}  # fmt: skip
WITH_WORDS = ("guidance", "best of", "solver")
COLUMNS = (
    "ser_b", "ser_b_interval", "ser_b_probability", "ser_a", "wer", "distill_mos",
    "seconds_to_make",
)  # fmt: skip
WITH_SOUND = ("solver", "guidance")


class Variants:
    """Makes and judges variants on one bench."""

    def __init__(self, asked: argparse.Namespace):
        self.asked = asked
        options = Options(
            asked.output, asked.sentences.parent, asked.checkpoints, ser_b=asked.ser_b
        )
        self.bench = Bench(options)
        self.neutral_texts = read_sentences(asked.sentences)[asked.skip :][:NEUTRAL]
        self.texts = self.neutral_texts[: asked.count]
        self.voices = VOICES[: asked.voices]

    @cached_property
    def unprojected(self) -> Bench:
        """A bench whose directions keep the speaker subspace, with a folder of its own."""
        bench = self.bench
        models = bench.synthesizer.models
        other = Synthesizer(replace(models, space=unprojected(models, self.asked.data)))
        bench = Bench(bench.options, other)
        bench.folder = bench.folder / "unprojected"
        return bench

    def _takes(
        self, texts: Sequence[str], emotions: Sequence[str], controls: dict, intensity: float
    ) -> list[Take]:
        given = tuple(sorted(controls.items()))
        return [
            Take(text, voice, emotion, intensity, self.asked.seed, controls=given)
            for voice in self.voices
            for emotion in emotions
            for text in texts
        ]

    def score(self, table: str, options: dict) -> dict:
        options = BASE | options
        intensity = options.pop("intensity", 1.0)
        bench = self.bench if options.pop("projected", True) else self.unprojected
        spoken = {k: v for k, v in options.items() if k in ("steps", "solver")}
        neutral = bench.make(self._takes(self.neutral_texts, ["neutral"], spoken, 1.0), "neutral")
        begun = time.perf_counter()
        clips = bench.make(self._takes(self.texts, CATEGORIES[1:], options, intensity), "variant")
        row = {"clips": len(clips), "seconds_to_make": round(time.perf_counter() - begun, 1)}
        row |= self._emotion(bench, clips, neutral)
        some = clips[:: self.asked.every]
        if table in WITH_WORDS:
            heard = bench.transcripts(some)
            row["wer"] = float(word_errors([c.text for c in some], heard, "en").wer)
        if table in WITH_SOUND:
            row["distill_mos"] = float(np.mean(bench.naturalness("distillmos", some)))
        return row

    def _emotion(self, bench: Bench, clips: list[Clip], neutral: list[Clip]) -> dict:
        heard = bench.ser_b(clips, neutral)
        right = [float(max(p, key=p.get) == asked_of(c)) for c, p in zip(clips, heard, strict=True)]
        told = [p.get(asked_of(c), 0.0) for c, p in zip(clips, heard, strict=True)]
        interval = bootstrap_mean(right, [c.text for c in clips])
        other = [h["probabilities"] for h in bench.ser_a(clips, neutral)]
        own = [max(p, key=p.get) == asked_of(c) for c, p in zip(clips, other, strict=True)]
        return {
            "ser_b": interval.value, "ser_b_interval": [interval.low, interval.high],
            "ser_b_probability": float(np.mean(told)), "ser_a": float(np.mean(own)),
        }  # fmt: skip


def unprojected(models, data: Path):
    """The emotion space with directions that keep what tells speakers apart."""
    from emotts.corpora.store import FeatureStore
    from emotts.emotion.directions import supervised_directions
    from emotts.training.acoustic.emotions import embed_clips, load_ser

    store = FeatureStore(data)
    rows = [i for i in store.select("train", ["ravdess"])]
    z = embed_clips(store, rows, *load_ser(models.folder))
    u = [store.utterances[i] for i in rows]
    speakers = np.array([x.speaker for x in u])
    neutral = {
        s: z[[x.speaker == s and x.emotion == "neutral" for x in u]].mean(0)
        for s in np.unique(speakers)
    }
    offsets = np.stack([z[i] - neutral[s] for i, s in enumerate(speakers)])
    found = supervised_directions(
        offsets, [x.emotion for x in u], speakers, [x.level == "strong" for x in u]
    )
    dim = models.space.dim
    return replace(models.space, projection=np.eye(dim, dtype=np.float32), directions=found)


def table_markdown(name: str, rows: dict[str, dict]) -> str:
    first = next(iter(rows.values()))
    columns = [name for name in COLUMNS if name in first]
    lines = [f"| {name} | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for variant, row in rows.items():
        cells = [_shown(row[c]) for c in columns]
        lines.append(f"| {variant} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _shown(value) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(f"{v:.2f}" for v in value) + "]"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", nargs="?", default=None)
    parser.add_argument("--sentences", type=Path, default=Path("../shared/sentences/english.txt"))
    parser.add_argument("--ser-b", type=Path, default=None, help="another than the one that ships")
    parser.add_argument("--data", type=Path, default=Path("runs/data"), help="prepared features")
    parser.add_argument("-o", "--output", type=Path, default=Path("runs/ablations"))
    parser.add_argument("--only", default=",".join(TABLES))
    parser.add_argument("--count", type=int, default=6, help="sentences a cell")
    parser.add_argument("--skip", type=int, default=20, help="sentences of the file left out")
    parser.add_argument("--voices", type=int, default=2)
    parser.add_argument("--every", type=int, default=3, help="every how many clips words are heard")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    variants = Variants(asked)
    judge = folder_hash(variants.bench.options.judge, "ser_b.safetensors")
    path = asked.output / f"{variants.bench.checkpoint}-{judge}.json"
    found = json.loads(path.read_text()) if path.is_file() else {}
    for table in [name.strip() for name in asked.only.split(",")]:
        rows = found.setdefault(table, {})
        for name, options in TABLES[table].items():
            if name not in rows:
                rows[name] = variants.score(table, options)
                write_report(path, found)
        print(table_markdown(table, rows), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
