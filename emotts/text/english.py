"""English text to words: abbreviations, Roman numerals, acronyms, then numbers and signs."""

from __future__ import annotations

import functools
import re

from emotts.text.addresses import AddressWords, read_addresses, read_phones
from emotts.text.english_dates import read_dates, read_times, sentence_stop
from emotts.text.english_numbers import EnglishNumbers, read_signs, spell_letters
from emotts.text.english_tables import (
    ABBREVIATIONS,
    ADDRESS_SIGNS,
    DOTLESS_TITLES,
    EMPHASIS,
    HEADINGS,
    NUMBERED,
    REGNAL_NAMES,
    RULERS,
    SENTENCE_STARTERS,
    STREETS,
    TITLES,
    WORD_ACRONYMS,
)
from emotts.text.numbers import digits_of
from emotts.text.roman import ROMAN, roman_value

_TITLE = re.compile(
    r"\b(?:("
    + "|".join(TITLES)
    + r")\.|("
    + "|".join(DOTLESS_TITLES)
    + r"))(?=\s+(?:(?:and|&)\s+)?[\"(]?[A-Z])"
)
_STREET = re.compile(r"(?<=[a-z])( )(" + "|".join(STREETS) + r")\.")
_SAINT = re.compile(r"\bSt\.?(?=\s+[A-Z])")
_ABBREVIATION = re.compile(
    r"(?<![\w.])("
    + "|".join(re.escape(key) for key in sorted(ABBREVIATIONS, key=len, reverse=True))
    + r")(?!\w)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?<![\w.])(" + "|".join(re.escape(key) for key in NUMBERED) + r")\s?(?=\d|[IVX]+\b)",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?<![\w.])(?:[A-Za-z]\.){2,}|(?<![\w.])(?:[A-Z]\. )+[A-Z]\.(?=\s)")
_INITIAL = re.compile(r"(?:(?<=^)|(?<=[A-Z][a-z] )|(?<=[a-z] ))([A-HJ-Z])\.(?=\s[A-Z][a-z])")
_HEADED = re.compile(
    rf"\b({HEADINGS})(s?\s+)({ROMAN}\b(?:(?:\s*,\s*|\s+and\s+|\s+or\s+|\s+to\s+|\s*-\s*){ROMAN}\b)*)"
)
_PRONOUN_I = re.compile(
    r"\sI\s+(?:am|was|have|had|think|thought|like|liked|love|want|know|will|would|read|wrote|could|"
    r"can|do|did|saw|need|found|mentioned|said|never|always)\b|\sI'"
)
_RULER = re.compile(rf"\b((?:{RULERS})\s+[A-Z]\w+(?:\s[A-Z]\w+)?\s+)({ROMAN})\b")
_REGNAL = re.compile(rf"\b((?:{REGNAL_NAMES})\s+)((?!I\b){ROMAN})\b")
_NAMED = re.compile(r"\b([A-Z][a-z]+\s+)((?:X{0,2})(?:II|III|IV|VI|VII|VIII|IX|XI|XX))\b")
_CAPITALS = re.compile(r"(?<![\w'-])[A-Z][A-Z']*[A-Z](?![\w-])")
_NO_SPACE = re.compile(r"(?<=[a-z]{2}[.!?])(?=[A-Z][a-z])")


def normalize_english(text: str, british: bool = False) -> str:
    """English words for everything that is not one; `text` is tidied already."""
    numbers = EnglishNumbers(british)
    text = _NO_SPACE.sub(" ", text)
    text = _calm(text)
    text = _read_titles(text)
    text = _ABBREVIATION.sub(_abbreviation, text)
    if any(character.isdecimal() for character in text) or "@" in text or "." in text:
        text = read_dates(text, numbers)
        text = read_times(text, numbers)
        words = _address_words(british)
        text = read_phones(read_addresses(text, words), words)
    text = _INITIAL.sub(r"\1", _INITIALS.sub(_initials, text))
    text = _read_roman(text, numbers)
    if any(character.isdecimal() for character in text):
        text = _read_numbers(text, numbers)
    text = _CAPITALS.sub(_acronym, text)
    return read_signs(text)


