"""Polish text to words: dates, times, money, units, ordinals, abbreviations, acronyms."""

from __future__ import annotations

import functools
import re

from emotts.text import polish_tables as tables
from emotts.text.addresses import AddressWords, read_addresses, read_phones
from emotts.text.numbers import digits_of, whole_number, words_of
from emotts.text.roman import ROMAN, roman_value

_NUMBER = r"(?:\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?!\d)|\d+)(?:,\d+)?"
_BEFORE = r"(?<![\w.,])"
_MONTH = "(" + "|".join(tables.MONTHS) + ")"
_YEAR_WORD = r"(?:\s*(r\.|roku|rok)(?!\w))"
_DATE = re.compile(rf"{_BEFORE}(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}})(?!\d){_YEAR_WORD}?")
_ISO = re.compile(r"(?<![\w.-])(\d{4})-(\d{1,2})-(\d{1,2})(?![\w-])")
_DAY_MONTH = re.compile(rf"{_BEFORE}(\d{{1,2}})\.?\s+{_MONTH}\b(?:\s+(\d{{4}})\b{_YEAR_WORD}?)?")
_YEAR = re.compile(rf"(?:\b([Ww]e?|[Oo]|[Pp]o)\s+)?{_BEFORE}(\d{{3,4}}){_YEAR_WORD}")
_CLOCK = re.compile(r"(?:\b(o|do|od|po|przed|około|godz\.|godzinie)\s+(?:godz\.\s*)?)?"
                    r"(?<![\w:.,])(\d{1,2})[:](\d{2})(?!\d|:\d)")  # fmt: skip
_SCALE = "|".join(re.escape(scale) for scale in tables.SCALES)
_COIN = "|".join(re.escape(coin) for coin in tables.CURRENCIES)
_MONEY = re.compile(rf"{_BEFORE}({_NUMBER})\s?(?:({_SCALE})\s?)?({_COIN})(?!\w)")
_SIGN_FIRST = re.compile(rf"([$€£])\s?({_NUMBER})")
_SCALED = re.compile(rf"{_BEFORE}({_NUMBER})\s?({_SCALE})(?!\w)")
_UNIT_NAMES = "|".join(re.escape(unit) for unit in sorted(tables.UNITS, key=len, reverse=True))
_UNIT = re.compile(rf"{_BEFORE}({_NUMBER})\s?({_UNIT_NAMES})(?![\w²/])")
_ORDINAL = re.compile(
    r"(?<![\w.,])(\d{1,4})(?:\.(?=\s[a-ząćęłńóśźż])|-?(?:szy|gi|ci|ty|my|sty|ny)\b)"
)
_FEMININE_NOUN = re.compile(
    rf"(?<![\w.,])(\d*2)(?=\s({tables.FEMININE_NOUNS})\b)|(?<![\w.,])(1)(?=\s(?:{tables.ONE_FEMININE})\b)"
)
_FRACTION = re.compile(r"(?<![\w./,])(\d+)/(\d+)(?![\w/])")
_RANGE = re.compile(rf"(?<![\w.,-])({_NUMBER})-({_NUMBER})(?![\w-])")
_MINUS = re.compile(r"(?<![\w.)])-\s?(?=\d)")
_PLAIN = re.compile(rf"(?<!\w){_NUMBER}(?!\w)")
_ALTERNATING = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])-?(?=\d)")
_ABBREVIATION = re.compile(
    r"(?<![\w.])("
    + "|".join(re.escape(key) for key in sorted(tables.ABBREVIATIONS, key=len, reverse=True))
    + r")(?!\w)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?<![\w.])(" + "|".join(re.escape(key) for key in tables.NUMBERED) + r")\s?(?=\d)"
)
_CENTURY = re.compile(rf"(?:\b([Ww])\s+)?\b({ROMAN})\s+(wieku|wiek|w\.)(?!\w)")
_HEADED = re.compile(rf"\b({tables.HEADINGS})(\s+)({ROMAN})\b")
_RULER = re.compile(
    r"\b([A-ZŁŚŻ][a-ząćęłńóśźż]+\s+)((?:X{0,2})(?:II|III|IV|VI|VII|VIII|IX|XI|XX))\b"
)
_ACRONYM = re.compile(r"(?<![\w-])[A-ZŁŚŻŹĆÓ]{2,}(?!\w)")


