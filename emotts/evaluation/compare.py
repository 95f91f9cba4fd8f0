"""Two report folders beside each other: what is really different, row by row."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation.bootstrap import bootstrap

Record = dict[str, Any]
KEY = ("entry", "set", "text", "voice", "emotion", "intensity", "seed")
NOT_COMPARED = {"row", "intensity", "seed", "word_errors", "word_count"}
JUDGES = ("ser_b", "ser_b_absolute", "ser_a")
SIGNIFICANT = 0.05
# True: higher is better, False: lower is; of all others it is only told which way they go.
BETTER = {
    "wer": False, "cer": False, "mcd": False, "f0rmse": False, "log_f0_rmse": False,
    "vuv_error": False, "f0corr": True, "log_f0_corr": True, "distill_mos": True, "dnsmos": True,
    "utmos": True, "utmosv2": True, "spk_similarity": True, "spk_similarity_wavlm": True,
    "ser_b_right": True, "ser_b_absolute_right": True, "ser_a_right": True,
    "ser_b_target": True, "ser_b_absolute_target": True, "ser_a_target": True,
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One metric of b minus a over their pairs, with its 95 % interval and p values."""

    metric: str
    pairs: int
    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float
    p_holm: float
    different: bool


@dataclass(frozen=True)
class Comparison:
    """All differences, how rows were paired, how many had no partner, and the sentence."""

    a: str
    b: str
    paired_by: str
    pairs: int
    alone_a: int
    alone_b: int
    differences: tuple[Difference, ...]
    sentence: str

    def as_dict(self) -> Record:
        """For JSON."""
        return asdict(self)


def compare(a: str | Path, b: str | Path, draws: int = 2000, seed: int = 0) -> Comparison:
    """Compare every numeric metric that both report folders have.

    Rows are paired by entry, set, text, voice, emotion, intensity and seed; where that finds no
    pair (two systems' sets have two names) by the same without the set; else, if both have as
    many, by their place. Intervals are paired bootstrap ones over texts, p values by flipping the
    signs of whole texts' differences, corrected for the number of metrics by Holm's method.
    Raises EmottsError for a folder without rows, and for rows that cannot be paired.
    """
    first, second = read_rows(a), read_rows(b)
    pairs, paired_by = pair(first, second)
    metrics = _shared(pairs)
    found = [_difference(name, pairs, draws, seed) for name in metrics]
    found = [one for one in found if one is not None]
    if not found:
        raise EmottsError(f"{a} and {b} share no metric with two paired rows or more.")
    corrected = holm([one["p"] for one in found])
    differences = tuple(
        Difference(**one, p_holm=p, different=_differs(one, p))
        for one, p in zip(found, corrected, strict=True)
    )
    return Comparison(
        str(a), str(b), paired_by, len(pairs), len(first) - len(pairs), len(second) - len(pairs),
        differences, sentence(differences, len(set(_groups([row for row, _ in pairs])))),
    )  # fmt: skip


def _differs(found: Record, p: float) -> bool:
    return p < SIGNIFICANT and not found["low"] <= 0 <= found["high"]


def read_rows(folder: str | Path) -> list[Record]:
    """The rows of a report folder, with what the emotion judges got right beside what they heard.

    Raises EmottsError for a folder without rows.jsonl, an empty one, and a line that is no object.
    """
    path = Path(folder) / "rows.jsonl"
    if not path.is_file():
        raise EmottsError(f"There is no {path}: name two folders that 'emotts evaluate' wrote.")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise EmottsError(f"Line {number} of {path} is no JSON ({error}).") from error
        if not isinstance(row, dict):
            raise EmottsError(f"Line {number} of {path} is no JSON object.")
        rows.append(row | _heard(row))
    if not rows:
        raise EmottsError(f"{path} holds no rows.")
    return rows


def _heard(row: Record) -> Record:
    """Per emotion judge: whether it heard what was asked, and its probability of that."""
    asked = "neutral" if row.get("intensity") == 0 and row.get("emotion") else row.get("emotion")
    found: Record = {}
    for judge in JUDGES:
        probability = row.get(f"{judge}_probability")
        if isinstance(probability, dict) and asked in probability:
            found[f"{judge}_target"] = probability[asked]
            found[f"{judge}_right"] = float(row.get(judge) == asked)
    return found


def pair(
    first: Sequence[Record], second: Sequence[Record]
) -> tuple[list[tuple[Record, Record]], str]:
    """The pairs, and what they were paired by; among equals the k-th goes with the k-th."""
    for names in (KEY, tuple(name for name in KEY if name != "set")):
        pairs = _by_key(first, second, lambda row, names=names: tuple(map(row.get, names)))
        if pairs and any(row.get("text") for row, _ in pairs):
            return pairs, ", ".join(names)
    if len(first) != len(second):
        raise EmottsError(
            f"The rows cannot be paired: they share no text, voice, emotion and seed, and there "
            f"are {len(first)} against {len(second)}."
        )
    return list(zip(first, second, strict=True)), "place in the list"


