"""Marked text: what is said, and which characters of it are said how.

Inline markup (`emotts.text.inline`) and SSML (`emotts.text.ssml`) are both read into it.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields

from emotts.emotion.emotion import MAX_INTENSITY
from emotts.errors import EmottsError

EMPHASES = ("none", "reduced", "moderate", "strong")
SOUNDS = ("laugh", "sigh", "breath")
SILENT = -math.inf  # the energy of what SSML calls volume="silent"
MAX_PAUSE = 20.0
MAX_NESTING = 32
RANGES = {
    "intensity": (0.0, MAX_INTENSITY),
    "rate": (0.5, 2.0),
    "pitch": (-12.0, 12.0),
    "pitch_range": (0.0, 3.0),
    "energy": (-20.0, 20.0),
}
OVERRIDE = re.compile(r"\[\[[^\[\]]*\]\]")  # phonemes in text: [[həlˈoʊ]]
# Removed by normalisation; keeps brackets of the text from reading as an override.
_JOINER = "\u2060"
_SSML = ("<speak", "<?xml", "<!DOCTYPE")


@dataclass(frozen=True)
class Style:
    """How a part of a text is said; None leaves a thing as it is around the part.

    emotion: as for `parse_emotion` ("happy:0.6+sad:0.4"); intensity: 0…1.5; emphasis: one of
    EMPHASES; rate: tempo factor, 0.5…2; pitch: semitones, ±12; pitch_range: factor, 0…3;
    energy: dB, ±20 or SILENT; voice and language: names. Raises EmottsError for other values.
    """

    emotion: str | None = None
    intensity: float | None = None
    emphasis: str | None = None
    rate: float | None = None
    pitch: float | None = None
    pitch_range: float | None = None
    energy: float | None = None
    voice: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if value is None or low <= value <= high or (name == "energy" and value == SILENT):
                continue
            shown = name.replace("_", " ")
            raise EmottsError(f"{shown} is {value:.6g}; it must lie between {low:g} and {high:g}")
        if self.emphasis is not None and self.emphasis not in EMPHASES:
            choices = ", ".join(EMPHASES)
            raise EmottsError(f"unknown emphasis {self.emphasis!r}; choose from {choices}")

    def within(self, outer: Style) -> Style:
        """This style inside an outer one: what it leaves open is the outer's."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return dataclasses.replace(outer, **{k: v for k, v in given.items() if v is not None})


@dataclass(frozen=True)
class Mark:
    """A style for the characters from start to before end."""

    start: int
    end: int
    style: Style


@dataclass(frozen=True)
class Pause:
    """Silence before the character `at`; 0 seconds asks for no pause where there would be one."""

    at: int
    seconds: float


@dataclass(frozen=True)
class Sound:
    """A laugh, sigh or breath before the character `at`, in the style that its tag stands in."""

    at: int
    name: str
    style: Style = Style()


