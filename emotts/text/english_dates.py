"""English dates and times of day."""

from __future__ import annotations

import re

from emotts.text.english_numbers import EnglishNumbers
from emotts.text.english_tables import MONTH_NUMBERS, MONTHS, SENTENCE_STARTERS, WEEKDAYS

_MONTH = "(" + "|".join(MONTHS) + r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_YEAR = r"(\d{4})(?!\w|[.,]\d)"
_MONTH_DAY = re.compile(
    rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?![:/]|[.,]\d)(?:,?\s+{_YEAR})?"
)
_DAY_MONTH = re.compile(
    rf"(\bthe\s+)?(?<![\w.,:/])(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?!\w)(?:,?\s+{_YEAR})?"
)
_MONTH_YEAR = re.compile(rf"\b{_MONTH},?\s+{_YEAR}")
_SHORT_MONTH = re.compile(r"\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.")
_ISO = re.compile(r"(?<![\w.-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\w-]|\.\d)")
_SLASHED = re.compile(r"(?<![\w./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\w/-]|\.\d)")
_WEEKDAY = re.compile(r"\b(" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")\.(?=,?\s)")
_HALF = r"(?:\s?([ap])\.?\s?m\b(\.?))"
_CLOCK = re.compile(rf"(?<![\w:.])(\d{{1,2}}):(\d{{2}})(?::(\d{{2}}))?(?!\d|:\d){_HALF}?", re.I)
_HOUR = re.compile(rf"(?<![\w:.,])(\d{{1,2}}){_HALF}", re.I)
_RATIO = re.compile(r"(?<![\w:.])(\d+):(\d+)(?![\w:])")
_NO_STOP = frozenset(WEEKDAYS.values()) | frozenset(MONTHS) | {"ET", "EST", "PT", "GMT", "UTC"}


def read_dates(text: str, numbers: EnglishNumbers) -> str:
    """Dates in figures and words; 3/14 is March 14 in America and 3 is the day elsewhere."""

    def spoken(
        month: int, day: str, year: str | None, day_first: bool, article: str = "the "
    ) -> str:
        name, ordinal = MONTHS[month - 1], numbers.ordinal(day)
        date = f"{article}{ordinal} of {name}" if day_first else f"{name} {ordinal}"
        if not year:
            return date
        return f"{date}, {_read_year(year, numbers)}"

    def slashed(match: re.Match[str]) -> str:
        first, sign, second, year = match.groups()
        day_first = numbers.british or sign == "."
        day, month = (first, second) if day_first else (second, first)
        if int(month) > 12:
            day, month = month, day
        if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
            return match[0]
        return spoken(int(month), day, year, numbers.british)

    def iso(match: re.Match[str]) -> str:
        year, _, month, day = match.groups()
        if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
            return match[0]
        return spoken(int(month), day, year, numbers.british)

    def month_day(match: re.Match[str]) -> str:
        month, day, year = match.groups()
        if not 1 <= int(day) <= 31:
            return match[0]
        return spoken(month_number(month), day, year, False)

    def day_month(match: re.Match[str]) -> str:
        article, day, month, year = match.groups()
        if not 1 <= int(day) <= 31:
            return match[0]
        return spoken(month_number(month), day, year, True, article or "the ")

    text = _SLASHED.sub(slashed, _ISO.sub(iso, text))
    text = _MONTH_DAY.sub(month_day, _DAY_MONTH.sub(day_month, text))
    text = _MONTH_YEAR.sub(
        lambda match: f"{MONTHS[month_number(match[1]) - 1]} {_read_year(match[2], numbers)}", text
    )
    text = _SHORT_MONTH.sub(lambda match: MONTHS[month_number(match[1]) - 1], text)
    return _WEEKDAY.sub(lambda match: WEEKDAYS[match[1]], text)


def month_number(name: str) -> int:
    return MONTH_NUMBERS[name.rstrip(".").lower()]


def _read_year(year: str, numbers: EnglishNumbers) -> str:
    if len(year) == 2:
        return f"oh {numbers.cardinal(year[1])}" if year[0] == "0" else numbers.cardinal(year)
    return numbers.year(year)


def read_times(text: str, numbers: EnglishNumbers) -> str:
    """ "9:45 a.m.", "18:30", "5 p.m.", and ratios such as "16:9"."""

    def clock(match: re.Match[str]) -> str:
        hour, minute, second, half, dot = match.groups()
        if int(hour) > 24 or int(minute) > 59 or int(second or 0) > 59:
            return match[0]
        spoken = numbers.cardinal(str(int(hour)))
        if int(minute):
            spoken += " oh" if minute[0] == "0" else ""
            spoken += " " + numbers.cardinal(minute.lstrip("0"))
        elif not half and not second:
            spoken += " o'clock" if 1 <= int(hour) <= 12 else " hundred"
        if second and int(second):
            spoken += f" and {numbers.cardinal(str(int(second)))} seconds"
        return spoken + _half_of_day(match, half, dot)

    def hour(match: re.Match[str]) -> str:
        if not 1 <= int(match[1]) <= 12:
            return match[0]
        return numbers.cardinal(str(int(match[1]))) + _half_of_day(match, match[2], match[3])

    def ratio(match: re.Match[str]) -> str:
        return f"{numbers.cardinal(match[1])} to {numbers.cardinal(match[2])}"

    return _RATIO.sub(ratio, _HOUR.sub(hour, _CLOCK.sub(clock, text)))


def _half_of_day(match: re.Match[str], half: str | None, dot: str | None) -> str:
    if not half:
        return ""
    return f" {half.upper()}-M" + (sentence_stop(match, any_capital=True) if dot else "")


def sentence_stop(match: re.Match[str], any_capital: bool = False) -> str:
    """ "." where the dot of an abbreviation also ends a sentence, else nothing."""
    rest = match.string[match.end() :]
    if not rest.strip(" \"')]"):
        return "."
    following = re.match(r"[\"')\]]*\s+[\"'(\[]*([A-Z][\w']*)", rest)
    if not following or following[1] in _NO_STOP:
        return ""
    return "." if any_capital or following[1] in SENTENCE_STARTERS else ""
