"""Cues of emotion in the words of a sentence: a lexicon in a text file, and finding it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

DATA = Path(__file__).with_name("data")
LANGUAGES = {"en": "cues_en.txt", "pl": "cues_pl.txt"}
REACH = 4  # words before a cue in which "not", "very" and the like act on it
_CONTEXT = ("not", "more", "less", "mask")
_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*'?")
_BARRIER = re.compile(r"[,.;:!?…—()\"]|\b(?:but|however|although|ale|lecz|jednak)\b")


@dataclass(frozen=True)
class Cue:
    """A place (start, end) in a sentence that speaks for an emotion with a weight, as written.

    factor: what the words before it make of it, above 1 for "very", below for "a bit".
    negated: a "not" stands before it.
    """

    kind: str
    weight: float
    text: str
    start: int
    end: int
    factor: float = 1.0
    negated: bool = False


class Lexicon:
    """The cues of one language; `find` gives those of a sentence in their order."""

    def __init__(self, text: str, where: str = "the lexicon"):
        """Read a lexicon's text (its form stands at the head of data/cues_en.txt).

        Raises EmottsError naming the line that cannot be read.
        """
        groups: dict[tuple[str, float], list[str]] = {}
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            match = re.fullmatch(r"(\w+)(?: (\d+(?:\.\d+)?))?: *(.+)", line.strip())
            weighed = match is not None and match[1] in CATEGORIES and match[2] is not None
            if not weighed and not (match and match[1] in _CONTEXT and match[2] is None):
                raise EmottsError(
                    f"line {number} of {where} must begin with an emotion, a weight and a colon, "
                    f"or with one of {', '.join(_CONTEXT)}, not {line[:40]!r}"
                )
            cues = [cue.strip() for cue in match[3].split(",") if cue.strip()]
            groups.setdefault((match[1], float(match[2] or 0)), []).extend(cues)
        self._patterns = {
            group: re.compile(r"(?<![\w'])(?:" + "|".join(_longest_first(cues)) + r")(?!\w|'t\b)")
            for group, cues in groups.items()
        }

    def find(self, sentence: str) -> list[Cue]:
        """Return the cues of a sentence in their order, no two overlapping, the longest kept."""
        lowered = sentence.translate(_APOSTROPHES).lower()
        if len(lowered) != len(sentence):  # some capitals have longer small forms
            sentence = lowered
        found = sorted(self._matches(lowered), key=lambda c: (c.start - c.end, -c.weight))
        kept: list[Cue] = []
        for cue in found:
            if all(cue.end <= other.start or other.end <= cue.start for other in kept):
                kept.append(cue)
        kept.sort(key=lambda cue: cue.start)
        changes = [cue for cue in kept if cue.kind in ("not", "more", "less")]
        return [
            _in_context(cue, changes, lowered, sentence) for cue in kept if cue.kind in CATEGORIES
        ]

    def _matches(self, lowered: str) -> Iterator[Cue]:
        for (kind, weight), pattern in self._patterns.items():
            for match in pattern.finditer(lowered):
                yield Cue(kind, weight, match[0], match.start(), match.end())


def _in_context(cue: Cue, changes: list[Cue], lowered: str, sentence: str) -> Cue:
    """The cue with what the words shortly before it, and nothing between, do to it."""
    factor, negated = 1.0, False
    for change in changes:
        between = lowered[change.end : cue.start]
        if change.end > cue.start or _BARRIER.search(between):
            continue
        distance = len(_WORD.findall(between))
        if change.kind == "not" and distance < REACH:
            negated = not negated
        elif change.kind != "not" and distance == 0:
            factor *= 1.3 if change.kind == "more" else 0.6
    text = sentence[cue.start : cue.end]
    return Cue(cue.kind, cue.weight, text, cue.start, cue.end, factor, negated)


def _longest_first(cues: list[str]) -> list[str]:
    return [_pattern(cue) for cue in sorted(set(cues), key=len, reverse=True)]


def _pattern(cue: str) -> str:
    """A regular expression for a cue: * is any ending (or beginning), ~ a gap, (a|b) a choice."""
    pattern = re.escape(cue).replace(r"\ \~\ ", r"\ (?:[\w'-]+\s+){0,3}").replace(r"\ ", r"\s+")
    pattern = pattern.replace(r"\*", r"[\w'-]*")
    return pattern.replace(r"\(", "(?:").replace(r"\|", "|").replace(r"\)", ")")


@cache
def lexicon(language: str) -> Lexicon | None:
    """Return the lexicon that reads a language ("en-us", "pl"), None where there is none."""
    name = LANGUAGES.get(language.lower().replace("_", "-").partition("-")[0])
    if name is None:
        return None
    return Lexicon((DATA / name).read_text(encoding="utf-8"), name)