@dataclass(frozen=True)
class MarkedText:
    """Plain text without tags, where phonemes given as [[…]] stay, and what tags say about it.

    marks: in document order, the outer before the inner. Places count characters of `text`.
    Raises EmottsError for a place outside the text.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    pauses: tuple[Pause, ...] = ()
    sounds: tuple[Sound, ...] = ()

    def __post_init__(self) -> None:
        for mark in self.marks:
            self._check(mark.start, mark.end)
        for event in (*self.pauses, *self.sounds):
            self._check(event.at, event.at)

    @classmethod
    def plain(cls, text: str) -> MarkedText:
        """Text as it stands: brackets and stars in it are no markup."""
        return cls(text)

    @property
    def is_plain(self) -> bool:
        """True where nothing but the text is asked for."""
        return not (self.marks or self.pauses or self.sounds)

    def style_at(self, i: int) -> Style:
        """The style of character i: all its marks, of which the inner wins field by field."""
        style = Style()
        for mark in self.marks:
            if mark.start <= i < mark.end:
                style = mark.style.within(style)
        return style

    def runs(self) -> tuple[tuple[int, int, Style], ...]:
        """The text cut into (start, end, style): longest parts of one style, without gaps."""
        if not self.text:
            return ()
        changes: dict[int, list[int]] = {0: []}
        for number, mark in enumerate(self.marks):
            if mark.start < mark.end:
                changes.setdefault(mark.start, []).append(number)
                changes.setdefault(mark.end, []).append(number)
        places = sorted(changes)
        active: set[int] = set()
        runs: list[tuple[int, int, Style]] = []
        for start, end in zip(places, [*places[1:], len(self.text)], strict=True):
            active.symmetric_difference_update(changes[start])
            style = Style()
            for number in sorted(active):
                style = self.marks[number].style.within(style)
            if start == end:
                continue
            if runs and runs[-1][2] == style:
                start = runs.pop()[0]
            runs.append((start, end, style))
        return tuple(runs)

    def slice(self, start: int, end: int) -> MarkedText:
        """The characters from start to before end with what is said about them.

        Cutting a text into neighbouring slices gives each pause and sound to one of them: to
        the slice that begins where it stands, or at the end of the text to the last one.
        Raises EmottsError for a place outside the text.
        """
        self._check(start, end)
        last = end if end == len(self.text) else end - 1
        clipped = (
            Mark(max(m.start, start) - start, min(m.end, end) - start, m.style)
            for m in self.marks
        )  # fmt: skip
        return MarkedText(
            self.text[start:end],
            tuple(mark for mark in clipped if mark.start < mark.end),
            tuple(_moved(self.pauses, start, last)),
            tuple(_moved(self.sounds, start, last)),
        )

    def _check(self, start: int, end: int) -> None:
        if not 0 <= start <= end <= len(self.text):
            raise EmottsError(
                f"characters {start} to {end} are no part of a text of {len(self.text)} "
                "characters; give 0 ≤ start ≤ end ≤ length"
            )


def _moved(events: tuple, start: int, last: int) -> Iterator:
    return (dataclasses.replace(e, at=e.at - start) for e in events if start <= e.at <= last)


def is_ssml(text: str) -> bool:
    """True where a text is read as SSML: it begins with <speak, or as XML files do."""
    return text.lstrip("\ufeff \t\r\n\f\v").startswith(_SSML)


def read_text(
    text: str, names: Collection[str] | None = None, language: str = "en-us"
) -> MarkedText:
    """Read markup: SSML where the text begins with <speak, otherwise inline.

    names: learnt emotions and presets beside the eight categories; None allows any name where
    the markup says that it is an emotion. language: of the text where it does not say so itself.
    Raises EmottsError naming the place of what is malformed, and the valid choices.
    """
    if is_ssml(text):
        from emotts.text.ssml import parse_ssml

        return parse_ssml(text, names, language)
    from emotts.text.inline import parse_inline

    return parse_inline(text, names)


class MarkedTextBuilder:
    """Collects text, styles, pauses and sounds in document order; `build` gives the result."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._last = ""
        self._gap = ""
        self._slots: list[tuple[list[int], Style]] = []
        self._open: list[tuple[int, Style]] = []
        self._pauses: list[Pause] = []
        self._sounds: list[Sound] = []

    @property
    def style(self) -> Style:
        """All open styles, the inner in the outer."""
        return self._open[-1][1] if self._open else Style()

    @property
    def extent(self) -> int:
        """Grows with all that is put in."""
        return self._length + len(self._pauses) + len(self._sounds)

    def open(self, style: Style) -> None:
        """Begin a style; an emotion named anew does not inherit the intensity of another."""
        outer = self.style
        if style.emotion is not None and style.intensity is None and outer.intensity is not None:
            style = dataclasses.replace(style, intensity=1.0)
        if len(self._open) == MAX_NESTING:
            raise EmottsError(f"more than {MAX_NESTING} tags are open; close some of them")
        self._open.append((len(self._slots), style.within(outer)))
        self._slots.append(([], style))

    def close(self) -> None:
        """End the innermost style."""
        slot, _ = self._open.pop()
        if self._slots[slot][0]:
            self._slots[slot][0].append(self._length)

    def separate(self, gap: str = " ") -> None:
        """Keep what comes next apart from the text so far; of several gaps the longest stays."""
        self._gap = max(self._gap, gap, key=len)

    def put(self, text: str) -> None:
        """Append text; styles opened since the last text begin with it, after any gap."""
        if not text:
            return
        if self._last and not self._last.isspace() and not text[0].isspace() and self._gap:
            self._append(self._gap)
        if self._last == "[" and text[0] == "[":
            text = _JOINER + text
        self._gap = ""
        for slot, _ in self._open:
            if not self._slots[slot][0]:
                self._slots[slot][0].append(self._length)
        self._append(text)

    def put_literally(self, text: str) -> None:
        """Append text in which brackets mean nothing."""
        self.put(re.sub(r"\[(?=\[)", "[" + _JOINER, text))

    def pause(self, seconds: float) -> None:
        if not 0 <= seconds <= MAX_PAUSE:
            raise EmottsError(
                f"a pause of {seconds:g} s is too long; it must lie between 0 and {MAX_PAUSE:g} s"
            )
        self._pauses.append(Pause(self._length, seconds))
        self.separate()

    def sound(self, name: str) -> None:
        self._sounds.append(Sound(self._length, name, self.style))
        self.separate()

    def build(self) -> MarkedText:
        marks = (Mark(*ends, style) for ends, style in self._slots if ends)
        text = "".join(self._parts)
        return MarkedText(text, tuple(marks), tuple(self._pauses), tuple(self._sounds))

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        self._last = text[-1]
