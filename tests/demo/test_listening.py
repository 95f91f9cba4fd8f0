"""Blind tests of pairs."""

import csv

import pytest

from emotts.demo.listening import HEAD, Listening, Trial, draw_test
from emotts.errors import EmottsError

CLIPS = [(f"{n}", f"{n}.wav") for n in range(5)]


def perfect(test):
    while test.now:
        test = test.answer("a" if test.now.a == test.now.right else "b")
    return test


def test_pairs_differ_and_both_orders_come():
    test = draw_test(CLIPS, "Which is more", 10, seed=1)
    pairs = [frozenset((t.a, t.b)) for t in test.trials]
    assert len(set(pairs)) == len(pairs) == 10
    assert all(len(pair) == 2 for pair in pairs)
    assert {t.right == t.a for t in test.trials} == {True, False}
    assert all((t.file_a, t.file_b) == (f"{t.a}.wav", f"{t.b}.wav") for t in test.trials)


def test_the_same_seed_draws_the_same_test():
    assert draw_test(CLIPS, "More", 6, 3) == draw_test(CLIPS, "More", 6, 3)
    assert draw_test(CLIPS, "More", 6, 3) != draw_test(CLIPS, "More", 6, 4)


def test_without_an_order_the_question_names_what_is_right():
    test = draw_test(CLIPS, "Which sounds", 10, seed=2, ordered=False)
    assert all(t.question == f"Which sounds {t.right}?" for t in test.trials)
    assert all(t.right in (t.a, t.b) for t in test.trials)


def test_answers_are_counted_against_guessing():
    right = perfect(draw_test(CLIPS, "More", 5, 0))
    assert right.verdict().startswith("5 of 5 right (100%, 95 % interval")
    assert right.verdict().endswith("p = 0.031 against guessing.")  # 1 / 2**5
    trial = Trial("More?", "x", "y", "x.wav", "y.wav", "y")
    assert Listening((trial,)).answer("a").verdict().startswith("0 of 1 right")


def test_the_table_is_a_csv(tmp_path):
    test = perfect(draw_test(CLIPS, 'Which, "more"', 4, 0))
    with open(test.save(tmp_path / "answers.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == HEAD
    assert [row["correct"] for row in rows] == ["1"] * 4
    assert rows[0]["question"] == 'Which, "more"?'
    assert all(row["chosen"] == row["right"] for row in rows)


def test_other_answers_and_late_ones_are_refused():
    test = draw_test(CLIPS[:2], "More", 6, 0)
    assert len(test.trials) == 1
    with pytest.raises(EmottsError, match="a or b"):
        test.answer("c")
    with pytest.raises(EmottsError, match="every pair"):
        test.answer("a").answer("a")
