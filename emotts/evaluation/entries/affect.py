"""Asked valence and arousal against heard, over a grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from emotts.emotion.affect import NORMS
from emotts.evaluation.agreement import concordance, spearman
from emotts.evaluation.bootstrap import Interval, bootstrap
from emotts.evaluation.entries.emotion import likeliest
from emotts.evaluation.suite import Entry

ABOUT = (
    "A grid of valence and arousal, dominance left open, against what is heard: by the affect "
    "head of SER A, and from SER B's probabilities times the published norms of its classes."
)
AXES = ("valence", "arousal")


def affect_from(probabilities: Mapping[str, float]) -> tuple[float, float]:
    """Valence and arousal expected under class probabilities and the norms of the classes."""
    return tuple(
        float(sum(p * getattr(NORMS[name], axis) for name, p in probabilities.items()))
        for axis in AXES
    )


def agreement(
    asked: np.ndarray, heard: np.ndarray, groups: Sequence | None = None
) -> dict[str, Interval]:
    """Spearman's ρ and Lin's concordance of asked (n,) and heard (n,), with intervals."""
    return {
        name: bootstrap(lambda rows, f=f: f(asked[rows], heard[rows]), len(asked), groups, 500)
        for name, f in (("spearman", spearman), ("ccc", concordance))
    }


def run(bench) -> Entry:
    """Make and score every point of the grid."""
    entry = Entry("Affect", ABOUT)
    bench.judges["ser_b"]
    voices = bench.voices[: bench.sizes.affect_voices]
    texts = bench.texts(count=min(bench.sizes.affect, bench.sizes.acted))
    points = [(v, a) for v in bench.sizes.grid for a in bench.sizes.grid]
    wishes = [(p, take) for take in bench.takes(texts, voices) for p in points]
    takes = [
        replace(take, emotion=f"valence {v:g} arousal {a:g}", intensity=None,
                controls=(("affect", (("valence", v), ("arousal", a))),))
        for (v, a), take in wishes
    ]  # fmt: skip
    clips = bench.make(takes, "affect")
    neutral = bench.neutral(voices)
    b = bench.ser_b(clips, neutral)
    a = bench.ser_a(clips, neutral) if bench.judges.has("ser_a") else None
    asked = np.array([p for p, _ in wishes])
    heard = {"ser_b": np.array([affect_from(p) for p in b])}
    if a:
        heard["ser_a"] = np.array([[r["affect"][axis] for axis in AXES] for r in a])
    for i, clip in enumerate(clips):
        entry.row("grid", clip, valence=asked[i, 0], arousal=asked[i, 1], ser_b=likeliest(b[i]),
                  ser_b_probability=b[i],
                  **{f"{j}_{axis}": float(h[i, k]) for j, h in heard.items()
                     for k, axis in enumerate(AXES)})  # fmt: skip
    _tables(entry, asked, heard)
    first = [c for c in clips if (c.voice, c.text) == (clips[0].voice, clips[0].text)]
    entry.example(f"{first[0].voice}: {first[0].text}", [(c.path, c.emotion) for c in first])
    return entry


def _tables(entry: Entry, asked: np.ndarray, heard: dict[str, np.ndarray]) -> None:
    rows = []
    for k, axis in enumerate(AXES):
        series = []
        for judge, values in heard.items():
            figures = agreement(asked[:, k], values[:, k])
            for name, interval in figures.items():
                entry.figure(f"{judge}: {axis}_{name}", interval)
            rows.append([axis, judge, *figures["spearman"], *figures["ccc"]])
            levels = np.unique(asked[:, k])
            means = [float(values[asked[:, k] == x, k].mean()) for x in levels]
            series.append({"name": judge, "x": levels.tolist(), "y": means})
        entry.curve(f"Heard {axis}", f"{axis} asked for", f"{axis} heard", series)
    head = ["axis", "judge", "Spearman", "low", "high", "CCC", "low", "high"]
    entry.table("Asked against heard", head, rows)
