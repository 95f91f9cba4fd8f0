"""Does more mean more? Levels asked for against what judges hear, per emotion and voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from emotts.emotion.affect import NORMS
from emotts.evaluation.agreement import (
    calibration_error,
    finite_mean,
    mean_interval,
    ordered_share,
    spearman,
)
from emotts.evaluation.bootstrap import bootstrap_mean
from emotts.evaluation.clips import Clip
from emotts.evaluation.entries.emotion import likeliest
from emotts.evaluation.suite import Entry
from emotts.evaluation.suite_bench import EMOTIONS

ABOUT = (
    "Levels 0 to 1.25 of every emotion on the same sentences: Spearman's ρ of level against the "
    "judges' probability of that emotion, pairs of levels heard in order, mean deviation from a "
    "straight line, and the span of F0 and level between 0 and 1.25; intervals over emotions and "
    "voices."
)
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)
PAIRS = ((0.25, 0.5), (0.5, 0.75), (0.25, 0.75))


@dataclass(frozen=True)
class Ladder:
    """One emotion of one voice: rows are sentences, columns are LEVELS; each (s, 6)."""

    emotion: str
    voice: str
    heard: np.ndarray  # SER B's probability of the emotion
    heard_a: np.ndarray | None  # SER A's
    arousal: np.ndarray | None  # SER A's affect head
    f0: np.ndarray  # semitones
    level: np.ndarray  # dB


def _levels(values: np.ndarray) -> np.ndarray:
    return np.broadcast_to(LEVELS, values.shape).ravel()


def rho(values: np.ndarray) -> float:
    """Spearman's ρ of level against values (s, 6), over all clips."""
    return spearman(_levels(values), values.ravel())


def pairs_in_order(values: np.ndarray) -> float:
    """Share of the PAIRS of levels that are heard in order, over sentences; values: (s, 6)."""
    column = {level: values[:, i] for i, level in enumerate(LEVELS)}
    lower = np.concatenate([column[low] for low, _ in PAIRS])
    higher = np.concatenate([column[high] for _, high in PAIRS])
    return ordered_share(lower, higher)


def ladder_figures(ladder: Ladder) -> dict[str, float]:
    """The figures of one emotion and voice; arousal is signed by the emotion's own norm."""
    sign = np.sign(NORMS[ladder.emotion].arousal)
    nothing = float("nan")
    return {
        "rho": rho(ladder.heard),
        "rho_ser_a": nothing if ladder.heard_a is None else rho(ladder.heard_a),
        "rho_arousal": nothing if ladder.arousal is None else float(sign * rho(ladder.arousal)),
        "pairs_in_order": pairs_in_order(ladder.heard),
        "calibration_error": calibration_error(LEVELS, ladder.heard.mean(axis=0)),
        "f0_span_semitones": finite_mean(ladder.f0[:, -1] - ladder.f0[:, 0]),
        "level_span_db": finite_mean(ladder.level[:, -1] - ladder.level[:, 0]),
    }


def levelled(bench, voices: Sequence[str], emotion: str, sentences: int) -> list[list[Clip]]:
    """For each voice its clips, sentence by sentence, each at all LEVELS."""
    texts = bench.texts(count=sentences)
    out = []
    for voice in voices:
        takes = [
            replace(take, intensity=level)
            for take in bench.takes(texts, [voice], [emotion])
            for level in LEVELS
        ]
        clips = bench.make(takes, f"{emotion}, {voice}")
        asked = [take.intensity for take in takes]
        out.append([
            replace(c, emotion=emotion, intensity=a) for c, a in zip(clips, asked, strict=True)
        ])  # fmt: skip
    return out


def run(bench) -> Entry:
    """Make all levels of all emotions by all voices and score them."""
    entry = Entry("Intensity", ABOUT)
    bench.judges["ser_b"]
    neutral = bench.neutral(bench.voices)
    sentences = min(bench.sizes.levels, bench.sizes.acted)
    ladders = [
        _ladder(bench, entry, clips, neutral)
        for emotion in EMOTIONS
        for clips in levelled(bench, bench.voices, emotion, sentences)
    ]
    _tables(entry, ladders)
    _curves(entry, ladders)
    first = [r for r in entry.rows if (r["voice"], r["text"]) == _first(entry)]
    for emotion in EMOTIONS[1:4]:
        shown = [(r["path"], f"{r['intensity']:g}") for r in first if r["emotion"] == emotion]
        entry.example(f"{emotion}, {first[0]['voice']}: {first[0]['text']}", shown)
    return entry


def _first(entry: Entry) -> tuple[str, str]:
    return entry.rows[0]["voice"], entry.rows[0]["text"]


def _ladder(bench, entry: Entry, clips: list[Clip], neutral: list[Clip]) -> Ladder:
    emotion, voice = clips[0].emotion, clips[0].voice
    b = bench.ser_b(clips, neutral)
    a = bench.ser_a(clips, neutral) if bench.judges.has("ser_a") else None
    prosody = bench.prosody(clips)
    for i, clip in enumerate(clips):
        entry.row(emotion, clip, ser_b=likeliest(b[i]), ser_b_probability=b[i],
                  ser_a_probability=a and a[i]["probabilities"],
                  arousal=a and a[i]["affect"]["arousal"],
                  f0_semitones=_number(prosody[i, 0]), level_db=float(prosody[i, 1]))  # fmt: skip

    def grid(values: Sequence[float]) -> np.ndarray:
        return np.array(values, dtype=np.float64).reshape(-1, len(LEVELS))

    return Ladder(
        emotion, voice, grid([p[emotion] for p in b]),
        a and grid([r["probabilities"].get(emotion, 0.0) for r in a]),
        a and grid([r["affect"]["arousal"] for r in a]),
        grid(prosody[:, 0]), grid(prosody[:, 1]),
    )  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _tables(entry: Entry, ladders: list[Ladder]) -> None:
    scored = [ladder_figures(ladder) for ladder in ladders]
    names = list(scored[0])
    for name in names:
        entry.figure(name, mean_interval([f[name] for f in scored]))
    unheard = sum(not np.isfinite(f["calibration_error"]) for f in scored)
    entry.figure("curves_without_a_rise", float(unheard))
    rows = [
        [ladder.emotion, ladder.voice, *f.values()]
        for ladder, f in zip(ladders, scored, strict=True)
    ]
    entry.table("Per emotion and voice", ["emotion", "voice", *names], rows)
    for emotion in dict.fromkeys(ladder.emotion for ladder in ladders):
        mine = [f for ladder, f in zip(ladders, scored, strict=True) if ladder.emotion == emotion]
        entry.figure(f"{emotion}: rho", finite_mean([f["rho"] for f in mine]))


def _curves(entry: Entry, ladders: list[Ladder]) -> None:
    series = []
    for emotion in dict.fromkeys(ladder.emotion for ladder in ladders):
        heard = np.concatenate([lad.heard for lad in ladders if lad.emotion == emotion])
        points = [bootstrap_mean(column, draws=300) for column in heard.T]
        series.append({
            "name": emotion, "x": list(LEVELS), "y": [p.value for p in points],
            "low": [p.low for p in points], "high": [p.high for p in points],
        })  # fmt: skip
    entry.curve("Heard by SER B", "level asked for", "probability of the emotion", series)
