"""Consonants in a row, within words and across their borders: where words are lost first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emotts.text.symbols import BORDER, VOWELS

if TYPE_CHECKING:
    from emotts.text.sequence import PhoneSequence

CLUSTER = 3  # consonants in a row from which on they are given time


def in_cluster(sequence: PhoneSequence) -> np.ndarray:
    """(n,) bool: phones among `CLUSTER` or more consonants with no vowel or pause between them."""
    found = np.zeros(len(sequence), dtype=bool)
    row: list[int] = []
    for i, (symbol, word) in enumerate(zip(sequence.symbols, sequence.word, strict=True)):
        if word >= 0 and symbol not in VOWELS:
            row.append(i)
        elif symbol != BORDER:
            found[row] |= len(row) >= CLUSTER
            row = []
    return found
