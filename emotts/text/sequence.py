"""The stream of symbols as what a model reads: phone ids with stress, length and word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emotts.errors import EmottsError
from emotts.text.symbols import (
    BORDER,
    END,
    LENGTH_MARK,
    PAUSES,
    PHONES,
    START,
    STRESS_MARKS,
    VOWELS,
    is_pause_symbol,
    language_id,
    symbol_id,
)

if TYPE_CHECKING:
    import numpy as np

__all__ = ["PhoneSequence", "is_pause_symbol", "language_id", "phone_sequence"]


@dataclass(frozen=True, eq=False)
class PhoneSequence:
    """n tokens from "^" to "$"; every array has the shape (n,) and is int64.

    ids: of the symbol table. stress: 0 none, 1 primary, 2 secondary, on the vowel. length: 1
    where ː follows. word: index into `words`, −1 on pauses. symbols: the n symbols. words: the
    phonemic spelling of each word, with its marks. language: as given to phone_sequence.
    """

    ids: np.ndarray
    stress: np.ndarray
    length: np.ndarray
    word: np.ndarray
    symbols: tuple[str, ...]
    words: tuple[str, ...]
    language: str

    def __len__(self) -> int:
        return len(self.symbols)


def phone_sequence(symbols: Sequence[str], language: str) -> PhoneSequence:
    """Build the sequence of a stream from `phonemize`.

    Borders and punctuation that meet become one token, the strongest of them; a border at
    either end goes, as "^" and "$" stand there. Raises EmottsError for an unknown symbol or a
    stream without a phone.
    """
    import numpy as np

    tokens: list[list] = [[START, 0, 0, -1]]
    words: list[str] = []
    pause = ""
    for part in _words_and_pauses(symbols):
        if isinstance(part, str):
            pause = max(pause, part, key=lambda mark: PAUSES.index(mark) if mark else -1)
            continue
        phones = _word_tokens(part, len(words))
        if not phones:
            continue
        if pause and not (pause == BORDER and not words):
            tokens.append([pause, 0, 0, -1])
        pause = ""
        words.append("".join(part))
        tokens.extend(phones)
    if not words:
        raise EmottsError("the phoneme sequence holds no phone; it needs at least one word")
    if pause and pause != BORDER:
        tokens.append([pause, 0, 0, -1])
    tokens.append([END, 0, 0, -1])
    _accent_clauses(tokens)
    names, stress, length, word = zip(*tokens, strict=True)
    return PhoneSequence(
        ids=np.array([symbol_id(name) for name in names], dtype=np.int64),
        stress=np.array(stress, dtype=np.int64),
        length=np.array(length, dtype=np.int64),
        word=np.array(word, dtype=np.int64),
        symbols=names,
        words=tuple(words),
        language=language,
    )


def _words_and_pauses(symbols: Sequence[str]) -> list[list[str] | str]:
    """The stream cut into words (lists) and single pause symbols (strings)."""
    parts: list[list[str] | str] = []
    for symbol in symbols:
        if symbol in PAUSES:
            parts.append(symbol)
            continue
        if symbol not in PHONES and symbol not in STRESS_MARKS and symbol != LENGTH_MARK:
            symbol_id(symbol if len(symbol) != 1 or symbol not in "_^$" else repr(symbol))
        if not parts or isinstance(parts[-1], str):
            parts.append([])
        parts[-1].append(symbol)
    return parts


def _word_tokens(symbols: list[str], index: int) -> list[list]:
    """[symbol, stress, length, word] of each phone of one word."""
    tokens: list[list] = []
    waiting = first = 0
    for symbol in symbols:
        if symbol in STRESS_MARKS:
            waiting, first = STRESS_MARKS[symbol], len(tokens)
        elif symbol == LENGTH_MARK:
            if tokens:
                tokens[-1][2] = 1
        else:
            tokens.append([symbol, 0, 0, index])
            if waiting and symbol in VOWELS:
                tokens[-1][1], waiting = waiting, 0
    if waiting and tokens:  # a word without a vowel after its mark: its next phone is the peak
        tokens[min(first, len(tokens) - 1)][1] = waiting
    return tokens


def _accent_clauses(tokens: list[list]) -> None:
    """Where other words are stressed, stress the last vowel of every clause that has no stress, in
    place: a word that is weak inside a clause ("that that is, *is*;") is not when it makes up one.
    """
    clauses: list[list[list]] = [[]]
    for token in tokens:
        if token[3] >= 0:
            clauses[-1].append(token)
        elif token[0] != BORDER:
            clauses.append([])
    weak = [clause for clause in clauses if not any(stress for _, stress, _, _ in clause)]
    if len(weak) < len(clauses):
        for clause in weak:
            for token in [t for t in clause if t[0] in VOWELS][-1:]:
                token[1] = 1
