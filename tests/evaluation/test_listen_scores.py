import math

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from emotts.errors import EmottsError
from emotts.evaluation.listen_results import Answer
from emotts.evaluation.listen_scores import binomial, score, verdict


def pair_key(kind, trials=40, question="?"):
    stimuli = {
        f"{system}{t}": {"trial": f"t{t}", "system": system, "role": "system"}
        for t in range(trials)
        for system in ("new", "old")
    }
    asked = {f"t{t}": {"item": str(t), "question": question} for t in range(trials)}
    return {"test": "x", "kind": kind, "stimuli": stimuli, "trials": asked}


def chose(listener, t, system, x=""):
    return Answer(listener, f"t{t}", {f"{s}{t}": float(s == system) for s in ("new", "old")}, x)


def test_binomial_is_exact():
    for hits, count in ((0, 5), (5, 5), (31, 40), (20, 40)):
        both, above = binomial(hits, count), binomial(hits, count, "greater")
        assert both["p"] == pytest.approx(binomtest(hits, count).pvalue)
        assert above["p"] == pytest.approx(binom.sf(hits - 1, count, 0.5))
    assert binomial(0, 5)["high"] == pytest.approx(1 - 0.025 ** (1 / 5))  # Clopper & Pearson


def test_preference_is_counted_for_the_system_and_not_the_place():
    answers = [chose("ann", t, "new" if t < 31 else "old") for t in range(40)]
    scored = score(answers, pair_key("ab"))
    (pair,) = scored["pairs"]
    assert (pair["a"], pair["b"], pair["chose_a"], pair["count"]) == ("new", "old", 31, 40)
    assert pair["p"] == pytest.approx(binomtest(31, 40).pvalue)
    assert scored["unanswered"] == 0
    assert verdict(scored)[0].startswith("new was chosen over old: 78% of 40 answers")


def test_a_coin_is_no_preference():
    scored = score([chose("ann", t, "old" if t % 2 else "new") for t in range(40)], pair_key("ab"))
    assert scored["pairs"][0]["p"] == pytest.approx(1)
    assert "was not shown to be chosen" in verdict(scored)[0]


def test_listeners_and_questions_are_kept_apart():
    key = pair_key("ab", 4)
    key["trials"]["t3"]["question"] = "Sadder?"
    answers = [chose("ann", t, "new") for t in range(4)] + [chose("bob", 0, "old")]
    scored = score(answers, key)
    plain, sadder = scored["pairs"]
    assert plain["by_listener"] == {"ann": [3, 3], "bob": [0, 1]} and sadder["count"] == 1
    assert scored["listeners"] == ["ann", "bob"] and scored["unanswered"] == 3


def test_abx_counts_what_was_right():
    answers = [chose("ann", t, "new", x=f"new{t}" if t < 15 else f"old{t}") for t in range(20)]
    scored = score(answers, pair_key("abx"))
    (pair,) = scored["pairs"]
    assert (pair["right"], pair["count"], pair["share"]) == (15, 20, 0.75)
    assert pair["p"] == pytest.approx(binom.sf(14, 20, 0.5))
    assert "was heard: 15 of 20 right" in verdict(scored)[0]
    wrong = score([chose("ann", t, "new", x=f"old{t}") for t in range(9)], pair_key("abx"))
    assert wrong["pairs"][0]["p"] == pytest.approx(1)  # always wrong is no proof of hearing


ROLES = {"ref": "reference", "low": "anchor", "new": "system", "old": "system"}


def mushra_key(trials=10):
    stimuli = {
        f"{s}{t}": {"trial": f"t{t}", "system": s, "role": role}
        for t in range(trials)
        for s, role in ROLES.items()
    }
    return {**pair_key("mushra", trials), "stimuli": stimuli}


def rated(listener, trials=10, ref=100.0, **ratings):
    ratings = {"ref": ref, "low": 20.0, "new": 70.0, "old": 50.0, **ratings}
    return [
        Answer(listener, f"t{t}", {f"{s}{t}": value for s, value in ratings.items()})
        for t in range(trials)
    ]


def test_mushra_means_lie_in_their_bootstrap_interval_over_listeners():
    shifts = [-9.0, -4.0, 0.0, 3.0, 10.0]
    answers = [a for i, d in enumerate(shifts) for a in rated(str(i), new=70 + d)]
    scored = score(answers, mushra_key())
    assert [s["system"] for s in scored["systems"]] == ["ref", "new", "old", "low"]
    new = scored["systems"][1]
    assert new["mean"] == pytest.approx(70) and new["count"] == 50
    rng = np.random.default_rng(7)
    draws = rng.choice(70 + np.array(shifts), (20000, 5)).mean(axis=1)
    assert [new["low"], new["high"]] == pytest.approx(np.quantile(draws, [0.025, 0.975]), abs=0.8)
    assert scored["interval_over"] == "listeners" and scored["left_out"] == {}
    assert "ref: 100.0 [100.0, 100.0] (reference)." in verdict(scored)


def test_one_listener_is_drawn_by_items():
    answers = rated("ann", new=40.0)[:5] + rated("ann", new=80.0)[5:]
    scored = score(answers, mushra_key())
    new = next(s for s in scored["systems"] if s["system"] == "new")
    assert scored["interval_over"] == "items" and new["low"] < 60 < new["high"]


def test_who_does_not_hear_the_reference_is_left_out():
    misses = rated("mia")[:8] + rated("mia", ref=80.0, new=0.0)[8:]  # 20 % below 90
    once = rated("bob")[:9] + rated("bob", ref=80.0)[9:]  # 10 %: may happen
    edge = rated("eva", ref=90.0)
    scored = score([*misses, *once, *edge], mushra_key())
    assert scored["left_out"] == {"mia": pytest.approx(0.2)}
    assert next(s for s in scored["systems"] if s["system"] == "new")["mean"] == 70
    assert any(s.startswith("mia was left out") and "20%" in s for s in verdict(scored))
    assert all(math.isfinite(s["low"]) for s in scored["systems"])


def test_nobody_left_is_said():
    with pytest.raises(EmottsError, match="every listener rated the hidden reference below 90"):
        score(rated("mia", ref=10.0), mushra_key())
