"""Text of subtitles as text to say: tags of HTML and ASS, entities, descriptions of sounds.

Italics and bold around a part of a line become *emphasis*. Around all of it they are dropped:
there they mean an off-screen voice, a thought or a song. All other formatting is dropped. A
bracket that is no tag of the inline markup describes a sound in subtitles, and is left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection

from emotts.text.inline_tags import is_tag
from emotts.text.markup import is_ssml

# Marks inside a text until it is finished, from Unicode's private area.
OPEN, CLOSE = "\ue000", "\ue001"  # around what is italic or bold
VOICE, VOICE_END = "\ue002", "\ue003"  # around a name that speaks from there on
_MARKS = re.compile("[\ue000-\ue003]")
# Elements of SSML that are none of HTML stay: without <speak> they are an error, never lost.
_SSML_ONLY = r"(?:mstts:)?(?:break|prosody|emphasis|phoneme|say-as|express-as|sub|voice|speak)"
_HTML = re.compile(rf"<(?!/?{_SSML_ONLY}[\s/>])/?[a-zA-Z][^<>]*>", re.IGNORECASE)
_EMPHASIS = re.compile(r"<\s*(/?)\s*(?:i|b|em|strong)(?:\.[\w.-]+)?\s*>", re.IGNORECASE)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)*\s+([^<>\n]+)>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|\\[Nn]", re.IGNORECASE)
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")
_OVERRIDE_EMPHASIS = re.compile(r"\\[ib](\d+)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]{2,31}\d?);")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|[♪♫♬]")
_BRACKET = re.compile(r"(?<![\[\\])\[(?!\[)([^\[\]]*)\](?!\])")
_DASH = re.compile(r"^[-–—]\s+(?=\S)")


def marked(text: str) -> str:
    """Text with OPEN and CLOSE where HTML or ASS tags change to italic or bold and back, VOICE
    around the names of <v Name>, and no other tags; SSML is left as it is."""
    text = _MARKS.sub("", text)
    if is_ssml(text):
        return text.replace("\\N", "\n")
    if "{" in text:
        text = _OVERRIDE.sub(_override, text)
    text = _BREAK.sub("\n", text).replace("\\h", " ")
    if "<" in text:
        text = _VOICE.sub(lambda m: f"\n{VOICE}{_unescaped(m[1]).strip()}{VOICE_END}", text)
        text = _EMPHASIS.sub(lambda m: CLOSE if m[1] else OPEN, text)
        text = _HTML.sub("", text)
    return _INVISIBLE.sub("", text)


def finished(text: str, keep_lines: bool = False) -> str:
    """What is said, without marks: emphasis as stars, entities as what they stand for, single
    spaces; keep_lines: line ends stay."""
    if is_ssml(text):
        return text.strip()
    lines = (_DASH.sub("", line.strip()) for line in text.split("\n"))
    text = ("\n" if keep_lines else " ").join(lines)
    text = _emphasised(text)
    text = _ENTITY.sub(lambda m: _unescaped(m[0]).replace("<", "\\<"), text)
    text = re.sub(r"[^\S\n]+", " ", text.replace("\0", ""))
    return text.strip()


def without_sounds(text: str, names: Collection[str]) -> tuple[str, list[str]]:
    """Text without brackets that are no tags, and what stood in them; a whole line in round
    brackets is one, too. Nothing is taken out of SSML or where tags are closed by [/]."""
    if is_ssml(text) or "[/" in text:
        return text, []
    sounds: list[str] = []

    def left(match: re.Match[str]) -> str:
        if is_tag(match[1], names):
            return match[0]
        sounds.append(match[0])
        return " "

    text = " ".join(_BRACKET.sub(left, text).split()) if "[" in text else text
    if re.fullmatch(r"\([^()]*\)\W*", text):
        return "", [*sounds, text]
    return text, sounds


def unnamed_speakers(text: str) -> int:
    """How many lines of an entry begin with a dash, as where several people speak."""
    return sum(bool(_DASH.match(_MARKS.sub("", line).strip())) for line in text.split("\n"))


def is_speakable(text: str) -> bool:
    """True if there is a letter or digit to say, or SSML, which is read later."""
    return is_ssml(text) or any(c.isalnum() for c in text)


def _override(match: re.Match[str]) -> str:
    """The marks of one {\\…}: of i and b the last of each counts."""
    switches = {m[0][1]: m[1] for m in _OVERRIDE_EMPHASIS.finditer(match[0])}
    return "".join(OPEN if int(on) in (1, *range(600, 1000)) else CLOSE for on in switches.values())


def _unescaped(text: str) -> str:
    return _MARKS.sub("", html.unescape(text)).replace("\xa0", " ")


def _emphasised(text: str) -> str:
    """Stars for the marks, where they stand around whole words and not around all of them."""
    if OPEN not in text and CLOSE not in text:
        return text
    plain, spans = _spans(text)
    inside = [False] * len(plain)
    for start, end in spans:
        inside[start:end] = [True] * (end - start)
    if all(inside[i] for i, c in enumerate(plain) if c.isalnum()):
        return plain
    out, place = [], 0
    for start, end in spans:
        while start < end and not plain[start].isalnum():
            start += 1
        while end > start and not plain[end - 1].isalnum():
            end -= 1
        around = plain[max(start - 1, 0) : start] + plain[end : end + 1]
        whole = not any(c.isalnum() for c in around)
        if start < end and whole and not re.search(r"[*\[\]\\<]", plain[start:end]):
            out += [plain[place:start], "*", plain[start:end], "*"]
            place = end
    return "".join([*out, plain[place:]])


def _spans(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Text without marks, and the outermost spans between them; what is never opened begins with
    the text, what is never closed ends with it."""
    plain: list[str] = []
    spans: list[tuple[int, int]] = []
    depth = start = 0
    for character in text:
        if character == OPEN:
            start, depth = (len(plain), 1) if depth == 0 else (start, depth + 1)
        elif character == CLOSE:
            depth -= 1
            if depth == 0 or (depth < 0 and not spans):
                spans.append((start if depth == 0 else 0, len(plain)))
            depth = max(depth, 0)
        else:
            plain.append(character)
    if depth:
        spans.append((start, len(plain)))
    return "".join(plain), spans
