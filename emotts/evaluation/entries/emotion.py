"""Is the emotion asked for the one heard? Confusion matrix and recall by SER B, others beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from emotts.evaluation.bootstrap import Interval, bootstrap
from emotts.evaluation.clips import Clip, neutral_of
from emotts.evaluation.confusion import (
    confusion_matrix,
    macro_f1,
    unweighted_average_recall,
)
from emotts.evaluation.suite import Entry
from emotts.evaluation.suite_bench import POLISH_EMOTIONS

ABOUT = (
    "The emotion asked for at intensity 1 against the one heard by SER B beside the same voice's "
    "neutral clips: unweighted average recall (UAR), as a share of the recordings' UAR too."
)
RECORDED = {"recordings": ("ravdess", None), "Polish recordings": ("nemo", "speaker")}
BESIDE = ("ser_b_absolute", "ser_b_whisper", "ser_a")  # judges beside the one of record
PER_EMOTION = 20  # recordings of one voice and emotion at most, evenly chosen


def asked_of(clip: Clip) -> str:
    """The class asked for: anything at intensity 0 is neutral."""
    return "neutral" if clip.intensity == 0 else clip.emotion


def likeliest(p: dict[str, float], classes: Sequence[str] | None = None) -> str:
    """The class of highest probability, among `classes` if they are given."""
    return max(classes or p, key=lambda name: p.get(name, 0.0))


def emotion_figures(
    clips: Sequence[Clip], heard: Sequence[str], classes: Sequence[str]
) -> dict[str, Any]:
    """uar (with its interval over sentences), accuracy, macro_f1, counts and uar by voice."""
    asked = np.array([asked_of(clip) for clip in clips])
    heard = np.asarray(heard)
    counts = confusion_matrix(asked, heard, classes)
    places, right = np.array([list(classes).index(name) for name in asked]), asked == heard
    voices = np.array([clip.voice for clip in clips])

    def of_voice(voice: str) -> float:
        mine = voices == voice
        return unweighted_average_recall(confusion_matrix(asked[mine], heard[mine], classes))

    return {
        "uar": bootstrap(
            lambda rows: _recall(places[rows], right[rows]), len(clips), sentence_groups(clips)
        ),
        "accuracy": float((asked == heard).mean()),
        "macro_f1": macro_f1(counts),
        "counts": counts,
        "by_voice": {str(voice): of_voice(voice) for voice in np.unique(voices)},
    }


def _recall(asked: np.ndarray, right: np.ndarray) -> float:
    """Unweighted average recall from class numbers and whether each was heard; both (n,)."""
    counts = np.bincount(asked)
    return float((np.bincount(asked, right)[counts > 0] / counts[counts > 0]).mean())


def sentence_groups(clips: Sequence[Clip]) -> list[str] | None:
    """What bootstrap draws: sentences, or clips where there are only a few sentences."""
    texts = [clip.text for clip in clips]
    return texts if len(set(texts)) > 2 else None


def evenly(clips: Sequence[Clip], count: int = PER_EMOTION) -> list[Clip]:
    """At most `count` clips of each voice and emotion, evenly over the list."""
    cells: dict[tuple[str, str], list[Clip]] = {}
    for clip in clips:
        cells.setdefault((clip.voice, clip.emotion), []).append(clip)
    kept = []
    for cell in cells.values():
        places = np.unique(np.linspace(0, len(cell) - 1, min(count, len(cell))).round().astype(int))
        kept += [cell[i] for i in places]
    return kept


def run(bench) -> Entry:
    """Score recordings and synthesis, English and Polish."""
    entry = Entry("Emotion", ABOUT)
    bench.judges["ser_b"]
    made: dict[str, list[Clip]] = {}
    for name, (corpus, held_out) in RECORDED.items():
        if name.startswith("Polish") and not bench.polish_voices:
            continue
        clips = bench.anchor("recordings", lambda c=corpus, h=held_out: bench.recordings(c, h))
        if clips:
            made[name] = evenly(clips, 4 if bench.options.quick else PER_EMOTION)
    if "recordings" in made and bench.wanted("resynthesis") and not bench.options.quick:
        made["resynthesis"] = bench.resynthesis(made["recordings"])
    made["synthesis"] = bench.neutral(bench.voices) + bench.emotional(bench.voices)
    if voices := bench.polish_voices:
        made["Polish synthesis"] = bench.neutral(voices, "pl") + bench.emotional(
            voices, POLISH_EMOTIONS, "pl"
        )
    scored = {name: _score(bench, entry, name, clips) for name, clips in made.items()}
    _tables(entry, made, scored)
    _examples(entry, made["synthesis"])
    return entry


def _score(bench, entry: Entry, name: str, clips: list[Clip]) -> dict[str, dict[str, Any]]:
    neutral = neutral_of(clips)
    b = bench.ser_b(clips, neutral)
    absolute = bench.ser_b(clips, neutral, relative=False)
    nobody = [None] * len(clips)
    a = bench.ser_a(clips, neutral) if bench.judges.has("ser_a") else nobody
    w = nobody
    if bench.judges.has("ser_b_whisper"):
        w = bench.ser_b(clips, neutral, judge="ser_b_whisper")
    classes = list(b[0])
    heard: dict[str, list[str]] = {
        "ser_b": [likeliest(p) for p in b],
        "ser_b_absolute": [likeliest(p) for p in absolute],
    }
    if w[0] is not None:
        heard["ser_b_whisper"] = [likeliest(p) for p in w]
    if a[0] is not None:
        heard["ser_a"] = [likeliest(reading["probabilities"], classes) for reading in a]
    for i, clip in enumerate(clips):
        entry.row(name, clip, ser_b=heard["ser_b"][i], ser_b_probability=b[i],
                  **{j: heard[j][i] if j in heard else None for j in BESIDE},
                  ser_b_whisper_probability=w[i],
                  ser_a_probability=a[i] and a[i]["probabilities"])  # fmt: skip
    figures = {judge: emotion_figures(clips, words, classes) for judge, words in heard.items()}
    entry.matrix(f"{name}: asked (down) and heard by SER B", classes, figures["ser_b"]["counts"])
    return figures


def _tables(entry: Entry, made: dict, scored: dict) -> None:
    rows = []
    for name, judges in scored.items():
        uar: Interval = judges["ser_b"]["uar"]
        base = scored.get("Polish recordings" if name.startswith("Polish") else "recordings")
        share = uar.value / base["ser_b"]["uar"].value if base else None
        entry.figure(f"{name}: uar", uar)
        entry.figure(f"{name}: macro_f1", judges["ser_b"]["macro_f1"])
        entry.figure(f"{name}: accuracy", judges["ser_b"]["accuracy"])
        entry.figure(f"{name}: uar_share_of_recordings", share)
        beside = [judges[j]["uar"].value if j in judges else None for j in BESIDE]
        for judge, value in zip(BESIDE, beside, strict=True):
            entry.figure(f"{name}: {judge}_uar", value)
        f1, right = judges["ser_b"]["macro_f1"], judges["ser_b"]["accuracy"]
        rows.append([name, len(made[name]), *uar, share, right, f1, *beside])
    head = ["set", "clips", "SER B UAR", "low", "high", "share of recordings", "accuracy", "F1",
            "SER B absolute", "SER B with Whisper", "SER A"]  # fmt: skip
    entry.table("Emotion", head, rows)
    voices = [
        [name, voice, value]
        for name, judges in scored.items()
        for voice, value in judges["ser_b"]["by_voice"].items()
    ]
    entry.table("By voice", ["set", "voice", "SER B UAR"], voices)


def _examples(entry: Entry, clips: list[Clip]) -> None:
    first = clips[0]
    same = [c for c in clips if (c.voice, c.text) == (first.voice, first.text)]
    entry.example(f"{first.voice}: {first.text}", [(c.path, asked_of(c)) for c in same])
