"""Text as a person would read it out: words, and the punctuation that phonemes keep."""

from __future__ import annotations

import re

from emotts.text.clean import PLACEHOLDER, finish, tidy
from emotts.text.english import normalize_english
from emotts.text.numbers import normalize_numbers
from emotts.text.polish import normalize_polish

OVERRIDE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


def normalize(text: str, language: str) -> str:
    """Spell out what is not a word: numbers, money, dates, times, abbreviations, addresses.

    language: espeak's code. English and Polish have rules of their own; elsewhere numbers go
    through num2words where it knows the language and are left to espeak where not. The result
    has words, apostrophes and hyphens inside words, and the marks . , ? ! ; : … — "; emoji and
    other signs that have no reading are left out. Phonemes given inline as [[həlˈoʊ]] stay.
    """
    overrides = [match[0] for match in OVERRIDE.finditer(text)]
    text = tidy(OVERRIDE.sub(PLACEHOLDER, text.replace(PLACEHOLDER, " ")))
    base = language.lower().replace("_", "-").split("-")[0]
    if base == "en":
        text = normalize_english(text, british=not language.lower().startswith("en-us"))
    elif base == "pl":
        text = normalize_polish(text)
    else:
        text = normalize_numbers(text, language)
    pieces = finish(text).split(PLACEHOLDER)
    return pieces[0] + "".join(map("".join, zip(overrides, pieces[1:], strict=True)))
