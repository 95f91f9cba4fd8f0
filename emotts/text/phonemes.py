"""Text to a flat stream of phoneme symbols, with punctuation and inline overrides kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from emotts.errors import EmottsError
from emotts.text.espeak import find_language, languages, pronounce
from emotts.text.ipa import spell
from emotts.text.normalize import OVERRIDE, normalize
from emotts.text.split import split_sentences
from emotts.text.symbols import BORDER, PAUSES, PHONES, PUNCTUATION

__all__ = ["languages", "phonemize", "phonemize_many"]

MAX_CHARACTERS = 40_000
MAX_PIECE = 1_000
_CUT = re.compile(OVERRIDE.pattern + "|[" + re.escape("".join(PUNCTUATION)) + "]", re.DOTALL)


def phonemize(text: str, language: str = "en-us") -> list[str]:
    """The stream of symbols of a text.

    One item per IPA letter, plus ˈ ˌ ː, " " between words and the punctuation . , ? ! ; : … — ".
    `[[həlˈoʊ]]` in the text gives phonemes directly. Joined, the stream reads as a phoneme
    string that can itself stand inside [[…]]. Raises EmottsError for text that is empty, has
    control characters or nothing to say, is longer than MAX_CHARACTERS, or overrides with an
    unknown symbol, and for an unknown language.
    """
    return phonemize_many([text], language)[0]


def phonemize_many(texts: Iterable[str], language: str = "en-us") -> list[list[str]]:
    """`phonemize` for many texts, each different clause pronounced once."""
    code = find_language(language)
    clauses: dict[str, list[str]] = {}
    return [_phonemize(text, code, clauses) for text in texts]


def check_text(text: str) -> None:
    """Refuse text that nobody could read out, with a sentence that says why."""
    if not text.strip():
        raise EmottsError("the text is empty; give at least one word")
    if len(text) > MAX_CHARACTERS:
        raise EmottsError(
            f"the text has {len(text)} characters, more than the {MAX_CHARACTERS} allowed; "
            "split it into parts"
        )
    for place, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\r\f\v":
            raise EmottsError(
                f"the text has the control character U+{ord(character):04X} at character "
                f"{place + 1}; only tabs and line ends are allowed"
            )


def _phonemize(text: str, language: str, clauses: dict[str, list[str]]) -> list[str]:
    check_text(text)
    overrides = [_overridden(match, language) for match in OVERRIDE.finditer(text)]
    overrides.reverse()
    opened = OVERRIDE.sub(lambda match: " " * len(match[0]), text).find("[[")
    if opened >= 0:
        raise EmottsError(
            f"the [[ at character {opened + 1} of the text is never closed; write [[həlˈoʊ]]"
        )
    written = " ".join(normalize(piece, language) for piece in _pieces(text))
    stream: list[str] = []
    end = 0
    for match in _CUT.finditer(written):
        _extend(stream, written[end : match.start()], language, clauses)
        if match[0].startswith("[["):
            _join(stream)
            stream.extend(overrides.pop())
        else:
            stream.append(match[0])
        end = match.end()
    _extend(stream, written[end:], language, clauses)
    if not any(symbol in PHONES for symbol in stream):
        raise EmottsError(
            f"nothing in the text {_short(text)} can be pronounced; it needs at least one word"
        )
    return stream


def _pieces(text: str) -> list[str]:
    """Long text in groups of whole sentences, as normalisation looks around in all it is given."""
    if len(text) <= MAX_PIECE:
        return [text]
    pieces = [""]
    for part in split_sentences(text, MAX_PIECE):
        if len(pieces[-1]) + len(part) > MAX_PIECE:
            pieces.append("")
        pieces[-1] += part
    return pieces


def _overridden(match: re.Match[str], language: str) -> list[str]:
    origin = f", the override at character {match.start() + 1} of the text"
    symbols = spell(" ".join(match[1].split()), language, origin)
    if not any(symbol in PHONES for symbol in symbols):
        raise EmottsError(f"the override {match[0]!r} holds no phoneme; write it like [[həlˈoʊ]]")
    return symbols


def _extend(stream: list[str], text: str, language: str, clauses: dict[str, list[str]]) -> None:
    """Append a clause; borders stand where the text has its spaces."""
    symbols = _clause(text, language, clauses)
    if symbols and text[:1].isspace() or not symbols and text and stream:
        stream.append(BORDER)
    elif symbols:
        _join(stream)
    stream.extend(symbols)
    if symbols and text[-1:].isspace():
        stream.append(BORDER)


def _join(stream: list[str]) -> None:
    """Keep a word from growing together with the word before it."""
    if stream and stream[-1] not in PAUSES:
        stream.append(BORDER)


def _clause(text: str, language: str, clauses: dict[str, list[str]]) -> list[str]:
    text = text.strip()
    if not any(character.isalnum() for character in text):
        return []
    if text not in clauses:
        clauses[text] = spell(pronounce(text, language), language, f" (espeak for {text!r})")
    return clauses[text]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 40 else text[:39] + "…")
