"""Do words of degree come out in their order, and is an emphasised word heard as a peak?

The question of E-VOC: whether what an instruction says is what is heard.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from emotts.evaluation.agreement import mean_interval, ordered_share, spearman
from emotts.evaluation.bootstrap import bootstrap_mean
from emotts.evaluation.entries.emotion import likeliest
from emotts.evaluation.entries.word_control import check_markup, measured
from emotts.evaluation.sets import NoControl
from emotts.evaluation.suite import Entry
from emotts.evaluation.suite_bench import EMOTIONS
from emotts.evaluation.word_changes import CUES, peaks

ABOUT = (
    "An emotion said with “slightly”, alone, with “very” and with “extremely”: Spearman's ρ of "
    "the order against SER B's probability and neighbours heard in order; and the share of "
    "emphasised words that rise most of their sentence in F0, level or duration."
)
ADVERBS = ("slightly", "", "very", "extremely")


def adverb_figures(heard: np.ndarray) -> dict[str, float]:
    """rho and neighbours_in_order of probabilities (s, 4), a column an adverb in its order."""
    order = np.broadcast_to(np.arange(heard.shape[1]), heard.shape)
    return {
        "rho": spearman(order.ravel(), heard.ravel()),
        "neighbours_in_order": ordered_share(heard[:, :-1].ravel(), heard[:, 1:].ravel()),
    }


def run(bench) -> Entry:
    """Score adverbs and emphasis, whichever of the two the synthesizer has."""
    entry = Entry("Instruction", ABOUT)
    lacking = []
    for part in (_adverbs, _emphasis):
        try:
            part(bench, entry)
        except NoControl as error:
            lacking.append(str(error))
    if not entry.figures:
        raise NoControl(lacking[0])
    bench.notes += lacking
    return entry


def _adverbs(bench, entry: Entry) -> None:
    bench.judges["ser_b"]
    voices = bench.voices[: bench.sizes.adverb_voices]
    texts = bench.texts(count=min(bench.sizes.adverbs, bench.sizes.acted))
    neutral = bench.neutral(voices)
    rows, scored, curves = [], [], []
    for emotion in EMOTIONS:
        takes = [
            replace(take, emotion=f"{adverb} {emotion}".strip(), intensity=None)
            for take in bench.takes(texts, voices)
            for adverb in ADVERBS
        ]
        clips = bench.make(takes, f"adverbs, {emotion}")
        b = bench.ser_b(clips, neutral)
        for clip, p in zip(clips, b, strict=True):
            entry.row("adverbs", clip, ser_b=likeliest(p), ser_b_probability=p)
        heard = np.array([p[emotion] for p in b]).reshape(-1, len(ADVERBS))
        figures = adverb_figures(heard)
        scored.append(figures)
        means = heard.mean(axis=0).tolist()
        rows.append([emotion, *means, *figures.values()])
        curves.append({"name": emotion, "x": list(range(len(ADVERBS))), "y": means})
    for name in scored[0]:
        entry.figure(f"adverbs: {name}", mean_interval([f[name] for f in scored]))
    words = [adverb or "(none)" for adverb in ADVERBS]
    entry.table("Adverbs", ["emotion", *words, "ρ", "neighbours in order"], rows)
    entry.curve("Adverbs", ", ".join(words), "probability of the emotion", curves)


def _emphasis(bench, entry: Entry) -> None:
    check_markup(bench)
    sentences = measured(bench, "*", "*", "emphasis")
    found = np.array([peaks(a, b, place) for place, _, _, a, b in sentences])
    chance = float(np.mean([1 / len(a) for _, _, _, a, _ in sentences]))
    for (place, _, marked, _, _), one in zip(sentences, found, strict=True):
        entry.row("emphasis", marked, word=marked.text.split()[place],
                  **{f"peak_{cue}": bool(p) for cue, p in zip(CUES, one, strict=True)})  # fmt: skip
    any_cue = bootstrap_mean(found.any(axis=1).astype(float))
    entry.figure("emphasis: heard", any_cue)
    rows = [["any", *any_cue, 1 - (1 - chance) ** len(CUES)]]
    for i, cue in enumerate(CUES):
        share = bootstrap_mean(found[:, i].astype(float))
        entry.figure(f"emphasis: peak_{cue}", share)
        rows.append([cue, *share, chance])
    entry.table("Emphasis", ["cue", "share of peaks", "low", "high", "by chance"], rows)
