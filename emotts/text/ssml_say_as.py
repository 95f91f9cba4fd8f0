"""SSML's <say-as>: letters, digits, numbers, dates and telephone numbers as plain words.

After the W3C note "SSML 1.0 say-as attribute values" (2005). English and Polish read all
kinds; other languages letters and digits, and numbers where num2words knows the language.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable

from emotts.errors import EmottsError
from emotts.text import english_tables, polish_tables
from emotts.text.english_numbers import EnglishNumbers
from emotts.text.ipa import letters_with_marks
from emotts.text.normalize import normalize
from emotts.text.numbers import MAX_DIGITS, digits_of, num2words_code, words_of
from emotts.text.polish import ordinal, read_number, spell_polish

DATE_FORMATS = ("mdy", "dmy", "ymd", "md", "dm", "y")
_CARDINAL = re.compile(r"([+\-−]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?", re.ASCII)
_ORDINAL = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:st|nd|rd|th|\.)?", re.ASCII | re.IGNORECASE)
_DIGITS = re.compile(r"\d[\d\s.,()/-]*", re.ASCII)
_PHONE = re.compile(r"\+?[\d(][\d\s.()/-]*", re.ASCII)
_SIGNS = {
    "en": english_tables.SIGNS | english_tables.ADDRESS_SIGNS,
    "pl": polish_tables.SIGNS | polish_tables.ADDRESS_SIGNS,
}
_SPOKEN_SIGNS = {"": "", "+": "plus", "-": "minus", "−": "minus"}


def say_as(text: str, kind: str, language: str, date_format: str | None = None) -> str:
    """The words for a text of a kind of KINDS; language: espeak's code.

    date_format: the order of a date's parts, one of DATE_FORMATS; without it a date is read as
    anywhere in a text. Raises EmottsError for a text that is not of its kind and for what the
    language cannot do.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if kind not in KINDS:
        raise EmottsError(f"unknown interpret-as {kind!r}; choose from {', '.join(KINDS)}")
    if not text:
        raise EmottsError(f"there is nothing to read as {kind}; put text inside")
    if date_format is not None and kind != "date":
        raise EmottsError(f"a format goes with interpret-as='date', not with {kind!r}")
    if kind == "date":
        return _date(text, language, date_format)
    return KINDS[kind](text, language)


def _base(language: str) -> str:
    return language.lower().split("-")[0]


def _english(language: str) -> EnglishNumbers:
    return EnglishNumbers(british=not language.lower().startswith("en-us"))


def _code(language: str) -> str:
    code = num2words_code(language)
    if code is None:
        raise EmottsError(f"numbers of the language {language!r} cannot be spelt out; write them "
                          "in words")  # fmt: skip
    return code


def _characters(text: str, language: str) -> str:
    """ "b2b" as "B, two, B": espeak reads capitals joined by hyphens by their names."""
    runs: list[list[str]] = []
    last = ""
    for _, unit in letters_with_marks(text):
        kind = "letter" if unit[0].isalpha() else "digit" if unit[0].isdecimal() else "sign"
        if unit.isspace():
            kind = ""
        elif kind == last != "sign":
            runs[-1].append(unit)
        else:
            runs.append([unit])
        last = kind
    return ", ".join(_spell(run, language) for run in runs)


def _spell(run: list[str], language: str) -> str:
    if run[0].isdecimal():
        return _digits("".join(run), language)
    if not run[0][0].isalpha():
        return _sign(run[0], language)
    if _base(language) == "pl":
        return spell_polish("".join(run))
    # ß has no capital of its own
    return "-".join(unit.upper() if len(unit.upper()) == len(unit) else unit for unit in run)


def _sign(sign: str, language: str) -> str:
    word = _SIGNS.get(_base(language), {}).get(sign)
    if word is None and _base(language) == "en":
        word = unicodedata.name(sign, "").lower().replace("-", " ")
    if not word:
        raise EmottsError(f"the sign {sign!r} has no name in the language {language!r}; leave it "
                          "out or write its name")  # fmt: skip
    return word


def _digits(text: str, language: str) -> str:
    if _DIGITS.fullmatch(text) is None:
        raise EmottsError(f"{text!r} is not made of digits; write it like 2 0 4 or 204")
    digits = re.sub(r"\D", "", text)
    code = num2words_code(language)
    return " ".join(digits) if code is None else digits_of(digits, code)


def _cardinal(text: str, language: str) -> str:
    match = _CARDINAL.fullmatch(text)
    if match is None or len(match[2]) > MAX_DIGITS:
        raise EmottsError(f"{text!r} is not a number; write it like 1234, -5 or 2.5, with at most "
                          f"{MAX_DIGITS} digits")  # fmt: skip
    sign, whole, fraction = match.groups()
    whole = str(int(whole.replace(",", "")))
    base = _base(language)
    if base == "en":
        words = _english(language).number(whole + (f".{fraction}" if fraction else ""))
    elif base == "pl":
        words = read_number(whole + (f",{fraction}" if fraction else ""))
    else:
        return _plain_number(sign, whole, fraction, language)
    return f"{_SPOKEN_SIGNS[sign]} {words}".lstrip()