def _read_numbers(text: str, numbers: EnglishNumbers) -> str:
    text = _NUMBERED.sub(lambda match: NUMBERED[match[1].lower()] + " ", text)
    for rule in (
        numbers.ranges,
        numbers.money,
        numbers.versions,
        numbers.ordinals,
        numbers.units,
        numbers.fractions,
        numbers.years,
        numbers.mixed_tokens,
        numbers.plain,
    ):
        text = rule(text)
    return text


@functools.cache
def _address_words(british: bool) -> AddressWords:
    return AddressWords(
        signs=ADDRESS_SIGNS,
        letters=spell_letters,
        digits=lambda digits: digits_of(digits, "en"),
        number=EnglishNumbers(british).pairs,
    )


def _calm(text: str) -> str:
    """Sentences of three words and more in capitals are shouted, not spelt: lower case."""

    def calmed(match: re.Match[str]) -> str:
        words = re.findall(r"[^\W\d_]{2,}", match[0])
        if len(words) < 3 or not all(word.isupper() for word in words):
            return match[0]
        return re.sub(r"\bi\b", "I", match[0].lower())

    return re.sub(r"[^.!?…]+", calmed, text)


def _read_titles(text: str) -> str:
    text = _STREET.sub(_street, text)
    text = _TITLE.sub(lambda match: TITLES[match[1] or match[2]], text)
    return _SAINT.sub("Saint", text)


def _street(match: re.Match[str]) -> str:
    """ "Baker St." after a name, but not "Missus St. John" nor "Meet Dr. Lee"."""
    before = match.string[: match.start() + 1].split(" ")
    name = before[-2] if len(before) > 1 else ""
    numbered = len(before) > 2 and before[-3][:1].isdecimal()
    following = re.match(r"\s+([A-Z]\w*)", match.string[match.end() :])
    follows_name = following is not None and following[1] not in SENTENCE_STARTERS
    titled = name in TITLES or name in TITLES.values()
    if not name[:1].isupper() or titled or (follows_name and not numbered):
        return match[0]
    return f" {STREETS[match[2]]}{sentence_stop(match)}"


def _abbreviation(match: re.Match[str]) -> str:
    spoken = ABBREVIATIONS[match[1].lower()]
    if not match[1].endswith(".") or spoken in ("for example", "that is", "versus"):
        return spoken
    any_capital = spoken in ("et cetera", "and others")
    return spoken + sentence_stop(match, any_capital)


def _initials(match: re.Match[str]) -> str:
    letters = re.findall(r"[A-Za-z]", match[0])
    return spell_letters("".join(letters)) + sentence_stop(match)


def _read_roman(text: str, numbers: EnglishNumbers) -> str:
    def headed(match: re.Match[str]) -> str:
        heading, space, numerals = match.groups()
        if numerals == "I" and _PRONOUN_I.match(match.string, match.start(3) - 1):
            return match[0]
        values = re.sub(
            rf"\b{ROMAN}\b",
            lambda numeral: numbers.cardinal(str(roman_value(numeral[0]))),
            numerals,
        )
        return heading + space + re.sub(r"\s*-\s*", " to ", values)

    def ruler(match: re.Match[str]) -> str:
        return f"{match[1]}the {numbers.ordinal(str(roman_value(match[2]))).title()}"

    def named(match: re.Match[str]) -> str:
        return match[1] + numbers.cardinal(str(roman_value(match[2])))

    text = _HEADED.sub(headed, text)
    return _NAMED.sub(named, _REGNAL.sub(ruler, _RULER.sub(ruler, text)))


def _acronym(match: re.Match[str]) -> str:
    """Acronyms read as words, and words in capitals for emphasis, lose their capitals."""
    word = match[0]
    plain = word.removesuffix("'S")
    if plain in WORD_ACRONYMS or plain in EMPHASIS:
        return word.lower()
    return word