def _by_key(
    first: Sequence[Record], second: Sequence[Record], key: Callable[[Record], Hashable]
) -> list[tuple[Record, Record]]:
    waiting: dict[Hashable, list[Record]] = defaultdict(list)
    for row in second:
        waiting[key(row)].append(row)
    return [(row, waiting[key(row)].pop(0)) for row in first if waiting[key(row)]]


def _number(row: Record, name: str) -> float:
    value = row.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else math.nan


def _shared(pairs: Sequence[tuple[Record, Record]]) -> list[str]:
    names = dict.fromkeys(name for a, b in pairs for name in a if name in b)
    return [name for name in names if name not in NOT_COMPARED]


def _difference(
    name: str, pairs: Sequence[tuple[Record, Record]], draws: int, seed: int
) -> Record | None:
    values = np.array([[_number(a, name), _number(b, name)] for a, b in pairs])
    kept = np.isfinite(values).all(axis=1)
    if kept.sum() < 2:
        return None
    values = values[kept]
    rows = [a for (a, _), keep in zip(pairs, kept, strict=True) if keep]
    weights = np.ones(len(rows))
    if name in ("wer", "cer"):  # errors over words, as such rates are told of a set
        counts = np.array([_number(row, "word_count") for row in rows])
        weights = counts if np.isfinite(counts).all() else weights
    groups = _groups(rows)
    change = values[:, 1] - values[:, 0]
    interval = bootstrap(
        lambda drawn: float(np.average(change[drawn], weights=weights[drawn])),
        len(rows), groups, draws=draws, seed=seed,
    )  # fmt: skip
    mean_a, mean_b = np.average(values, axis=0, weights=weights)
    return {
        "metric": name, "pairs": len(rows), "a": float(mean_a), "b": float(mean_b),
        "difference": interval.value, "low": interval.low, "high": interval.high,
        "p": sign_flip_p(change * weights, groups, seed),
    }  # fmt: skip


def _groups(rows: Sequence[Record]) -> np.ndarray:
    """Rows of one text hang together; where all have one text, or none, each row stands alone."""
    labels = [row.get("text") or f"row {i}" for i, row in enumerate(rows)]
    groups = np.unique(labels, return_inverse=True)[1]
    return groups if groups.max() > 0 else np.arange(len(rows))


def sign_flip_p(changes: np.ndarray, groups: np.ndarray, seed: int = 0) -> float:
    """Two-sided p of changes (n,) having no direction, by scipy's permutation test.

    The signs of whole groups (n,) are flipped: all ways where they are few, 9999 of them else.
    """
    from scipy.stats import permutation_test

    sums = np.bincount(groups, weights=changes)
    if np.allclose(sums, 0, atol=1e-12):
        return 1.0
    found = permutation_test(
        (sums,), lambda x, axis=-1: x.sum(axis=axis), permutation_type="samples",
        vectorized=True, n_resamples=9999, batch=500, rng=np.random.default_rng(seed),
    )  # fmt: skip
    return float(found.pvalue)


def holm(p: Sequence[float]) -> list[float]:
    """p values corrected for their number, in their order (Holm 1979)."""
    corrected = np.ones(len(p))
    worst = 0.0
    for rank, place in enumerate(np.argsort(p, kind="stable")):
        worst = max(worst, min(1.0, (len(p) - rank) * p[place]))
        corrected[place] = worst
    return corrected.tolist()


def sentence(differences: Sequence[Difference], texts: int) -> str:
    """What is really different, in one sentence; texts: how many were drawn from."""
    groups: dict[str, list[str]] = {"better": [], "worse": [], "higher": [], "lower": []}
    for one in differences:
        if not one.different:
            continue
        rises = one.difference > 0
        word = "higher" if rises else "lower"
        if one.metric in BETTER:
            word = "better" if rises == BETTER[one.metric] else "worse"
        groups[word].append(f"{one.metric} ({one.difference:+.3g})")
    told = [f"{word} in {' and '.join(names)}" for word, names in groups.items() if names]
    count = f"{len(differences)} metric{'s' * (len(differences) != 1)}"
    if not told and 2 / 2**texts * len(differences) >= SIGNIFICANT:
        return f"Nothing can be told: {texts} texts are too few to tell {count} apart."
    if not told:
        return f"Nothing differs: none of {count} is further apart than chance allows."
    rest = " and nothing else differs" if sum(map(len, groups.values())) < len(differences) else ""
    return f"b is really {', '.join(told)}{rest} (of {count})."


def markdown(comparison: Comparison) -> str:
    """The sentence, how rows were paired, and the table."""
    c = comparison
    lines = [
        f"# {c.b} against {c.a}", "", c.sentence, "",
        f"{c.pairs} pairs by {c.paired_by}; without a partner: {c.alone_a} in a, {c.alone_b} in b.",
        "", "| metric | pairs | a | b | b − a, 95 % interval | p | p (Holm) | different |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for d in c.differences:
        lines.append(
            f"| {d.metric} | {d.pairs} | {d.a:.4g} | {d.b:.4g} | {d.difference:+.3g} "
            f"[{d.low:+.3g}, {d.high:+.3g}] | {d.p:.3g} | {d.p_holm:.3g} | "
            f"{'yes' if d.different else 'no'} |"
        )
    return "\n".join(lines) + "\n"