def _plain_number(sign: str, whole: str, fraction: str | None, language: str) -> str:
    from num2words import num2words

    number = float(f"{whole}.{fraction}") if fraction else int(whole)
    try:
        words = num2words(-number if sign in ("-", "−") else number, lang=_code(language))
        return f"plus {words}" if sign == "+" else words
    except (NotImplementedError, OverflowError, LookupError, ValueError, TypeError):
        raise EmottsError(f"the number {whole!r} cannot be spelt out in the language {language!r}; "
                          "write it in words") from None  # fmt: skip


def _ordinal(text: str, language: str) -> str:
    match = _ORDINAL.fullmatch(text)
    digits = match[1].replace(",", "") if match else ""
    if not digits or len(digits) > MAX_DIGITS:
        raise EmottsError(f"{text!r} is not an ordinal; write it like 3 or 3rd")
    try:
        if _base(language) == "en":
            return _english(language).ordinal(digits)
        if _base(language) == "pl":
            return ordinal(int(digits))
        return words_of(int(digits), _code(language), "ordinal")
    except (NotImplementedError, OverflowError, LookupError, TypeError):
        raise EmottsError(f"ordinals of the language {language!r} cannot be spelt out; write "
                          f"{text!r} in words") from None  # fmt: skip


def _telephone(text: str, language: str) -> str:
    """Digit by digit, a comma between the groups as written."""
    if _PHONE.fullmatch(text) is None:
        raise EmottsError(f"{text!r} is not a telephone number; write it like +48 600 700 800")
    plus = "plus " if text.startswith("+") else ""
    groups = (_digits(group, language) for group in re.findall(r"\d+", text))
    return plus + ", ".join(groups)


def _date(text: str, language: str, order: str | None) -> str:
    base = _base(language)
    if base not in ("en", "pl"):
        raise EmottsError(f"dates are spelt out in English and Polish only, not in {language!r}; "
                          "write it in words")  # fmt: skip
    if order is None and re.search(r"[^\W\d_]", text):
        return text  # words for its month: read like any text
    order = order or _usual_order(text, language)
    if order not in DATE_FORMATS:
        raise EmottsError(f"unknown date format {order!r}; choose from {', '.join(DATE_FORMATS)}")
    figures = re.fullmatch(r"[\s./-]+".join([r"(\d+)"] * len(order)), text, re.ASCII)
    if figures is None:
        raise EmottsError(f"{text!r} is not a date of the format {order}; write it like "
                          f"{_example(order)}")  # fmt: skip
    parts = dict(zip(order, figures.groups(), strict=True))
    return _read_parts(text, parts, language)


def _example(order: str) -> str:
    return "/".join({"d": "24", "m": "12", "y": "2025"}[part] for part in order)


def _read_parts(text: str, parts: dict[str, str], language: str) -> str:
    english, year = _base(language) == "en", parts.get("y", "")
    if year and len(year) not in ((2, 4) if english else (4,)):
        raise EmottsError(f"the year of {text!r} needs {'two or ' if english else ''}four digits")
    if "d" not in parts:
        return _year(year, language) if english else normalize(f"{year} rok", language)
    try:  # 2000 was a leap year
        known = int(year) if len(year) == 4 else 2000
        date = datetime.date(known, int(parts["m"]), int(parts["d"]))
    except (ValueError, OverflowError):
        raise EmottsError(
            f"there is no date {text!r} in the order {''.join(parts)}; check its day and month, "
            f"or give a format ({', '.join(DATE_FORMATS)})"
        ) from None
    if not english:
        day_first = f"{date.day} {polish_tables.MONTHS[date.month - 1]}"
        return normalize(day_first + (f" {year} roku" if year else ""), language)
    month = english_tables.MONTHS[date.month - 1]
    american = language.lower().startswith("en-us")
    spoken = normalize(f"{month} {date.day}" if american else f"{date.day} {month}", language)
    return f"{spoken}, {_year(year, language)}" if year else spoken


def _year(year: str, language: str) -> str:
    if len(year) == 2 and year[0] == "0":
        return f"oh {_english(language).cardinal(year[1])}"
    return _english(language).year(year)


def _usual_order(text: str, language: str) -> str:
    """The order of a date in figures: the year first, or what is usual in the language."""
    if re.match(r"\d{4}\D", text, re.ASCII):
        return "ymd"
    return "mdy" if language.lower().startswith("en-us") and "." not in text else "dmy"


KINDS: dict[str, Callable[[str, str], str]] = {
    "characters": _characters,
    "spell-out": _characters,
    "cardinal": _cardinal,
    "ordinal": _ordinal,
    "digits": _digits,
    "date": _date,
    "telephone": _telephone,
}
