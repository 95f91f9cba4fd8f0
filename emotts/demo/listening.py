"""A blind listening test of pairs: who is A is drawn, and nobody sees it before the end."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from emotts.errors import EmottsError

HEAD = ("trial", "question", "a", "b", "right", "chosen", "correct")


@dataclass(frozen=True)
class Trial:
    """Two clips by label and file, and the label that answers the question."""

    question: str
    a: str
    b: str
    file_a: str
    file_b: str
    right: str


@dataclass(frozen=True)
class Listening:
    """A test under way: its trials, and "a" or "b" for every one answered so far."""

    trials: tuple[Trial, ...]
    answers: tuple[str, ...] = ()

    @property
    def now(self) -> Trial | None:
        """The trial that waits for an answer, if any."""
        return self.trials[len(self.answers)] if len(self.answers) < len(self.trials) else None

    def answer(self, chosen: str) -> Listening:
        """The test after "a" or "b"; raises EmottsError for another answer and after the end."""
        if self.now is None:
            raise EmottsError("every pair has been answered; start a new test")
        if chosen not in ("a", "b"):
            raise EmottsError(f"the answer is a or b, not {chosen!r}")
        return replace(self, answers=(*self.answers, chosen))

    def rows(self) -> list[list[str | int]]:
        """A row for every answer, as `HEAD` has it; correct is 1 or 0."""
        out = []
        for number, (trial, chosen) in enumerate(zip(self.trials, self.answers, strict=False), 1):
            picked = trial.a if chosen == "a" else trial.b
            out.append([number, trial.question, trial.a, trial.b, trial.right, picked,
                        int(picked == trial.right)])  # fmt: skip
        return out

    def verdict(self) -> str:
        """How many were right, with the exact 95 % interval and p against guessing."""
        from emotts.evaluation.listen_scores import binomial

        right = sum(row[-1] for row in self.rows())
        found = binomial(right, len(self.answers), "greater")
        return (
            f"{right} of {len(self.answers)} right ({found['share']:.0%}, 95 % interval "
            f"{found['low']:.0%} to {found['high']:.0%}); p = {found['p']:.3f} against guessing."
        )

    def save(self, path: str | Path) -> str:
        """Write the rows as CSV; returns the path."""
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([HEAD, *self.rows()])
        return str(path)


def draw_test(
    clips: Sequence[tuple[str, str]], question: str, count: int, seed: int, ordered: bool = True
) -> Listening:
    """A test of `count` pairs drawn by the seed.

    clips: labels and files. ordered: the later clip of a pair is the right answer; otherwise one
    of the two is drawn and the question ends in its label. Raises EmottsError for fewer than two
    clips.
    """
    if len(clips) < 2:
        raise EmottsError("there is nothing to compare yet; make a ladder first")
    drawn = random.Random(seed)
    pairs = list(combinations(clips, 2))
    chosen = drawn.sample(pairs, min(count, len(pairs)))
    trials = []
    for low, high in chosen:
        right = high[0] if ordered else drawn.choice((low, high))[0]
        one, other = drawn.sample((low, high), 2)
        asked = question if ordered else f"{question} {right}"
        trials.append(Trial(f"{asked}?", one[0], other[0], one[1], other[1], right))
    return Listening(tuple(trials))
