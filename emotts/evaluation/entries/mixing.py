"""Are both emotions of a mix heard, and the heavier one more? Per method of mixing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from emotts.evaluation.agreement import mean_interval, spearman
from emotts.evaluation.bootstrap import bootstrap_mean
from emotts.evaluation.clips import Clip
from emotts.evaluation.entries.emotion import likeliest, sentence_groups
from emotts.evaluation.sets import NoControl, Take
from emotts.evaluation.suite import Entry

ABOUT = (
    "Pairs of emotions mixed by weights 0 to 1 in steps of .25, for each method: rank agreement "
    "(mean over pairs and voices of Spearman's ρ of the weight against SER B's share of the two "
    "named emotions), and the probability on the two named emotions in the mixes."
)
METHODS = ("embedding", "velocity", "prototype")
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
PAIRS = (
    ("happy", "sad"), ("angry", "sad"), ("happy", "surprised"), ("angry", "disgust"),
    ("sad", "fearful"), ("calm", "happy"), ("fearful", "surprised"),
)  # fmt: skip


def share_of_first(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The first's probability over both's; a half where neither is heard at all."""
    both = first + second
    return np.where(both > 0, first / np.where(both > 0, both, 1), 0.5)


def rank_agreement(weights: Sequence[float], first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's ρ of the first emotion's weight against its heard share of the two; each (n,)."""
    return spearman(weights, share_of_first(np.asarray(first), np.asarray(second)))


def mix_take(take: Take, pair: tuple[str, str], weight: float, method: str) -> Take:
    """The take that mixes a pair; at weights 0 and 1 it is the plain emotion, whatever the method.

    weight: of the first; the second has the rest.
    """
    if weight in (0, 1):
        return replace(take, emotion=pair[0] if weight else pair[1], intensity=1.0)
    spec = f"{pair[0]}:{weight:g}+{pair[1]}:{1 - weight:g}"
    return replace(take, emotion=spec, intensity=None, controls=(("mixing", method),))


def run(bench) -> Entry:
    """Make and score every mix by every method that the synthesizer has."""
    entry = Entry("Mixing", ABOUT)
    bench.judges["ser_b"]
    lacking, rows = [], []
    for method in METHODS:
        try:
            figures = _method(bench, entry, method)
        except NoControl as error:
            lacking.append(f"mixing by {method}: {error}")
            continue
        for name in ("rank_agreement", "mass"):
            entry.figure(f"{method}: {name}", figures[name])
        entry.figure(f"{method}: mass_of_pure", figures["mass_of_pure"])
        agreement, mass = figures["rank_agreement"] or [None] * 3, figures["mass"]
        rows.append([method, figures["mixes"], *agreement, *mass, figures["mass_of_pure"]])
    if not rows:
        raise NoControl(lacking[0])
    bench.notes += lacking
    head = ["method", "mixes", "rank agreement", "low", "high", "mass on both", "low", "high",
            "mass at weight 1"]  # fmt: skip
    entry.table("Mixing", head, rows)
    return entry


def _method(bench, entry: Entry, method: str) -> dict:
    voices = bench.voices[: bench.sizes.mix_voices]
    texts = bench.texts(count=min(bench.sizes.mixed, bench.sizes.acted))
    plain = bench.takes(texts, voices)
    wishes = [
        (pair, weight, take)
        for pair in PAIRS[: bench.sizes.pairs]
        for take in plain
        for weight in WEIGHTS
    ]
    takes = [mix_take(take, pair, weight, method) for pair, weight, take in wishes]
    clips = bench.make(takes, f"mixing, {method}")
    b = bench.ser_b(clips, bench.neutral(voices))
    for (pair, weight, _), clip, p in zip(wishes, clips, b, strict=True):
        entry.row(method, clip, pair="+".join(pair), weight=weight, ser_b=likeliest(p),
                  ser_b_probability=p)  # fmt: skip
    _curve(entry, method, wishes, b)
    return _figures(wishes, clips, b)


def _figures(wishes: list, clips: list[Clip], b: list[dict[str, float]]) -> dict:
    weights = np.array([weight for _, weight, _ in wishes])
    first = np.array([p[pair[0]] for (pair, _, _), p in zip(wishes, b, strict=True)])
    second = np.array([p[pair[1]] for (pair, _, _), p in zip(wishes, b, strict=True)])
    cells = np.array(["+".join(pair) + clip.voice for (pair, _, _), clip
                      in zip(wishes, clips, strict=True)])  # fmt: skip
    names = np.unique(cells)
    agreements = [rank_agreement(weights[cells == c], first[cells == c], second[cells == c])
                  for c in names]  # fmt: skip
    mixed = (weights > 0) & (weights < 1)
    mass = (first + second)[mixed]
    return {
        "mixes": len({(pair, weight) for pair, weight, _ in wishes if 0 < weight < 1}),
        "rank_agreement": mean_interval(agreements),
        "mass": bootstrap_mean(mass, sentence_groups([clips[i] for i in np.flatnonzero(mixed)])),
        "mass_of_pure": float(np.where(weights == 1, first, second)[~mixed].mean()),
    }


def _curve(entry: Entry, method: str, wishes: list, b: list[dict[str, float]]) -> None:
    series = []
    for pair in dict.fromkeys(pair for pair, _, _ in wishes):
        y = []
        for weight in WEIGHTS:
            mine = [p for (q, w, _), p in zip(wishes, b, strict=True) if (q, w) == (pair, weight)]
            first, second = (np.array([p[name] for p in mine]) for name in pair)
            y.append(float(share_of_first(first, second).mean()))
        series.append({"name": " + ".join(pair), "x": list(WEIGHTS), "y": y})
    entry.curve(f"{method}: heard share", "weight of the first", "share of the first", series)
