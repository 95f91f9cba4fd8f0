"""A weak word that makes up a clause and repeats the word before it: "that that is, *is*;"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emotts.text.symbols import BORDER, STRESS_MARKS

if TYPE_CHECKING:
    from emotts.text.sequence import PhoneSequence


def is_echo(sequence: PhoneSequence) -> np.ndarray:
    """(n,) bool: phones of words that are weak elsewhere (without a stress mark of their own),
    stand alone between two pauses and sound like the word before. Unless they are emphasised,
    they are not heard as said again.
    """
    clauses: list[list[int]] = [[]]
    for symbol, word in zip(sequence.symbols, sequence.word, strict=True):
        if word < 0 and symbol != BORDER and clauses[-1]:
            clauses.append([])
        elif word >= 0 and word not in clauses[-1]:
            clauses[-1].append(int(word))
    echoes = [
        clause[0]
        for before, clause in zip(clauses, clauses[1:], strict=False)
        if len(clause) == 1
        and sequence.words[clause[0]] == _unstressed(sequence.words[clause[0]])
        and sequence.words[clause[0]] == _unstressed(sequence.words[before[-1]])
    ]
    return np.isin(sequence.word, echoes)


def _unstressed(word: str) -> str:
    return "".join(symbol for symbol in word if symbol not in STRESS_MARKS)
