"""Long text into sentences, and long sentences into clauses, without losing a character."""

from __future__ import annotations

import re
import unicodedata

from emotts.errors import EmottsError
from emotts.text.normalize import OVERRIDE

# A dot after these, or after one capital letter, does not end a sentence.
_NO_END = frozenset(
    "mr mrs ms dr prof rev gen col capt lt sgt st mt no nos vol fig figs vs e.g i.e eg ie approx "
    "jan feb mar apr jun jul aug sep sept oct nov dec p pp ch "
    "np tzn tj tzw m.in inż mgr ul al godz ok str ks św hab tel nr z.b bzw ca".split()
)
_CLOSING = "[\"'”’»)\\]]*"
_SENTENCE_END = re.compile(rf"(?:[.!?…]+{_CLOSING}(?=\s)|[。！？।॥]+[”」』）]*|\n\s*(?=\n))\s*")
_CLAUSE_END = re.compile(rf"(?:[,;:—–]{_CLOSING}(?=\s)|\s[-–—](?=\s)|[，、；：])\s*")
_SPACE = re.compile(r"\s+")


def split_sentences(text: str, max_characters: int = 200) -> list[str]:
    """Sentences of at most max_characters each; joined they are the text again.

    A longer sentence is cut at clauses, then at spaces, then anywhere but inside a letter with
    its accents or an inline override [[…]], which may make a part longer. Every part of a text
    with a letter or digit has one itself. Raises EmottsError for max_characters below 1.
    """
    if max_characters < 1:
        raise EmottsError(f"max_characters is {max_characters}; it must be 1 or more")
    if not text:
        return []
    kept = [match.span() for match in OVERRIDE.finditer(text)]
    parts: list[str] = []
    start = 0
    for sentence in _cut(text, _sentence_ends(text, kept)):
        spans = [(a - start, b - start) for a, b in _within(kept, start, start + len(sentence))]
        parts += _shorten(sentence, spans, max_characters)
        start += len(sentence)
    return _with_words(parts)


def _within(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    return [span for span in spans if start <= span[0] < end]


def _cut(text: str, ends: list[int]) -> list[str]:
    edges = [0, *(end for end in ends if 0 < end < len(text)), len(text)]
    return [text[a:b] for a, b in zip(edges, edges[1:], strict=False)]


def _outside(place: int, spans: list[tuple[int, int]]) -> bool:
    return not any(start < place < end for start, end in spans)


def _sentence_ends(text: str, kept: list[tuple[int, int]]) -> list[int]:
    ends = []
    for match in _SENTENCE_END.finditer(text):
        if text[match.start()] == "." and not _ends_sentence(text, match):
            continue
        if _outside(match.start(), kept):
            ends.append(match.end())
    return ends


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    word = re.search(r"[\w.]*$", text[max(0, match.start() - 20) : match.start()])[0]
    following = text[match.end() : match.end() + 1]
    if word.lower() in _NO_END and not (word.lower() == "no" and not following.isdigit()):
        return False
    if len(word) == 1 and word.isupper() and word != "I":
        return False
    return not following.islower()


def _shorten(sentence: str, spans: list[tuple[int, int]], limit: int) -> list[str]:
    """Cut where the limit is passed, at the last clause before it, or space, or letter."""
    if len(sentence.rstrip()) <= limit:
        return [sentence]
    clauses = [end for end in (m.end() for m in _CLAUSE_END.finditer(sentence))]
    spaces = [match.end() for match in _SPACE.finditer(sentence)]
    cuts, start = [], 0
    levels = [[end for end in ends if _outside(end, spans)] for ends in (clauses, spaces)]
    while len(sentence) - start > limit and sentence[start + limit :].strip():
        cut = next(
            (end for ends in levels if (end := _last_before(ends, sentence, start, limit))), 0
        )
        start = cut or _inside_word(sentence, spans, start, limit)
        cuts.append(start)
    return _cut(sentence, cuts)


def _last_before(ends: list[int], sentence: str, start: int, limit: int) -> int:
    """The last end whose part, without its closing spaces, keeps the limit."""
    import bisect

    index = bisect.bisect_right(ends, start + limit + 1)
    while index and ends[index - 1] > start:
        if len(sentence[start : ends[index - 1]].rstrip()) <= limit:
            return ends[index - 1]
        index -= 1
    return 0


def _inside_word(sentence: str, spans: list[tuple[int, int]], start: int, limit: int) -> int:
    cut = start + limit
    for first, last in spans:
        if first < cut < last:
            cut = first if first > start else last
    while cut < len(sentence) and unicodedata.combining(sentence[cut]):
        cut += 1
    return cut


def _with_words(parts: list[str]) -> list[str]:
    """Parts without a letter or digit join the part before them, or the first after them."""
    joined: list[str] = []
    waiting = ""
    for part in parts:
        if any(character.isalnum() for character in part):
            joined.append(waiting + part)
            waiting = ""
        elif joined:
            joined[-1] += part
        else:
            waiting += part
    return joined or [waiting]
