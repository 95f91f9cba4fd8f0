"""E-mail addresses, URLs, file names and telephone numbers, in any language's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
URL = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s\"<>\ue000]+"
    r"|(?<![\w.@])[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|io|pl|uk|de|eu|info)\b"
    r"(?:/[^\s\"<>\ue000]*)?",
    re.IGNORECASE,
)
# foo_bar.py, setup.cfg, read_me: joined by underscores, or ending like a file's name
FILE_NAME = re.compile(
    r"(?<![\w.])(?=\w*[^\W\d])(?:\w+(?:[.-]\w+)*_\w*(?:[.-]\w+)*|[\w-]+(?:\.[\w-]+)*\.[a-z]{2}[a-z0-9]{0,3})"
    r"(?![\w])"
)
_TRAILING = ".,;:!?'\")]…"
_PHONE = re.compile(
    r"(?<![\w.+])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){1,4}"
    r"|(?:1[ .-])?\(\d{3}\) ?\d{3}[ .-]\d{4}"
    r"|(?:1-)?\d{3}([.-])\d{3}\1\d{4}"
    r"|\d{3}-\d{4}|\d{3}-\d{3}-\d{3}"
    r"|0\d{2,4} \d{3,4} ?\d{3,4})(?![\w]|[.,-]\d)"
)


@dataclass(frozen=True)
class AddressWords:
    """How a language reads the signs of an address, and its letters and digits."""

    signs: dict[str, str]
    letters: Callable[[str], str]
    digits: Callable[[str], str]
    number: Callable[[str], str]


def read_addresses(text: str, words: AddressWords) -> str:
    """Replace e-mail addresses, URLs and file names by what a person says."""
    if "@" in text:
        text = EMAIL.sub(lambda match: _read(match, words), text)
    text = URL.sub(lambda match: _read(match, words), text)
    return FILE_NAME.sub(lambda match: _read(match, words), text)


def read_phones(text: str, words: AddressWords) -> str:
    """Replace telephone numbers: digit by digit, a comma between the groups."""
    return _PHONE.sub(lambda match: _read_phone(match[0], words), text)


def _read_phone(number: str, words: AddressWords) -> str:
    plus = words.signs["+"] + " " if number.startswith("+") else ""
    return plus + ", ".join(words.digits(group) for group in re.findall(r"\d+", number))


def _read(match: re.Match[str], words: AddressWords) -> str:
    address = match[0]
    core = address.rstrip(_TRAILING)
    tail = address[len(core) :]
    core = re.sub(r"^[a-z]+://", "", core, flags=re.IGNORECASE).rstrip("/")
    parts = re.findall(r"[^\W\d_]+|\d+|[\W_]", core)
    spoken = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1 or parts[place + 1] in "/?:"
        after_dot = place > 0 and parts[place - 1] == "."
        if part.isdecimal():
            spoken.append(words.number(part))
        elif part.isalpha():
            spoken.append(_word(part, last and after_dot, words))
        else:
            spoken.append(words.signs.get(part, " "))
    return " ".join(spoken) + tail


def _word(part: str, is_ending: bool, words: AddressWords) -> str:
    """Endings of two letters and words without a vowel are spelt."""
    lowered = part.lower()
    spelt = not re.search("[aeiouyąęó]", lowered) or (is_ending and len(part) == 2)
    if spelt and len(part) <= 5 and part.isascii():
        return words.letters(part)
    return part