def normalize_polish(text: str) -> str:
    """Polish words for everything that is not one; `text` is tidied already."""
    text = _read_roman(text)
    if any(character.isdecimal() for character in text) or "@" in text or "." in text:
        text = _NUMBERED.sub(lambda match: tables.NUMBERED[match[1].lower()] + " ", text)
        text = _read_times(_read_dates(text))
        words = _address_words()
        text = read_addresses(read_phones(text, words), words)
        text = _read_numbers(text)
    text = _ABBREVIATION.sub(_abbreviation, text)
    text = _ACRONYM.sub(_acronym, text)
    pattern = "[" + re.escape("".join(tables.SIGNS)) + "]"
    return re.sub(pattern, lambda match: f" {tables.SIGNS[match[0]]} ", text)


@functools.cache
def _address_words() -> AddressWords:
    return AddressWords(
        signs=tables.ADDRESS_SIGNS,
        letters=spell_polish,
        digits=lambda digits: digits_of(digits, "pl"),
        number=lambda digits: whole_number(digits, "pl"),
    )


def spell_polish(letters: str) -> str:
    """ "pko" as "pe-ka-o"."""
    return "-".join(tables.LETTER_NAMES.get(letter, letter) for letter in letters.upper())


def ordinal(number: int, ending: str = "y") -> str:
    """The ordinal with an adjective's ending: "y" -y, "ego", "ym", "a", "ej"."""
    words = words_of(number, "pl", "ordinal").split()
    return " ".join(_inflect(word, ending) for word in words)


def _inflect(word: str, ending: str) -> str:
    if word in ("trzy", "cztery") or word[-1] not in "yi" or ending == "y":
        return word
    soft = word[-1] == "i"
    if word == "trzeci":
        return {"ego": "trzeciego", "ym": "trzecim", "a": "trzecia", "ej": "trzeciej"}[ending]
    if soft:  # drugi
        return word[:-1] + {"ego": "iego", "ym": "im", "a": "a", "ej": "iej"}[ending]
    return word[:-1] + ending


def plural_form(number: str, forms: tuple[str, ...]) -> str:
    """The noun's form after a number as written: 1 kilogram, 2 kilogramy, 5 kilogramów."""
    if "," in number:
        return forms[3]
    value = int(re.sub(r"\D", "", number))
    if value == 1:
        return forms[0]
    return forms[1] if value % 10 in (2, 3, 4) and value % 100 not in (12, 13, 14) else forms[2]


def read_number(written: str, gender: str = tables.MASCULINE) -> str:
    """A whole number or decimal as written in Polish."""
    whole, comma, fraction = written.partition(",")
    whole = re.sub(r"\D", "", whole)
    words = whole_number(whole, "pl")
    if comma:
        zeros = len(fraction) - len(fraction.lstrip("0"))
        rest = fraction.lstrip("0")
        spoken = digits_of("0" * zeros, "pl") + " " + (whole_number(rest, "pl") if rest else "")
        return f"{words} przecinek {spoken.strip()}".replace("  ", " ")
    if gender == tables.FEMININE:
        if whole == "1":
            return "jedna"
        return re.sub(r"\bdwa$", "dwie", words)
    return words


def _read_dates(text: str) -> str:
    def date(day: str, month: str, year: str | None, found: re.Match[str]) -> str:
        if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
            return found[0]
        spoken = f"{ordinal(int(day), 'ego')} {tables.MONTHS[int(month) - 1]}"
        return f"{spoken} {ordinal(int(year), 'ego')} roku" if year else spoken

    def named(match: re.Match[str]) -> str:
        month = str(tables.MONTHS.index(match[2]) + 1)
        return date(match[1], month, match[3], match) + _stop(match)

    def year(match: re.Match[str]) -> str:
        before, digits, word = match.groups()
        if word == "rok":
            return f"{before + ' ' if before else ''}{ordinal(int(digits))} rok"
        ending = "ym" if before else "ego"
        return f"{before + ' ' if before else ''}{ordinal(int(digits), ending)} roku" + _stop(match)

    text = _ISO.sub(lambda match: date(match[3], match[2], match[1], match), text)
    text = _DATE.sub(lambda match: date(match[1], match[3], match[4], match) + _stop(match), text)
    return _YEAR.sub(year, _DAY_MONTH.sub(named, text))


