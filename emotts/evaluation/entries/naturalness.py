"""Does it sound like a person? DistillMOS and DNSMOS, minus the recordings'."""

from __future__ import annotations

from emotts.evaluation.bootstrap import bootstrap_mean
from emotts.evaluation.entries.words import spoken_sets, taking_turns
from emotts.evaluation.suite import Absent, Entry

ABOUT = (
    "Mean scores from 1 to 5 of two machine judges of naturalness, beside recordings and their "
    "copies through the vocoder; intervals over sentences."
)
JUDGES = {"distillmos": "distill_mos", "dnsmos": "dnsmos"}  # by VERSA's names


def run(bench) -> Entry:
    """Score the same sets as words are, fewer clips of each."""
    entry = Entry("Naturalness", ABOUT)
    judges = [name for name in JUDGES if bench.judges.has(name)]
    if not judges:
        raise Absent("; ".join(f"{n} is absent: {bench.judges.absent[n]}" for n in JUDGES))
    bench.notes += [f"{n} is absent: {why}" for n, why in bench.judges.absent.items()
                    if n in JUDGES]  # fmt: skip
    size = bench.sizes.natural
    made = {n: c[:size] for n, c in spoken_sets(bench, size, size).items()}
    acted = taking_turns(bench.emotional(bench.voices))
    made["every emotion"] = acted[:: max(1, len(acted) // size)][:size]
    scores = {name: {j: bench.naturalness(j, c) for j in judges} for name, c in made.items()}
    rows = []
    for name, clips in made.items():
        for i, clip in enumerate(clips):
            entry.row(name, clip, **{JUDGES[j]: scores[name][j][i] for j in judges})
        texts = [clip.text for clip in clips]
        row = [name, len(clips)]
        for judge in judges:
            mean = bootstrap_mean(scores[name][judge], texts)
            base = scores.get("recordings", {}).get(judge)
            minus = None if base is None else mean.value - sum(base) / len(base)
            entry.figure(f"{name}: {JUDGES[judge]}", mean)
            if minus is not None and name != "recordings":
                entry.figure(f"{name}: {JUDGES[judge]}_minus_recordings", minus)
            row += [*mean, minus]
        rows.append(row)
    head = ["set", "clips"]
    for judge in judges:
        head += [judge, "low", "high", "minus recordings"]
    entry.table("Naturalness", head, rows)
    entry.example("First clip of each set", [(c[0].path, name) for name, c in made.items()])
    return entry
