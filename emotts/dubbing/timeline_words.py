"""Which written words a spoken word stands for.

A timeline knows words by their phonemes, and espeak joins some ("on the" is ɔnðə) and cuts
others. Where there are as many written words, spelt out, as spoken ones they are taken one to
one; else every written word is pronounced alone, and the joining is chosen whose phonemes are the
most like (dynamic programming over groups of words).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from emotts.audio.speech import Segment
from emotts.errors import EmottsError
from emotts.text.markup import MarkedText, Style

MOST_JOINED = 5  # words said as one
JOINED, CUT = 0.5, 1.0  # phonemes unlike that a joining, or a cut, is as bad as
_WORD = re.compile(r"\[\[[^\[\]]*\]\]|\w[\w'’-]*")
_MARKS = re.compile("[ˈˌː]")
Word = tuple[str, Style]


def match_words(
    marked: MarkedText, timeline: Sequence[Segment], language: str
) -> tuple[list[Word], str]:
    """Text and style of every spoken word of the timeline, and how they were matched: "counted"
    (one to one) or "aligned" (by phonemes). A spoken word that is part of a written one repeats
    its text; one that cannot be matched has the text ""."""
    from emotts.text.normalize import normalize

    written = [
        (word, style)
        for start, end, style in marked.runs()
        for word in _WORD.findall(normalize(marked.text[start:end], style.language or language))
    ]
    if len(written) == len(timeline):
        return written, "counted"
    if not written or not timeline:
        return [("", Style())] * len(timeline), "aligned"
    alone = [_pronounced(word, style.language or language) for word, style in written]
    said = [_MARKS.sub("", segment.label) for segment in timeline]
    words: list[Word] = []
    for spoken, mine in _aligned(said, alone):
        text = " ".join(written[i][0] for i in mine)
        words += [(text, written[mine[0]][1])] * len(spoken)
    return words, "aligned"


def _pronounced(word: str, language: str) -> str:
    from emotts.text.phonemes import phonemize

    try:
        symbols = phonemize(word, language)
    except EmottsError:
        return word
    return "".join(s for s in symbols if s.isalpha() and not _MARKS.match(s))


def _aligned(said: list[str], alone: list[str]) -> list[tuple[range, range]]:
    """Groups (spoken words, written words) from first to last, one against one or several, or
    several against one, with the fewest phonemes unlike."""
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    steps = [(1, k) for k in range(1, MOST_JOINED + 1)]
    steps += [(k, 1) for k in range(2, MOST_JOINED + 1)]
    for i in range(len(said)):
        for j in range(len(alone)):
            if (i, j) not in best:
                continue
            for di, dj in steps:
                if i + di > len(said) or j + dj > len(alone):
                    continue
                cost = best[i, j][0] + _unlike(said[i : i + di], alone[j : j + dj])
                cost += JOINED * (dj - 1) + CUT * (di - 1)
                if cost < best.get((i + di, j + dj), (float("inf"),))[0]:
                    best[i + di, j + dj] = (cost, (i, j))
    place = (len(said), len(alone))
    if place not in best:  # no such joining: all for all
        return [(range(len(said)), range(len(alone)))]
    groups = []
    while place != (0, 0):
        before = best[place][1]
        groups.append((range(before[0], place[0]), range(before[1], place[1])))
        place = before
    return groups[::-1]


def _unlike(said: list[str], alone: list[str]) -> float:
    """How many phonemes of two strings do not match."""
    one, other = "".join(said), "".join(alone)
    return (len(one) + len(other)) * (1 - SequenceMatcher(None, one, other, False).ratio())
