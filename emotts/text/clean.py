"""The first and the last step of normalisation: one spelling for marks, and only marks."""

from __future__ import annotations

import re
import unicodedata

from emotts.text.symbols import PUNCTUATION

_MARKS = {
    **dict.fromkeys("“”„‟«»″❝❞「」『』", '"'),
    **dict.fromkeys("‘’‚‛ʼ′`´＇", "'"),
    **dict.fromkeys("‐‑‒−－", "-"),
    **dict.fromkeys("–—―⸺⸻", "—"),
    **dict.fromkeys("。．｡।॥։።", "."),
    **dict.fromkeys("，、،፣", ","),
    **dict.fromkeys("？؟", "?"),
    **dict.fromkeys("！", "!"),
    **dict.fromkeys("：፡", ":"),
    **dict.fromkeys("；؛፤", ";"),
    **dict.fromkeys("¿¡", " "),
    "⋯": "…",
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
}
# Invisible signs that steer layout only; the joiners of Indic and Persian script stay.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_EMOJI_PARTS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u20e3]")
_TABLE = str.maketrans(_MARKS)
# Stands for an inline override while the text around it is normalised.
PLACEHOLDER = "\ue000"


class _Cached(dict):
    """A table for str.translate that asks `rule` once for each character."""

    def __init__(self, rule):
        self.rule = rule

    def __missing__(self, code: int) -> str:
        self[code] = self.rule(chr(code))
        return self[code]


def tidy(text: str) -> str:
    """NFC, one spelling of quotes, dashes, dots and full-width signs, no emoji."""
    text = unicodedata.normalize("NFC", text)
    text = _INVISIBLE.sub("", _EMOJI_PARTS.sub("", text))
    text = text.translate(_NARROW).translate(_TABLE)
    text = re.sub(r"\.{3,}|(?:\. ){2,}\.", "…", text)
    text = re.sub(r"(?<=\d)\s*—\s*(?=\d)", "-", text)
    text = re.sub(r"(?<=\s)-+(?=\s)|--+", "—", text)
    return " ".join(text.split())


def _narrow(character: str) -> str:
    """Full-width signs, ① Ⅷ ¹ and ½ in plain ones; a space for emoji and other pictures."""
    category = unicodedata.category(character)
    if "！" <= character <= "～" or (category in ("No", "Nl") and character not in "²³"):
        plain = unicodedata.normalize("NFKC", character)
        return " " + plain.replace("\u2044", "/") if "\u2044" in plain else plain
    if category == "So" and character not in "°©®№™℃℉":
        return " "
    return character


def finish(text: str) -> str:
    """Keep letters, digits, apostrophes and hyphens inside words, and the nine marks."""
    text = re.sub(r"[()\[\]{}]", " , ", text)
    text = text.translate(_READABLE)
    text = re.sub(r"(?<!\w)['-]+|['-]+(?!\w)", " ", text)
    text = re.sub(r"\s+(?=[.,?!;:…])", "", text)
    text = re.sub(r"\s*—\s*", " — ", text)
    text = re.sub(r"([.,?!;:…—])(?:\s*\1)+", r"\1", text)
    text = re.sub(r",\s*(?=[.?!;:…—])|(?<=[.?!;:…])\s*,|^[\s,]+", "", text)
    text = re.sub(r"(?<=[,?!;:…])(?=[^\W\d_])", " ", text)
    return " ".join(text.split())


def _readable(character: str) -> bool:
    if (
        character.isspace()
        or character in "'-\u200c\u200d" + PLACEHOLDER
        or character in PUNCTUATION
    ):
        return True
    return unicodedata.category(character)[0] in "LMN"


_NARROW = _Cached(_narrow)
_READABLE = _Cached(lambda character: character if _readable(character) else " ")
