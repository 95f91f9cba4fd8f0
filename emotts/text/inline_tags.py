"""What stands between the brackets of inline markup: "angry 0.9", "pause 0.5s", "/"."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from emotts.emotion.parse import parse_emotion
from emotts.emotion.vocabulary import ALIASES, CATEGORIES
from emotts.errors import EmottsError
from emotts.text.markup import MAX_PAUSE, SOUNDS, Pause, Sound, Style

MAX_TAG = 300
MAX_LISTED = 30
# The key in a tag: (the field of Style, the units it may have and what each is worth).
_NUMBERS = {
    "intensity": ("intensity", {"": 1.0, "%": 0.01}),
    "rate": ("rate", {"": 1.0, "%": 0.01}),
    "pitch": ("pitch", {"": 1.0, "st": 1.0}),
    "range": ("pitch_range", {"": 1.0, "%": 0.01}),
    "energy": ("energy", {"": 1.0, "db": 1.0}),
}
_WORDS = ("emotion", "emphasis", "voice", "language")
KEYS = ("emotion", "intensity", "emphasis", *(key for key in _NUMBERS if key != "intensity"),
        "voice", "language")  # fmt: skip
_KEY = re.compile(r"(\w+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=]+)(?!\S)")
_NUMBER = re.compile(r"([+\-−]?)(\d+\.?\d*|\.\d+)\s*([^\d\s.]*)", re.ASCII)
_LAST_NUMBER = re.compile(r"(?:^|(?<![:+\s])\s+)([+\-−]?[\d.]+%?)$", re.ASCII)
_NAME = re.compile(r"[^\W\d_][\w' -]*")


@dataclass(frozen=True)
class Closing:
    """[/], or [/angry] with the name of what it closes."""

    name: str


Tag = Style | Pause | Sound | Closing


def read_tag(body: str, names: Collection[str] | None = None) -> Tag:
    """What a tag asks for; body: the text between its brackets.

    Pauses and sounds have their place still at 0. Raises EmottsError naming the valid choices.
    """
    if len(body) > MAX_TAG:
        raise EmottsError(f"a tag has {MAX_TAG} characters at most; write \\[ and \\] for "
                          "brackets of the text")  # fmt: skip
    body = body.strip()
    word = body.split(maxsplit=1)[0].casefold() if body else ""
    if word.startswith("/"):
        return Closing(body[1:].strip().casefold())
    if word == "pause":
        return Pause(0, read_seconds(body[len(word) :].strip()))
    if word in SOUNDS:
        if word != body.casefold():
            raise EmottsError(f"[{word}] stands alone; leave out {body[len(word) :].strip()!r}")
        return Sound(0, word)
    return _read_style(body, names)


def is_tag(body: str, names: Collection[str] | None = None) -> bool:
    """True where the text between two brackets would be a tag."""
    try:
        read_tag(body, names)
    except EmottsError:
        return False
    return True


def read_seconds(text: str) -> float:
    """ "0.5s" or "300ms" in seconds, 0…MAX_PAUSE."""
    match = _NUMBER.fullmatch(text)
    unit = match[3].casefold() if match else ""
    if match is None or match[1] or unit not in ("s", "ms"):
        raise EmottsError(f"a pause needs its length as 0.5s or 300ms, not {text!r}")
    seconds = float(match[2]) * (0.001 if unit == "ms" else 1.0)
    if seconds > MAX_PAUSE:
        raise EmottsError(f"a pause of {text} is too long; {MAX_PAUSE:g} s is the most")
    return seconds


def check_emotion(spec: str, names: Collection[str] | None) -> str:
    """An emotion as written, with single spaces.

    names: None allows any name. Raises EmottsError for an unknown name with one that is like
    it, and for a malformed weight.
    """
    spec = " ".join(spec.split())
    known = set(names or ())
    if names is None:
        parts = (part.split(":")[0].strip() for part in spec.split("+"))
        known = {part for part in parts if _NAME.fullmatch(part)}
    parse_emotion(spec, known)
    return spec


def closest(word: str, choices: Iterable[str]) -> str:
    """A choice that may have been meant, as " (did you mean …?)", or nothing."""
    found = difflib.get_close_matches(word.casefold(), list(choices), n=1, cutoff=0.6)
    return f" (did you mean {found[0]}?)" if found else ""


def _read_style(body: str, names: Collection[str] | None) -> Style:
    first = _KEY.search(body)
    spec = (body[: first.start()] if first else body).strip()
    given: dict[str, object] = {}
    if spec or not body:
        given |= _read_spec(spec, body, names)
    place = first.start() if first else len(body)
    while place < len(body):
        match = _KEY.match(body, place)
        if match is None:
            raise EmottsError(f"{body[place:]!r} is not of the form key=value; put words with "
                              "spaces in quotes")  # fmt: skip
        key = match[1].casefold()
        field = _NUMBERS[key][0] if key in _NUMBERS else key
        if field in given:
            raise EmottsError(f"{key} is given twice")
        given[field] = _read_value(key, match[2].strip("\"'").strip(), names)
        place = match.end() + len(body[match.end() :]) - len(body[match.end() :].lstrip())
    return Style(**given)


def _read_spec(spec: str, body: str, names: Collection[str] | None) -> dict[str, object]:
    """ "angry 0.9": an emotion that is known, and perhaps its intensity."""
    given: dict[str, object] = {}
    number = _LAST_NUMBER.search(spec)
    emotion = spec[: number.start()].strip() if number else spec
    if not re.search(r"[^\W\d_]", emotion):
        raise _unknown(emotion, body, names)
    if number:
        given["intensity"] = _read_value("intensity", number[1], names)
    try:
        given["emotion"] = check_emotion(emotion, names or ())
    except EmottsError as error:
        words = {word for name in _vocabulary(names) for word in name.split()}
        if not any(word in words for word in re.findall(r"[^\W\d_]+", emotion.casefold())):
            raise _unknown(emotion, body, names) from None
        raise error
    return given


def _vocabulary(names: Collection[str] | None) -> list[str]:
    return [name.casefold() for name in (*CATEGORIES, *(names or ()), *ALIASES)]


def _unknown(word: str, body: str, names: Collection[str] | None) -> EmottsError:
    like = closest(word, [*_vocabulary(names), *SOUNDS, "pause", *KEYS])
    emotions = ", ".join(dict.fromkeys([*CATEGORIES, *sorted(names or ())[:MAX_LISTED]]))
    if names is not None and len(names) > MAX_LISTED:
        emotions += " and more"
    sounds = ", ".join(f"[{name}]" for name in SOUNDS)
    return EmottsError(
        f"unknown tag{like}; a tag is an emotion ({emotions}), key=value "
        f"({', '.join(KEYS)}), [pause 0.5s], {sounds} or [/]; for brackets in the text write "
        f"\\[{body}\\]"
    )


def _read_value(key: str, text: str, names: Collection[str] | None) -> object:
    if key in _NUMBERS:
        units = _NUMBERS[key][1]
        match = _NUMBER.fullmatch(text)
        if match is None or match[3].casefold() not in units:
            spelled = " or ".join(f"0.5{unit}" for unit in units)
            raise EmottsError(f"{key} is {text!r}; write a number like {spelled}")
        value = float(match[2]) * units[match[3].casefold()]
        return -value if match[1] in ("-", "−") and value else value
    if key not in _WORDS:
        like = closest(key, KEYS)
        raise EmottsError(f"unknown key {key!r}{like}; choose from {', '.join(KEYS)}")
    if not text:
        raise EmottsError(f"{key} is empty; write {key}=… with a value")
    if key == "emotion":
        return check_emotion(text, names)
    if key == "language":
        return check_language(text)
    return text.casefold() if key == "emphasis" else text


def check_language(text: str) -> str:
    """espeak's code of a language in any usual spelling, or EmottsError."""
    from emotts.text.espeak import find_language

    return find_language(text)