def _read_times(text: str) -> str:
    def clock(match: re.Match[str]) -> str:
        before, hour, minute = match.groups()
        if int(hour) > 24 or int(minute) > 59:
            return match[0]
        hour_words = ordinal(int(hour), "ej" if before else "a") if int(hour) else "zero"
        minutes = ""
        if int(minute):
            minutes = " " + ("zero " if minute[0] == "0" else "") + read_number(str(int(minute)))
        before = "o" if before in ("godz.", "godzinie") else before
        return f"{before + ' ' if before else ''}{hour_words}{minutes}"

    return _CLOCK.sub(clock, text)


def _read_numbers(text: str) -> str:
    text = _MINUS.sub("minus ", text)
    text = _RANGE.sub(r"\1 do \2", text)
    text = _SIGN_FIRST.sub(lambda match: _money(match[2], None, match[1]), text)
    text = _MONEY.sub(lambda match: _money(*match.groups()), text)
    text = _SCALED.sub(lambda match: _counted(match[1], tables.SCALES[match[2]]), text)
    text = _UNIT.sub(lambda match: _unit(match) + _stop(match), text)
    text = _ORDINAL.sub(lambda match: ordinal(int(match[1])), text)
    text = _FEMININE_NOUN.sub(lambda match: read_number(match[0], tables.FEMININE), text)
    text = _FRACTION.sub(_fraction, text)
    text = _ALTERNATING.sub(" ", text)
    return _PLAIN.sub(lambda match: read_number(match[0]), text)


def _counted(number: str, forms: tuple[str, ...], gender: str = tables.MASCULINE) -> str:
    return f"{read_number(number, gender)} {plural_form(number, forms)}"


def _money(number: str, scale: str | None, coin: str) -> str:
    forms = tables.CURRENCIES[coin]
    if scale:
        return f"{_counted(number, tables.SCALES[scale])} {forms[2]}"
    whole, _, fraction = number.partition(",")
    if len(fraction) != 2:
        return _counted(number, forms)
    spoken = _counted(whole, forms)
    if not int(fraction):
        return spoken
    cents = tables.SMALL_COINS.get(coin, tables.CENTS)
    return f"{spoken} {_counted(str(int(fraction)), cents)}"


def _unit(match: re.Match[str]) -> str:
    *forms, gender = tables.UNITS[match[2]]
    return _counted(match[1], tuple(forms), gender)


def _fraction(match: re.Match[str]) -> str:
    top, bottom = match.groups()
    if (top, bottom) == ("1", "2"):
        return "pół"
    if (top, bottom) in (("1", "4"), ("3", "4")):
        return "jedna czwarta" if top == "1" else "trzy czwarte"
    return f"{read_number(top)} przez {read_number(bottom)}"


def _read_roman(text: str) -> str:
    def century(match: re.Match[str]) -> str:
        before, numeral, word = match.groups()
        ending = "y" if word == "wiek" else ("ym" if before else "ego")
        noun = "wiek" if word == "wiek" else "wieku"
        prefix = before + " " if before else ""
        return f"{prefix}{ordinal(roman_value(numeral), ending)} {noun}" + _stop(match)

    def headed(match: re.Match[str]) -> str:
        feminine = match[1].lower() in ("część", "księga", "klasa")
        return match[1] + match[2] + ordinal(roman_value(match[3]), "a" if feminine else "y")

    def ruler(match: re.Match[str]) -> str:
        feminine = match[1].strip().endswith("a")
        return match[1] + ordinal(roman_value(match[2]), "a" if feminine else "y")

    return _RULER.sub(ruler, _HEADED.sub(headed, _CENTURY.sub(century, text)))


def _abbreviation(match: re.Match[str]) -> str:
    spoken = tables.ABBREVIATIONS[match[1].lower()]
    if spoken.startswith("i t") and re.match(r"\s+[A-ZŁŚŻ]", match.string[match.end() :]):
        return spoken + "."
    return spoken + _stop(match)


def _acronym(match: re.Match[str]) -> str:
    word = match[0]
    if word in tables.WORD_ACRONYMS or (len(word) > 3 and re.search("[AEIOUYÓ]", word)):
        return word.lower()
    return spell_polish(word) if len(word) <= 5 else word


def _stop(match: re.Match[str]) -> str:
    """ "." where an abbreviation's dot also ends the text or a sentence."""
    if not match[0].endswith("."):
        return ""
    return "." if not match.string[match.end() :].strip(" \"')") else ""
