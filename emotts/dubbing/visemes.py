"""Visemes: what the mouth shows of a phone.

Two sets that face rigs and engines know. Names: the 15 of Meta's (Oculus) Lipsync, "Viseme
Reference" in its documentation, after MPEG-4 (ISO/IEC 14496-2). Ids: the 22 of Microsoft's speech
platform, SPVISEMES of SAPI 5 (after Disney's 13), which Azure's viseme events keep. Both give
English phones only; other letters of the IPA go where their place of articulation, or for vowels
their height and rounding, puts them. A diphthong is two vowels here, so SAPI's ids 9 to 11
(aw, oy, ay) do not occur, and 8 stands for the o they begin or end with.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from emotts.audio.speech import Segment
from emotts.text.symbols import LENGTH_MARK, PHONES, STRESS_MARKS, VOWELS

SILENCE = ("sil", 0)
# (name, id): phones
_TABLE: dict[tuple[str, int], str] = {
    ("PP", 21): "p b m ɓ ʙ ɸ β ʘ",
    ("FF", 18): "f v ɱ ⱱ ʋ",
    ("TH", 17): "θ ð ǀ",
    ("DD", 19): "t d ʈ ɖ ɾ ɗ ǃ ǂ c ɟ ʄ ʔ",
    ("kk", 20): "k ɡ ŋ q ɢ ɴ ɠ ʛ x ɣ χ ʝ ç ɰ",
    ("kk", 12): "h ɦ ħ ʕ ʜ ʢ ʡ",
    ("CH", 16): "ʃ ʒ ɕ ʑ ʂ ʐ ɧ",
    ("SS", 15): "s z",
    ("nn", 19): "n ɲ ɳ",
    ("nn", 14): "l ɫ ɬ ɮ ɭ ʎ ʟ ɺ ǁ",
    ("RR", 13): "r ɹ ɻ ɽ ʀ ʁ",
    ("RR", 5): "ɝ ɚ ɜ",
    ("aa", 2): "a ɑ ɒ ɶ",
    ("aa", 1): "æ ʌ ɐ ə ɘ ɤ ɞ",
    ("E", 4): "e ɛ ø œ ɵ",
    ("ih", 6): "i ɪ j ɨ y ʏ ᵻ ɯ",
    ("oh", 3): "ɔ",
    ("oh", 8): "o",
    ("ou", 7): "u w ʉ ʍ ɥ",
    ("ou", 4): "ʊ",
}
VISEME_OF: dict[str, tuple[str, int]] = {
    phone: viseme for viseme, phones in _TABLE.items() for phone in phones.split()
}
NAMES = ("sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "ih", "oh", "ou")
# How long a phone lasts against its neighbours, where only the times of words are known. Vowels
# outlast consonants, stress and ː lengthen, taps and reduced vowels are short (Klatt 1976).
_STRESSED, _LONG, _VOWEL, _REDUCED, _TAP = 1.2, 1.5, 1.3, 0.7, 0.4


@dataclass(frozen=True)
class Phone:
    """symbol: with its modifiers and ː; stress: 0 none, 1 primary, 2 secondary."""

    symbol: str
    stress: int = 0

    @property
    def weight(self) -> float:
        """How long it lasts against others."""
        letter = _letter(self.symbol)
        weight = _VOWEL if letter in VOWELS else 1.0
        weight = _REDUCED if letter in ("ə", "ɐ", "ᵻ", "ɚ") else weight
        weight = _TAP if letter in ("ɾ", "ʔ") else weight
        weight *= _STRESSED if self.stress else 1.0
        return weight * (_LONG if LENGTH_MARK in self.symbol else 1.0)


def viseme_of(phone: str) -> tuple[str, int]:
    """Name and id for a phone, with or without modifiers; silence for what is no phone."""
    return VISEME_OF.get(_plain(_letter(phone)), SILENCE)


def split_phones(word: str) -> list[Phone]:
    """The phones of a word's phonemic spelling, "həlˈoʊ": marks of length, modifiers and tones
    belong to the phone before them, marks of stress to the next vowel."""
    phones: list[Phone] = []
    waiting = 0
    for symbol in _symbols(word):
        if symbol in STRESS_MARKS:
            waiting = STRESS_MARKS[symbol]
        elif symbol == LENGTH_MARK or _plain(symbol) not in VISEME_OF:
            if phones:
                phones[-1] = Phone(phones[-1].symbol + symbol, phones[-1].stress)
        else:
            stress = waiting if symbol in VOWELS else 0
            waiting = 0 if symbol in VOWELS else waiting
            phones.append(Phone(symbol, stress))
    return phones


def share_out(word: Segment) -> list[tuple[Phone, Segment]]:
    """The phones of a word with times that share its own: an estimate by typical lengths."""
    phones = split_phones(word.label)
    total = sum(phone.weight for phone in phones)
    out, done, start = [], 0.0, word.start_seconds
    for phone in phones:
        done += phone.weight
        end = word.start_seconds + (word.end_seconds - word.start_seconds) * done / total
        end = word.end_seconds if phone is phones[-1] else end
        out.append((phone, Segment(phone.symbol, start, end)))
        start = end
    return out


def mouth(phones: Iterable[Segment], seconds: float) -> list[tuple[Segment, int]]:
    """Visemes from 0 to `seconds` without gaps, each with its id: silence where nobody speaks,
    and neighbours that look alike as one. phones: in order of time."""
    shapes: list[tuple[str, int, float, float]] = []

    def add(viseme: tuple[str, int], start: float, end: float) -> None:
        if end <= start:
            return
        if shapes and shapes[-1][:2] == viseme:
            start = shapes.pop()[2]
        shapes.append((*viseme, start, end))

    now = 0.0
    for phone in phones:
        add(SILENCE, now, phone.start_seconds)
        add(viseme_of(phone.label), max(now, phone.start_seconds), phone.end_seconds)
        now = max(now, phone.end_seconds)
    add(SILENCE, now, seconds)
    return [(Segment(name, start, end), number) for name, number, start, end in shapes]


def _symbols(word: str) -> Iterable[str]:
    """The symbols of a word; some are a letter and a combining mark."""
    word, i = unicodedata.normalize("NFC", word), 0
    while i < len(word):
        size = 2 if word[i : i + 2] in PHONES and len(word[i : i + 2]) == 2 else 1
        yield word[i : i + size]
        i += size


def _letter(phone: str) -> str:
    return next((s for s in _symbols(phone) if _plain(s) in VISEME_OF), "")


def _plain(symbol: str) -> str:
    """A nasal vowel looks like the oral one."""
    return unicodedata.normalize("NFD", symbol)[:1] if symbol not in VISEME_OF else symbol
