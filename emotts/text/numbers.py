"""Numbers as words, by num2words."""

from __future__ import annotations

import functools
import re

# Longer numbers are read digit by digit.
MAX_DIGITS = 36
_OTHER_CODES = {"nb": "no", "kk": "kz", "pt-br": "pt_BR", "fr-be": "fr_BE", "fr-ch": "fr_CH"}
_POINT_LANGUAGES = frozenset({"en", "ja", "ko", "th", "he", "te", "kn", "bn", "am"})


def num2words_code(language: str) -> str | None:
    """num2words' code for an espeak language, None where it has none."""
    from num2words import CONVERTER_CLASSES

    lowered = language.lower().replace("_", "-")
    base = lowered.split("-")[0]
    code = _OTHER_CODES.get(lowered, _OTHER_CODES.get(base, base))
    return code if code in CONVERTER_CLASSES else None


@functools.lru_cache(maxsize=20_000)
def words_of(number: int, code: str, kind: str = "cardinal") -> str:
    """num2words without its commas: (1006, "en") is "one thousand and six"."""
    from num2words import num2words

    return num2words(number, lang=code, to=kind).replace(",", "")


def digits_of(digits: str, code: str) -> str:
    """Each digit as a word."""
    return " ".join(words_of(int(digit), code) for digit in digits)


def whole_number(digits: str, code: str) -> str:
    """A run of digits: as a number, or digit by digit with a leading zero or when very long."""
    if (len(digits) > 1 and digits[0] == "0") or len(digits) > MAX_DIGITS:
        return digits_of(digits, code)
    return words_of(int(digits), code)


def normalize_numbers(text: str, language: str) -> str:
    """Whole numbers and decimals of a language without rules of its own.

    Groups of three may be set apart by spaces, or by the sign that is not the language's
    decimal sign.
    """
    code = num2words_code(language)
    if code is None or not any(character.isdecimal() for character in text):
        return text
    decimal, group = (".", ",") if language.split("-")[0] in _POINT_LANGUAGES else (",", ".")
    grouped = rf"\d{{1,3}}(?:[{re.escape(group)}\u00a0\u202f ]\d{{3}})+(?!\d)"
    number = re.compile(
        rf"(?<![\w.,])(-?)({grouped}|[0-9]+)(?:{re.escape(decimal)}([0-9]+))?(?![\w]|[.,]\d)"
    )
    return number.sub(lambda match: _spoken(match, code), text)


def _spoken(match: re.Match[str], code: str) -> str:
    from num2words import num2words

    sign, whole, fraction = match.groups()
    whole = re.sub(r"\D", "", whole)
    try:
        if fraction is not None and len(whole) + len(fraction) <= 15:
            return num2words(float(f"{sign}{whole}.{fraction}"), lang=code)
        if fraction is None and not (sign and set(whole) == {"0"}):
            spoken = whole_number(whole, code)
            return num2words(-int(whole), lang=code) if sign else spoken
    except (NotImplementedError, OverflowError, LookupError, ValueError, TypeError):
        pass  # beyond what num2words has in this language: espeak reads the digits itself
    return match[0]
