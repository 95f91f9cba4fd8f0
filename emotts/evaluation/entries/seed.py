"""Does the same seed give the same samples, and another seed another take?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emotts.evaluation.agreement import finite_mean
from emotts.evaluation.bootstrap import bootstrap_mean
from emotts.evaluation.entries.word_control import measure_file
from emotts.evaluation.sets import Take, speak
from emotts.evaluation.suite import Entry

ABOUT = (
    "The same request twice must give the same samples; over seeds, the standard deviation of "
    "each word's mean F0 and of its duration says how much takes differ."
)


def spread(takes: Sequence[np.ndarray]) -> tuple[float, float]:
    """Standard deviation over takes of words' F0 (semitones) and duration (percent), word means.

    takes: (n, 3) each, of `word_measures`, the same words in all.
    """
    values = np.stack(takes)
    pitch = finite_mean(values[:, :, 0].std(axis=0, ddof=1))
    seconds = 2.0 ** values[:, :, 2]
    return pitch, float(100 * (seconds.std(axis=0, ddof=1) / seconds.mean(axis=0)).mean())


def run(bench) -> Entry:
    """Compare several seeds of a few sentences."""
    entry = Entry("Seed", ABOUT)
    voice, sizes = bench.voices[0], bench.sizes
    texts = bench.texts(count=sizes.retaken)
    same = []
    for text in texts[:2]:
        for emotion in ("neutral", "angry"):
            take = Take(text, voice, emotion, seed=bench.seeds[0])
            first, second = (speak(bench.synthesizer, take).samples for _ in range(2))
            same.append(np.array_equal(first, second))
    entry.figure("same_seed_same_bits", float(np.mean(same)))
    seeds = [bench.options.seed + i for i in range(sizes.takes)]
    rows, spreads = [], []
    for text in texts:
        clips = bench.make([Take(text, voice, seed=seed) for seed in seeds], "seed")
        pitch, duration = spread([measure_file(clip) for clip in clips])
        spreads.append((pitch, duration))
        rows.append([text, len(seeds), pitch, duration])
        for clip in clips:
            entry.row("seeds", clip)
    pitch, duration = zip(*spreads, strict=True)
    entry.figure("f0_spread_semitones", bootstrap_mean(pitch))
    entry.figure("duration_spread_percent", bootstrap_mean(duration))
    head = ["sentence", "seeds", "F0 spread, semitones", "duration spread, %"]
    entry.table("Takes of one sentence", head, rows)
    entry.example(texts[-1], [(c.path, f"seed {c.seed}") for c in clips])
    return entry
