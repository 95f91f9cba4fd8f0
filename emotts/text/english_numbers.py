"""English numbers in running text: money, units, years, ordinals, fractions, ranges."""

from __future__ import annotations

import re

from emotts.text.english_tables import (
    CURRENCIES,
    DOLLARS,
    SCALES,
    SIGNS,
    UNITS,
    YEAR_WORDS,
)
from emotts.text.numbers import MAX_DIGITS, digits_of, whole_number, words_of

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_SCALE = r"(?:thousand|million|billion|trillion|hundred)"
_CURRENCY_SIGN = "|".join(re.escape(sign) for sign in CURRENCIES)
_MONEY = re.compile(
    rf"(US|A|C|NZ|)(?<!\w(?=[A-Z]))([$£€¥₹₩])\s?({NUMBER})(?:-[$£€¥]?({NUMBER}))?"
    rf"(?:\s?({_SCALE}|k|K|mn|m|M|bn|b|B|tn)\b)?"
)
_MONEY_AFTER = re.compile(rf"(?<![\w.])({NUMBER})(?:\s({_SCALE}))?\s?({_CURRENCY_SIGN})(?![\w])")
_CENTS = re.compile(rf"(?<![\w.])({NUMBER})\s?¢|(?<![\w.])(\d{{1,2}})p\b(?!\.)")
_UNIT_NAMES = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_UNIT = re.compile(rf"(?<![\w.])({NUMBER})(?:-({NUMBER}))?[ -]?({_UNIT_NAMES})(?![\w²³/'])")
_FEET = re.compile(r"(?<![\w.])(\d+)'\s?(\d{1,2})(?:\"|'')")
_ORDINAL = re.compile(r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_DECADE = re.compile(r"(?<![\w.])'?(\d{0,2}\d0)'?s\b")
_MIXED = re.compile(r"(?<![\w.])(\d+)[ -](\d{1,2})/(\d{1,2})(?![\w/]|\.\d)")
_FRACTION = re.compile(r"(?<![\w./])(\d+)/(\d+)(?![\w/]|\.\d)")
_RANGE = re.compile(rf"(?<![\w.$£€¥-])({NUMBER})-({NUMBER})(?![-]|\d|\.\d)")
_VERSION = re.compile(r"(?<![\w.])(?:[vV]\.? ?)?(\d+(?:\.\d+){2,})(?!\w)|(?<!\w)v\.?(\d+\.\d+)\b")
_YEAR = re.compile(
    rf"(?:\b((?i:{YEAR_WORDS}))\s+)?(?<![\w.,$£€])([1-9]\d{{3}})(?![\w]|[.,]\d)(?=(?:\s([a-z]+))?)"
)
_MINUS = re.compile(r"(?<![\w.)])[-]\s?(?=[\d.]*\d|[$£€¥]\d)")
_MIXED_TOKEN = re.compile(r"(?<![\w])(?=\w*\d)(?=\w*[^\W\d])[\w]+(?:-\d+)?(?!\w)|[A-Za-z]+-\d+\b")
_PLAIN = re.compile(rf"(?<![\w]){NUMBER}(?!\w)|\d+")
_FRACTION_NAMES = {2: ("half", "halves"), 4: ("quarter", "quarters")}


class EnglishNumbers:
    """Number words; British ones have "and" after the hundred."""

    def __init__(self, british: bool):
        self.british = british

    def cardinal(self, digits: str) -> str:
        return self._region(whole_number(digits.replace(",", ""), "en"))

    def ordinal(self, digits: str) -> str:
        digits = digits.replace(",", "")
        if len(digits) > MAX_DIGITS:
            return digits_of(digits, "en")
        return self._region(words_of(int(digits), "en", "ordinal"))

    def number(self, written: str) -> str:
        """A whole number or decimal as written, with commas."""
        whole, dot, fraction = written.partition(".")
        if not dot:
            return self.cardinal(whole)
        fraction = digits_of(fraction, "en")
        return f"{self.cardinal(whole)} point {fraction}" if whole else f"point {fraction}"

    def year(self, digits: str) -> str:
        return self._region(words_of(int(digits), "en", "year"), always=True)

    def pairs(self, digits: str) -> str:
        """As in names: 221 is "two twenty-one", 1080 "ten eighty"."""
        if len(digits) not in (3, 4) or digits[0] == "0" or digits.endswith("00"):
            return self.cardinal(digits)
        head, tail = digits[:-2], digits[-2:]
        if tail[0] == "0":
            return f"{self.cardinal(head)} oh {self.cardinal(tail[1])}"
        return f"{self.cardinal(head)} {self.cardinal(tail)}"

    def _region(self, words: str, always: bool = False) -> str:
        if self.british and not always:
            return words
        return words.replace(" and ", " ").replace(" oh-", " oh ")

    # The rules, in the order in which they apply.

    def money(self, text: str) -> str:
        text = _MONEY.sub(self._money, text)
        text = _MONEY_AFTER.sub(self._money_after, text)
        return _CENTS.sub(self._cents, text)

    def _money(self, match: re.Match[str]) -> str:
        country, sign, amount, upper, scale = match.groups()
        scale = SCALES.get(scale.lower(), scale) if scale else ""
        adjective = re.search(r"\b(?:a|an)\s$", match.string[: match.start()], re.IGNORECASE)
        noun = re.match(r"\s[a-z]", match.string[match.end() :])
        if upper:
            amount = self.number(amount) + " to " + self.number(upper)
            return self._coins(amount, sign, country, scale, many=True)
        if adjective and noun and "." not in amount:
            words = self.number(amount) + (f" {scale}" if scale else "")
            return f"{words} {DOLLARS[country]}{CURRENCIES[sign][0]}"
        return self._amount(amount, sign, country, scale)

    def _money_after(self, match: re.Match[str]) -> str:
        amount, scale, sign = match.groups()
        return self._amount(amount, sign, "", scale or "")

    def _amount(self, amount: str, sign: str, country: str, scale: str) -> str:
        whole, _, fraction = amount.partition(".")
        if scale or (fraction and len(fraction) != 2):
            return self._coins(self.number(amount), sign, country, scale, many=True)
        whole = whole or "0"
        _, _, cent, cents = CURRENCIES[sign]
        small = ""
        if fraction and int(fraction):
            small = f"{self.cardinal(fraction.lstrip('0'))} {cent if fraction == '01' else cents}"
            if not whole.strip("0,"):
                return small
        one = whole.replace(",", "") == "1"
        spoken = self._coins(self.cardinal(whole), sign, country, "", many=not one)
        return f"{spoken} and {small}" if small else spoken

    def _coins(self, words: str, sign: str, country: str, scale: str, many: bool) -> str:
        name = CURRENCIES[sign][1 if many else 0]
        return " ".join(f"{words} {scale} {DOLLARS[country]}{name}".split())

    def _cents(self, match: re.Match[str]) -> str:
        amount = match[1] or match[2]
        names = ("cent", "cents") if match[1] else ("penny", "pence")
        return f"{self.number(amount)} {names[0 if amount == '1' else 1]}"

    def units(self, text: str) -> str:
        text = _FEET.sub(
            lambda match: f"{self.cardinal(match[1])} foot {self.cardinal(match[2])}", text
        )
        return _UNIT.sub(self._unit, text)

    def _unit(self, match: re.Match[str]) -> str:
        amount, upper, unit = match.groups()
        one, many = UNITS[unit]
        words = self.number(amount) + (f" to {self.number(upper)}" if upper else "")
        return f"{words} {one if amount == '1' and not upper else many}"

    def ordinals(self, text: str) -> str:
        text = _ORDINAL.sub(lambda match: self.ordinal(match[1]), text)
        return _DECADE.sub(self._decade, text)

    def _decade(self, match: re.Match[str]) -> str:
        digits = match[1]
        if len(digits) == 3 or int(digits) == 0:
            return match[0]
        words = self.year(digits) if len(digits) == 4 else self.cardinal(digits)
        if words.endswith("y"):
            return words[:-1] + "ies"
        return words + "s"

    def fractions(self, text: str) -> str:
        text = _MIXED.sub(self._mixed, text)
        return _FRACTION.sub(lambda match: self._fraction(match[1], match[2]), text)

    def _mixed(self, match: re.Match[str]) -> str:
        whole, top, bottom = match.groups()
        part = self._fraction(top, bottom)
        part = re.sub("^one half$", "a half", re.sub("^one quarter$", "a quarter", part))
        return f"{self.cardinal(whole)} and {part}"

    def _fraction(self, top: str, bottom: str) -> str:
        if (top, bottom) in (("24", "7"), ("9", "11")):
            return f"{self.cardinal(top)} {self.cardinal(bottom)}"
        if not (2 <= int(bottom[:9]) <= 10) or not 0 < int(top[:9]) < int(bottom[:9]):
            return f"{self.cardinal(top)} over {self.cardinal(bottom)}"
        names = _FRACTION_NAMES.get(int(bottom))
        if names is None:
            ordinal = self.ordinal(bottom)
            names = (ordinal, ordinal + "s")
        return f"{self.cardinal(top)} {names[0 if int(top) == 1 else 1]}"

    def versions(self, text: str) -> str:
        return _VERSION.sub(self._version, text)

    def _version(self, match: re.Match[str]) -> str:
        parts = (match[1] or match[2]).split(".")
        joint = " dot " if len(parts) == 4 else " point "
        name = "version " if match[0][0] in "vV" else ""
        return name + joint.join(self.cardinal(part) for part in parts)

    def ranges(self, text: str) -> str:
        text = _RANGE.sub(self._range, text)
        return _MINUS.sub("minus ", text)

    def _range(self, match: re.Match[str]) -> str:
        return f"{match[1]} to {match[2]}"

    def years(self, text: str) -> str:
        return _YEAR.sub(self._year, text)

    def _year(self, match: re.Match[str]) -> str:
        before, digits, after = match.groups()
        counted = after and after.endswith("s") and after not in ("was", "is", "has", "as", "this")
        known = 1100 <= int(digits) < 2100 or (before and 1010 <= int(digits) < 2100)
        if counted or not known or after in ("percent", "people", "men", "women", "children"):
            return match[0]
        return (before + " " if before else "") + self.year(digits)

    def mixed_tokens(self, text: str) -> str:
        """Letters and digits in one word: "ARM64", "221B", "COVID-19"."""
        return _MIXED_TOKEN.sub(self._mixed_token, text)

    def _mixed_token(self, match: re.Match[str]) -> str:
        parts = re.findall(r"[^\W\d_]+|\d+", match[0])
        spoken = []
        for part in parts:
            if part.isdecimal():
                spoken.append(self.pairs(part))
            else:
                spoken.append(
                    part
                    if len(part) > 2 or part.istitle() and len(part) > 1
                    else spell_letters(part)
                )
        return " ".join(spoken)

    def plain(self, text: str) -> str:
        return _PLAIN.sub(lambda match: self.number(match[0]), text)


def spell_letters(letters: str) -> str:
    """ "py" as "P-Y": espeak reads hyphenated capitals by their names, also A."""
    return "-".join(letters.upper())


def read_signs(text: str) -> str:
    """Signs that have a word; the rest is left to the last step."""
    text = re.sub(r"\band/or\b", "and or", text)
    pattern = "[" + re.escape("".join(SIGNS)) + "]"
    return re.sub(pattern, lambda match: f" {SIGNS[match[0]]} ", text)
