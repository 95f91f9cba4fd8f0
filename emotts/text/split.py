"""Long text into sentences, and long sentences into clauses, without losing a character."""

from __future__ import annotations

import bisect
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
    """The spans that begin from start to before end."""
    return spans[bisect.bisect_left(spans, (start,)) : bisect.bisect_left(spans, (end,))]


def _cut(text: str, ends: list[int]) -> list[str]:
    edges = [0, *(end for end in ends if 0 < end < len(text)), len(text)]
    return [text[a:b] for a, b in zip(edges, edges[1:], strict=False)]


def _outside(place: int, spans: list[tuple[int, int]]) -> bool:
    """True unless the place lies inside one of the spans, which are in order."""
    index = bisect.bisect_left(spans, (place,)) - 1
    return index < 0 or place >= spans[index][1]


def _sentence_ends(text: str, kept: list[tuple[int, int]]) -> list[int]:
    ends = []
    for match in _SENTENCE_END.finditer(text):
        if text[match.start()] in ".!?…" and not _ends_sentence(text, match):
            continue
        if _outside(match.start(), kept):
            ends.append(match.end())
    return ends


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """False after an abbreviation, an initial, and where the text goes on in lower case."""
    following = text[match.end() : match.end() + 1]
    if following.islower():
        return False
    if text[match.start()] != ".":
        return True
    word = re.search(r"[\w.]*$", text[max(0, match.start() - 20) : match.start()])[0]
    if word.lower() == "no":
        return not following.isdecimal()
    return word.lower() not in _NO_END and not (len(word) == 1 and word.isupper() and word != "I")


def _shorten(sentence: str, spans: list[tuple[int, int]], limit: int) -> list[str]:
    """Cut where the limit is passed, at the last clause before it, or space, or letter."""
    if len(sentence.rstrip()) <= limit:
        return [sentence]
    clauses, spaces = (
        [match.end() for match in pattern.finditer(sentence) if _outside(match.end(), spans)]
        for pattern in (_CLAUSE_END, _SPACE)
    )
    length, cuts, start = len(sentence.rstrip()), [], 0
    while length - start > limit:
        start = (
            _last_before(clauses, sentence, start, limit)
            or _last_before(spaces, sentence, start, limit)
            or _inside_word(sentence, spans, start, limit)
        )
        cuts.append(start)
    return _cut(sentence, cuts)


def _last_before(ends: list[int], sentence: str, start: int, limit: int) -> int:
    """The last end whose part, without its closing spaces, keeps the limit."""
    index = bisect.bisect_right(ends, start + limit + 1)
    while index and ends[index - 1] > start:
        if len(sentence[start : ends[index - 1]].rstrip()) <= limit:
            return ends[index - 1]
        index -= 1
    return 0


def _inside_word(sentence: str, spans: list[tuple[int, int]], start: int, limit: int) -> int:
    cut = start + limit
    if not _outside(cut, spans):
        first, last = spans[bisect.bisect_left(spans, (cut,)) - 1]
        cut = first if first > start else last
    while cut < len(sentence) and unicodedata.category(sentence[cut]).startswith("M"):
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
