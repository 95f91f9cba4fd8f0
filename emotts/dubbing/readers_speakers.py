"""Who speaks: names before a colon, stage directions in brackets, voices of SSML.

With a cast, a name before a colon counts where the cast knows it. Another counts as an unknown
speaker if it is in capitals ("BOB: …") or has an emotion ("Bob (sad): …"); else it is text where
the cast has a default. Without a cast also one to three capitalised words at the start of an
entry count ("Old Bob: …").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from emotts.dubbing.cast import Cast
from emotts.dubbing.readers_text import CLOSE, OPEN, VOICE, VOICE_END
from emotts.emotion.emotion import MAX_INTENSITY
from emotts.emotion.parse import parse_emotion, plain
from emotts.errors import EmottsError
from emotts.text.markup import is_ssml

_NAME = r"[^\W_][^:\n()\[\]*<>{}\ue000-\ue003]{0,39}?"
_HOW = r"[(\[](?P<how>[^()\[\]\n]{1,80})[)\]]"
_MARKS = f"[{OPEN}{CLOSE}\\s]*"
_PREFIX = re.compile(
    rf"(?P<before>{_MARKS})(?:[-–—>]+\s*)?(?P<name>{_NAME})\s*(?:{_HOW})?\s*{_MARKS}:(?:\s+|$)"
)
_VOICED = re.compile(rf"\s*{VOICE}(?P<name>[^{VOICE_END}]*){VOICE_END}")
_ACTOR = re.compile(rf"\s*(?P<name>{_NAME})\s*(?:{_HOW})?\s*:?\s*")
_DIRECTION = re.compile(rf"(?P<before>{_MARKS}){_HOW}\s*(?=\S)")
_NUMBER = re.compile(r"(?P<spec>.*\S)[\s,]+(?P<number>\d*\.?\d+)\s*(?P<percent>%?)")
_SSML_VOICE = re.compile(r"(<voice\b[^<>]*?\bname\s*=\s*[\"'])([^\"'<>]*)")


@dataclass
class Turn:
    """What one speaker says; speaker: "" where nobody is named. how: the words in brackets."""

    speaker: str
    how: str
    text: str


def split_turns(text: str, cast: Cast | None, names: frozenset[str], given: str = "") -> list[Turn]:
    """The turns of an entry, one where it names one speaker or none.

    names: of emotions, beside the categories. given: the speaker, where a column or field says
    so: then only that name is taken off the text.
    """
    if is_ssml(text):
        return [Turn(given, "", text)]
    turns = [Turn(given, "", "")]
    for number, line in enumerate(text.split("\n")):
        found = _speaker(line, cast, names, given, first=not turns[-1].text and number == 0)
        if found is None:
            turns[-1].text += line + "\n"
            continue
        name, how, rest = found
        if turns[-1].text.strip():
            turns.append(Turn("", "", ""))
        turns[-1] = Turn(given or name, how, rest + "\n")
    for turn in turns:
        match = None if turn.how else _DIRECTION.match(turn.text)
        whole = match and ("(" in match[0] or "[/" not in turn.text)  # [angry]a word[/] is markup
        if match and whole and read_how(match["how"], names) is not None:
            turn.how, turn.text = match["how"], match["before"] + turn.text[match.end() :]
    return turns


def _speaker(
    line: str, cast: Cast | None, names: frozenset[str], given: str, first: bool
) -> tuple[str, str, str] | None:
    """Name, direction and the rest of a line that begins with a speaker."""
    match = _VOICED.match(line)
    if match:
        name, how = read_actor(match["name"])
        return name, how, line[match.end() :]
    match = _PREFIX.match(line)
    if match is None:
        return None
    name, how = match["name"].strip(), match["how"] or ""
    if not any(c.isalpha() for c in name):
        return None
    rest = match["before"] + line[match.end() :]
    if given:
        return (name, how, rest) if first and _same(name, given, cast) else None
    known = cast is not None and cast.name_of(name) is not None
    shouted = name.isupper() and len(name) > 1
    if known or shouted or (how and read_how(how, names) is not None):
        return name, how, rest
    capital = len(name.split()) <= 3 and all(w[0].isupper() or w[0].isdigit() for w in name.split())
    if first and capital and (cast is None or cast.default is None):
        return name, how, rest
    return None


def _same(name: str, given: str, cast: Cast | None) -> bool:
    if plain(name) == plain(given):
        return True
    return cast is not None and cast.name_of(name) == cast.name_of(given) is not None


def read_actor(written: str) -> tuple[str, str]:
    """Name and direction of a field or column: "ANNA (angry 0.8)"."""
    match = _ACTOR.fullmatch(written.strip())
    return (match["name"].strip(), match["how"] or "") if match else (written.strip(), "")


@lru_cache(maxsize=1024)
def read_how(how: str, names: frozenset[str]) -> tuple[str, float | None] | None:
    """Emotion and intensity of "angry 0.8", "very sad" or "happy:0.6+sad:0.4"; None for words
    that are no emotion. Raises EmottsError for an intensity out of range."""
    match = _NUMBER.fullmatch(how.strip())
    spec = (match["spec"] if match else how).strip().rstrip(",")
    try:
        parse_emotion(spec, names)
    except EmottsError:
        return None
    if match is None:
        return spec, None
    intensity = float(match["number"]) / (100 if match["percent"] else 1)
    if intensity > MAX_INTENSITY:
        raise EmottsError(
            f"the intensity of ({how}) is {intensity:g}; it must lie between 0 and {MAX_INTENSITY}"
        )
    return spec, intensity


def cast_ssml(text: str, cast: Cast) -> tuple[str, str]:
    """SSML whose <voice name="…"> may name characters: the text with their voices instead, and
    the first of these characters, or ""."""
    found: list[str] = []

    def voiced(match: re.Match[str]) -> str:
        name = cast.name_of(match[2])
        if name is None:
            return match[0]
        found.append(name)
        return match[1] + cast.characters[name].voice

    return _SSML_VOICE.sub(voiced, text), found[0] if found else ""
