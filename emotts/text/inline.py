"""Inline markup: `I [angry 0.9]never[/] said *that*. [pause 0.5s] [sigh]`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from emotts.errors import EmottsError
from emotts.text.inline_tags import Closing, Tag, read_tag
from emotts.text.markup import (
    MAX_NESTING,
    MarkedText,
    MarkedTextBuilder,
    Pause,
    Sound,
    Style,
)
from emotts.text.ssml import ELEMENTS

_ESCAPED = r"\\[\\\[\]*<]"
_ELEMENT = rf"</?(?:mstts:)?(?:{'|'.join(ELEMENTS)})(?=[\s/>])[^<>]*>"
_TOKEN = re.compile(
    rf"(?P<escape>{_ESCAPED})|(?P<override>\[\[[^\[\]]*\]\])|(?P<tag>\[[^\[\]]*\])|(?P<stars>\*+)"
    rf"|(?P<element>{_ELEMENT})"
    r"|(?P<bracket>[\[\]])|(?P<gap>\n\s*\n)|(?P<text>[^\\\[\]*<\n]+|.)",
    re.DOTALL,
)
_EMPHASIS = {1: "moderate", 2: "strong", 3: "strong"}


@dataclass
class _Token:
    """kind: "text", "override", "gap", "stars", "tag", and "open" and "close" of emphasis."""

    kind: str
    text: str
    place: int
    tag: Tag | None = None


def parse_inline(text: str, names: Collection[str] | None = None) -> MarkedText:
    r"""Read `[angry 0.9]never[/]`, `*this*`, `**this**`, `[pause 0.5s]`, `[laugh]` and `\[`.

    names: learnt emotions and presets beside the eight categories; None allows any name as
    `[emotion=name]`. Phonemes as [[…]] stay; a * that surrounds no words is text. Raises
    EmottsError naming line and column of a tag that is malformed, unknown, or not closed.
    """
    tokens = [_read(match, text, names) for match in _TOKEN.finditer(text)]
    _pair_stars(tokens, text)
    return _build(tokens, text)


def escape(text: str) -> str:
    r"""Text whose brackets and stars are meant as text: `parse_inline` reads it as it stands."""
    return re.sub(r"[\\\[\]*<]", r"\\\g<0>", text)


def _read(match: re.Match[str], text: str, names: Collection[str] | None) -> _Token:
    kind, place = str(match.lastgroup), match.start()
    token = _Token(kind, match[0], place)
    if kind == "escape":
        return _Token("text", match[0][1], place)
    if kind == "bracket":
        hint = "never closed" if match[0] == "[" else "not the end of a tag"
        raise EmottsError(f"the {match[0]} at {where(text, place)} is {hint}; write \\{match[0]} "
                          "for a bracket of the text")  # fmt: skip
    if kind == "element":
        raise EmottsError(
            f"{_shown(token, text)} is SSML in a text that does not begin with <speak>; put "
            "<speak>…</speak> around all of it, or write \\< for the sign"
        )
    if kind == "tag":
        try:
            token.tag = read_tag(match[0][1:-1], names)
        except EmottsError as error:
            raise EmottsError(f"{_shown(token, text)}: {error}") from None
    return token


def where(text: str, place: int) -> str:
    """A place in a text as people count: "line 1, column 5"."""
    line_start = text.rfind("\n", 0, place) + 1
    return f"line {text.count(chr(10), 0, place) + 1}, column {place - line_start + 1}"


def _shown(token: _Token, text: str) -> str:
    """A tag, shortened, and its place."""
    tag = " ".join(token.text.split())
    tag = tag if len(tag) <= 60 else tag[:58] + "…]"
    return f"{tag} at {where(text, token.place)}"


def _pair_stars(tokens: list[_Token], text: str) -> None:
    """Find the stars that begin and end emphasis; all others become text.

    They stand around words: the first after no letter or digit and before no space, the last
    the other way round, in one paragraph, and both inside or both outside of any tag.
    """
    opened: list[_Token] = []
    cut_off: dict[str, _Token] = {}
    for token in tokens:
        if isinstance(token.tag, Style):
            if sum(before.kind == "tag" for before in opened) == MAX_NESTING:
                raise EmottsError(f"{_shown(token, text)}: more than {MAX_NESTING} tags are open")
            opened.append(token)
        elif isinstance(token.tag, Closing):
            while opened and opened[-1].kind == "stars":
                stars = opened.pop()
                cut_off[stars.text] = stars
            if opened:
                opened.pop()
        elif token.kind == "gap":
            cut_off.clear()
            opened = [tag for tag in opened if tag.kind == "tag"]
        elif token.kind == "stars":
            first = _closed_by(token, opened, cut_off, text)
            if first is not None:
                first.kind, token.kind = "open", "close"
                del opened[opened.index(first) :]
            elif _may_open(token, text):
                _forget(token.text, opened)
                opened.append(token)
    for token in tokens:
        token.kind = "text" if token.kind == "stars" else token.kind


def _forget(stars: str, opened: list[_Token]) -> None:
    """Of several stars that could begin the same emphasis the last one does."""
    for number in range(len(opened) - 1, -1, -1):
        if opened[number].kind == "tag":
            break
        if opened[number].text == stars:
            del opened[number]
            break


def _closed_by(
    token: _Token, opened: list[_Token], cut_off: dict[str, _Token], text: str
) -> _Token | None:
    """The stars that this token closes; EmottsError where a tag stands across."""
    if not _may_close(token, text):
        return None
    across = False
    for before in reversed(opened):
        across = across or before.kind == "tag"
        if before.text == token.text and not across:
            return before
        if before.text == token.text:
            _refuse_crossing(before, token, text)
    if token.text in cut_off:
        _refuse_crossing(cut_off[token.text], token, text)
    return None


def _refuse_crossing(first: _Token, last: _Token, text: str) -> None:
    raise EmottsError(
        f"the emphasis {first.text} from {where(text, first.place)} to {where(text, last.place)} "
        "crosses a tag; close what was opened last first, or write \\* for a star of the text"
    )


def _may_open(token: _Token, text: str) -> bool:
    before = text[max(token.place - 1, 0) : token.place]
    after = text[token.place + len(token.text) :][:1]
    return len(token.text) in _EMPHASIS and not before.isalnum() and bool(after.strip())


def _may_close(token: _Token, text: str) -> bool:
    before = text[max(token.place - 1, 0) : token.place]
    after = text[token.place + len(token.text) :][:1]
    return len(token.text) in _EMPHASIS and bool(before.strip()) and not after.isalnum()


def _build(tokens: list[_Token], text: str) -> MarkedText:
    builder = MarkedTextBuilder()
    opened: list[tuple[_Token, int]] = []
    for token in tokens:
        if token.kind == "open":
            _open(builder, Style(emphasis=_EMPHASIS[len(token.text)]), token, text)
        elif token.kind == "close":
            builder.close()
        elif isinstance(token.tag, Closing):
            _close(token, opened, builder, text)
        elif isinstance(token.tag, Style):
            _open(builder, token.tag, token, text)
            opened.append((token, builder.extent))
        elif isinstance(token.tag, Pause):
            builder.pause(token.tag.seconds)
        elif isinstance(token.tag, Sound):
            builder.sound(token.tag.name)
        else:
            builder.put(token.text)
    if opened:
        shown = _shown(opened[-1][0], text)
        raise EmottsError(f"{shown} is never closed; write [/] where it ends")
    return builder.build()


def _close(
    token: _Token, opened: list[tuple[_Token, int]], builder: MarkedTextBuilder, text: str
) -> None:
    here = _shown(token, text)
    if not opened:
        raise EmottsError(f"{here} closes nothing; write it after a tag like [happy]")
    first, extent = opened.pop()
    name = token.tag.name
    if name and name not in re.findall(r"\w+", first.text.casefold()):
        raise EmottsError(f"{here} does not close {first.text}, which was opened last; write [/]")
    if builder.extent == extent:
        shown = _shown(first, text)
        raise EmottsError(f"{shown} holds nothing; put words between it and [/]")
    builder.close()


def _open(builder: MarkedTextBuilder, style: Style, token: _Token, text: str) -> None:
    try:
        builder.open(style)
    except EmottsError as error:
        raise EmottsError(f"{_shown(token, text)}: {error}") from None
