"""Is it still the same voice when it is emotional, and the same samples at intensity 0?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emotts.evaluation.bootstrap import bootstrap_mean
from emotts.evaluation.clips import Clip, by_voice, neutral_of
from emotts.evaluation.identity import identity_ratio, similarity
from emotts.evaluation.sets import Take, speak
from emotts.evaluation.suite import Entry
from emotts.evaluation.suite_bench import EMOTIONS

ABOUT = (
    "Resemblyzer's likeness of emotional to neutral clips of one voice over the likeness of its "
    "neutral clips among themselves (1: emotion costs nothing), and whether intensity 0 gives the "
    "very samples of no emotion."
)


def ratios(clips: Sequence[Clip], embeddings: np.ndarray) -> dict[str, float]:
    """Likeness ratio of each voice that has two neutral clips and an emotional one.

    embeddings: (n, d), a row a clip.
    """
    place = {clip.path: i for i, clip in enumerate(clips)}
    out = {}
    for voice, rows in by_voice(clips).items():
        neutral = [place[c.path] for c in neutral_of(rows)]
        emotional = [place[c.path] for c in rows if place[c.path] not in neutral]
        if len(neutral) > 1 and emotional:
            out[voice] = identity_ratio(embeddings[emotional], embeddings[neutral])
    return out


def intensity_zero_is_neutral(synthesizer, text: str, voice: str, seed: int) -> float:
    """Share of emotions that at intensity 0 give the samples of no emotion, bit for bit."""
    plain = speak(synthesizer, Take(text, voice, seed=seed)).samples
    same = []
    for emotion in EMOTIONS:
        speech = synthesizer.synthesize(text, voice=voice, emotion=emotion, intensity=0.0,
                                        seed=seed)  # fmt: skip
        same.append(np.array_equal(speech.samples, plain))
    return float(np.mean(same))


def run(bench) -> Entry:
    """Score recordings of unseen actors and synthesis."""
    entry = Entry("Identity", ABOUT)
    bench.judges["resemblyzer"]
    made: dict[str, list[Clip]] = {}
    recorded = bench.anchor("recordings", lambda: bench.recordings("ravdess"))
    if recorded:
        made["recordings"] = recorded[:: 2 if bench.options.quick else 1]
    made["synthesis"] = bench.neutral(bench.voices) + bench.emotional(bench.voices)
    rows = []
    for name, clips in made.items():
        embeddings = bench.embeddings(clips)
        _rows(entry, name, clips, embeddings)
        by = ratios(clips, embeddings)
        mean = bootstrap_mean(list(by.values()))
        entry.figure(f"{name}: identity_ratio", mean)
        rows += [[name, "all", *mean]] + [[name, v, r, None, None] for v, r in by.items()]
    entry.table("Identity", ["set", "voice", "ratio", "low", "high"], rows)
    text = bench.texts(count=1)[0]
    entry.figure(
        "intensity_0_same_bits",
        intensity_zero_is_neutral(bench.synthesizer, text, bench.voices[0], bench.seeds[0]),
    )
    return entry


def _rows(entry: Entry, name: str, clips: Sequence[Clip], embeddings: np.ndarray) -> None:
    place = {clip.path: i for i, clip in enumerate(clips)}
    for rows in by_voice(clips).values():
        neutral = [place[c.path] for c in neutral_of(rows)]
        for clip in rows:
            others = [i for i in neutral if i != place[clip.path]]
            if others:
                like = similarity(embeddings[place[clip.path]], embeddings[others])
                entry.row(name, clip, spk_similarity=like)
