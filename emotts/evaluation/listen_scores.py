"""What a blind test says: preferences and ABX by exact binomial tests, MUSHRA by means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation.bootstrap import bootstrap_mean
from emotts.evaluation.listen_results import Answer

# ITU-R BS.1534-3, 4.1.2: rating the hidden reference below 90 in over 15 % of trials excludes.
REFERENCE_RATING = 90.0
REFERENCE_MISSES = 0.15


def score(answers: Sequence[Answer], key: dict[str, Any]) -> dict[str, Any]:
    """Score the answers to one page: {"kind", "listeners", "answers", and what the kind has}.

    ab: "pairs", each with the share that chose `a`, its exact 95 % interval (Clopper & Pearson)
    and the two-sided exact binomial p. abx: "pairs", each with the share that was right and the
    one-sided p against guessing. mushra: "systems", each with its mean and a bootstrap interval
    over listeners (over items where there is one listener), and the listeners left out.
    """
    scored = {
        "kind": key["kind"],
        "listeners": sorted({answer.listener for answer in answers}),
        "answers": len(answers),
        "unanswered": len(key["trials"]) * len({a.listener for a in answers}) - len(answers),
    }
    return scored | {"ab": _score_ab, "abx": _score_abx, "mushra": _score_mushra}[key["kind"]](
        answers, key
    )


def binomial(hits: int, count: int, alternative: str = "two-sided") -> dict[str, float]:
    """Share, exact 95 % interval and exact p of `hits` in `count` against one half."""
    from scipy.stats import binomtest

    interval = binomtest(hits, count).proportion_ci(0.95, method="exact")
    p = binomtest(hits, count, 0.5, alternative=alternative).pvalue
    return {"share": hits / count, "low": float(interval.low), "high": float(interval.high),
            "p": float(p)}  # fmt: skip


def _by(answers: Iterable[Answer], group: Callable[[Answer], Any]) -> dict[Any, list[Answer]]:
    groups: dict[Any, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(group(answer), []).append(answer)
    return groups


def _pair(answer: Answer, key: dict[str, Any]) -> tuple[str, str, str]:
    """The question and the two systems of a trial: answers to other questions are not mixed in."""
    first, second = sorted(key["stimuli"][name]["system"] for name in answer.values)
    return key["trials"][answer.trial]["question"], first, second


def _score_ab(answers: Sequence[Answer], key: dict[str, Any]) -> dict[str, Any]:
    pairs = []
    for (question, a, b), part in sorted(_by(answers, lambda one: _pair(one, key)).items()):

        def hits(some: Sequence[Answer], name: str = a) -> int:
            return sum(key["stimuli"][one.chosen]["system"] == name for one in some)

        pairs.append({
            "question": question, "a": a, "b": b, "chose_a": hits(part), "count": len(part),
            **binomial(hits(part), len(part)), "by_listener": _by_listener(part, hits),
        })  # fmt: skip
    return {"pairs": pairs}


def _score_abx(answers: Sequence[Answer], key: dict[str, Any]) -> dict[str, Any]:
    def right(some: Sequence[Answer]) -> int:
        return sum(one.chosen == one.x for one in some)

    pairs = []
    for (question, a, b), part in sorted(_by(answers, lambda one: _pair(one, key)).items()):
        pairs.append({
            "question": question, "a": a, "b": b, "right": right(part), "count": len(part),
            **binomial(right(part), len(part), "greater"),
            "by_listener": _by_listener(part, right),
        })  # fmt: skip
    return {"pairs": pairs}


def _by_listener(
    answers: Sequence[Answer], hits: Callable[[Sequence[Answer]], int]
) -> dict[str, list[int]]:
    """Hits and answers of each listener."""
    groups = _by(answers, lambda one: one.listener)
    return {listener: [hits(part), len(part)] for listener, part in sorted(groups.items())}


def _misses_the_reference(answers: Sequence[Answer], key: dict[str, Any]) -> float:
    """The share of a listener's trials that rate the hidden reference below 90."""
    ratings = [
        value
        for answer in answers
        for name, value in answer.values.items()
        if key["stimuli"][name]["role"] == "reference"
    ]
    return float(np.mean(np.array(ratings) < REFERENCE_RATING))


def _score_mushra(answers: Sequence[Answer], key: dict[str, Any]) -> dict[str, Any]:
    by_listener = _by(answers, lambda one: one.listener)
    misses = {who: _misses_the_reference(part, key) for who, part in sorted(by_listener.items())}
    left_out = {who: share for who, share in misses.items() if share > REFERENCE_MISSES}
    kept = [answer for answer in answers if answer.listener not in left_out]
    if not kept:
        raise EmottsError(
            f"every listener rated the hidden reference below {REFERENCE_RATING:g} in more than "
            f"{REFERENCE_MISSES:.0%} of the trials; nothing is left to score"
        )
    ratings: dict[tuple[str, str], list[tuple[float, Answer]]] = {}
    for answer in kept:
        for name, value in answer.values.items():
            sound = key["stimuli"][name]
            ratings.setdefault((sound["system"], sound["role"]), []).append((value, answer))
    one_listener = len({answer.listener for answer in kept}) == 1
    systems = []
    for (system, role), part in ratings.items():
        groups = [a.trial if one_listener else a.listener for _, a in part]
        mean = bootstrap_mean([value for value, _ in part], groups)
        systems.append({
            "system": system, "role": role, "count": len(part), "mean": mean.value,
            "low": mean.low, "high": mean.high,
        })  # fmt: skip
    systems.sort(key=lambda one: -one["mean"])
    return {"systems": systems, "left_out": left_out,
            "interval_over": "items" if one_listener else "listeners"}  # fmt: skip


def verdict(scored: dict[str, Any]) -> list[str]:
    """Plain sentences on what the scores do and do not show, at the 5 % level."""
    if scored["kind"] == "mushra":
        return _mushra_verdict(scored)
    sentences = []
    for pair in scored["pairs"]:
        a, b, sure = pair["a"], pair["b"], pair["p"] < 0.05
        if scored["kind"] == "abx":
            heard = "was heard" if sure else "was not shown to be heard"
            sentences.append(
                f"The difference between {a} and {b} {heard}: {pair['right']} of {pair['count']} "
                f"right, p = {pair['p']:.3g}."
            )
            continue
        more, share = (a, pair["share"]) if pair["share"] >= 0.5 else (b, 1 - pair["share"])
        less = b if more == a else a
        shown = "was chosen over" if sure else "was not shown to be chosen over"
        sentences.append(
            f"{more} {shown} {less}: {share:.0%} of {pair['count']} answers to "
            f"“{pair['question']}”, p = {pair['p']:.3g}."
        )
    return sentences


def _mushra_verdict(scored: dict[str, Any]) -> list[str]:
    sentences = [
        f"{one['system']}: {one['mean']:.1f} [{one['low']:.1f}, {one['high']:.1f}]"
        + ("." if one["role"] == "system" else f" ({one['role']}).")
        for one in scored["systems"]
    ]
    for who, share in scored["left_out"].items():
        sentences.append(
            f"{who} was left out: the hidden reference was rated below {REFERENCE_RATING:g} in "
            f"{share:.0%} of the trials."
        )
    return sentences
