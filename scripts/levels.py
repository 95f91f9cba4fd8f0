"""Does half the intensity sound half-way? Levels of every emotion, calibrated and plain.

    python scripts/levels.py checkpoints --count 20 -o runs/levels

Every sentence by four voices at every level, heard beside the same voice's neutral by SER B, by
SER B with Whisper (--judge ser_b_whisper) or by SER A (--judge ser_a). One curve an emotion, the
mean over voices and sentences: its distance from a straight line with the intensity maps and
without, Spearman's rho of level against probability (mean over voices), and pairs of levels heard
in order (mean over sentences and voices).
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

import numpy as np

from emotts.evaluation.agreement import calibration_error, ordered_share, spearman
from emotts.evaluation.bootstrap import bootstrap_mean
from emotts.evaluation.suite import Options
from emotts.evaluation.suite_bench import EMOTIONS, Bench

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)
PAIRS = ((0.25, 0.5), (0.5, 0.75), (0.25, 0.75))


def heard(bench: Bench, asked: argparse.Namespace, calibrated: bool) -> dict[str, np.ndarray]:
    """Probability of each emotion, (voices, levels, sentences), by the judge that was asked for."""
    texts = bench.texts(count=asked.skip + asked.count)[asked.skip :]
    voices = bench.voices
    neutral = bench.make(bench.takes(texts, voices), "neutral")
    judge = bench.ser_a if asked.judge == "ser_a" else partial(bench.ser_b, judge=asked.judge)
    rows: dict[str, list] = {}
    for emotion in EMOTIONS:
        for level in LEVELS:
            plain = () if calibrated or level in (0.0, 1.0) else (("calibrated", False),)
            takes = bench.takes(texts, voices, [emotion], intensity=level, controls=plain)
            clips = bench.make(takes, f"{emotion} {level:g}") if level else neutral
            found = [p.get("probabilities", p)[emotion] for p in judge(clips, neutral)]
            of = {v: [x for x, c in zip(found, clips, strict=True) if c.voice == v] for v in voices}
            rows.setdefault(emotion, []).append([of[v] for v in voices])
    return {name: np.array(values).swapaxes(0, 1) for name, values in rows.items()}


def figures(values: np.ndarray) -> list[float]:
    """Distance from a line, rho, and the share of each pair in order, of (voices, levels, n)."""
    curve = values.mean(axis=(0, 2))
    levels = np.repeat(LEVELS, values.shape[2])
    rho = np.mean([spearman(levels, voice.ravel()) for voice in values])
    at = {level: values[:, i].ravel() for i, level in enumerate(LEVELS)}
    pairs = [ordered_share(at[low], at[high]) for low, high in PAIRS]
    return [calibration_error(LEVELS, curve), float(rho), *pairs]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", type=Path)
    parser.add_argument("--count", type=int, default=20, help="sentences")
    parser.add_argument("--skip", type=int, default=0, help="sentences left out before them")
    parser.add_argument("--sentences", type=Path, default=Path("../shared/sentences"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--ser-b", type=Path, default=None, help="another than the one that ships")
    parser.add_argument("--judge", choices=("ser_b", "ser_b_whisper", "ser_a"), default="ser_b")
    parser.add_argument("--calibrated", action="store_true", help="leave the plain maps out")
    parser.add_argument("-o", "--output", type=Path, default=Path("runs/levels"))
    asked = parser.parse_args()
    bench = Bench(
        Options(asked.output, asked.sentences, asked.checkpoints, asked.data, asked.ser_b)
    )
    kinds = ("calibrated",) if asked.calibrated else ("plain", "calibrated")
    scored = {kind: heard(bench, asked, kind == "calibrated") for kind in kinds}
    names = " | ".join(f"{low:g} < {high:g}" for low, high in PAIRS)
    print(f"| emotion | off a line, plain | calibrated | rho, plain | calibrated | {names} |")
    print("|---" * 8 + "|")
    table = []
    for emotion in EMOTIONS:
        plain, bent = (figures(scored[kind][emotion]) for kind in (kinds[0], "calibrated"))
        table.append([plain[0], bent[0], plain[1], bent[1], *bent[2:]])
        print(f"| {emotion} | " + " | ".join(f"{x:.3f}" for x in table[-1]) + " |")
    columns = np.array(table).T
    spans = [bootstrap_mean(c, list(range(len(c)))) for c in columns]
    print("| mean over emotions | " + " | ".join(str(span) for span in spans) + " |")


if __name__ == "__main__":
    main()
