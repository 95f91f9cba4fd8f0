"""Entries of a file as lines of a script: speakers found in the cast, open things filled in."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import ValidationError

from emotts.dubbing.cast import Cast, Character
from emotts.dubbing.readers_cue import Cue, Source
from emotts.dubbing.readers_speakers import Turn, cast_ssml, read_actor, read_how
from emotts.dubbing.script import Line
from emotts.emotion.emotion import MAX_INTENSITY
from emotts.emotion.presets import PRESETS, STYLES
from emotts.errors import EmottsError
from emotts.synthesis.options import Options, check_range
from emotts.text.markup import is_ssml

MAX_LISTED = 10


class LineMaker:
    """Makes lines, and collects characters that nobody knows until `finish`."""

    def __init__(self, source: Source, cast: Cast | None, emotions: Collection[str]):
        self.source, self.cast = source, cast
        self.names = frozenset((*PRESETS, *STYLES, *emotions))
        self._unknown: dict[str, int] = {}

    def actor(self, cue: Cue) -> tuple[str, str]:
        """Speaker and direction of an entry's own fields, "" where they name nobody."""
        return read_actor(cue.speaker)

    def line(self, number: int, cue: Cue, turn: Turn) -> Line | None:
        """The line of one turn, None for an unknown speaker. Raises EmottsError naming the line
        of the file for a value out of range."""
        try:
            return self._line(number, cue, turn)
        except ValidationError as error:
            reasons = "; ".join(f"{e['loc'][0]}: {e['msg']}" for e in error.errors())
            raise self.source.error(cue.row, reasons) from None
        except EmottsError as error:
            raise self.source.error(cue.row, error) from None

    def finish(self) -> None:
        """Raise EmottsError for speakers that the cast does not know, with their first lines."""
        if not self._unknown or self.cast is None:
            return
        found = list(self._unknown.items())
        listed = ", ".join(
            f"{name!r} (line {row})" if name else f"nobody named (line {row})"
            for name, row in found[:MAX_LISTED]
        )
        more = f" and {len(found) - MAX_LISTED} more" if len(found) > MAX_LISTED else ""
        raise EmottsError(
            f"unknown characters in {self.source.path}: {listed}{more}; choose from "
            f"{', '.join(self.cast.characters)}, or give the cast a default"
        )

    def _line(self, number: int, cue: Cue, turn: Turn) -> Line | None:
        emotion, intensity, extra = cue.emotion, cue.intensity, dict(cue.extra)
        felt = read_how(emotion, self.names) if emotion else None
        if felt is not None:
            emotion, intensity = felt[0], felt[1] if intensity is None else intensity
        if turn.how:
            felt = read_how(turn.how, self.names)
            if felt is None:
                self.source.warn(cue.row, f"({turn.how}) is no emotion and is left out")
                extra["direction"] = turn.how
            elif emotion is None:
                emotion, intensity = felt[0], felt[1] if intensity is None else intensity
        speaker, text = turn.speaker, turn.text
        if self.cast is not None and is_ssml(text):
            text, named = cast_ssml(text, self.cast)
            speaker = speaker or named
        if not speaker and cue.style:
            speaker, felt = self._style(cue.style)
            if felt is not None and emotion is None:
                emotion, intensity = felt[0], felt[1] if intensity is None else intensity
        given = {
            "emotion": emotion, "intensity": intensity, "voice": cue.voice, "rate": cue.rate,
            "pitch": cue.pitch, "energy": cue.energy, "seed": cue.seed, "extra": extra,
        }  # fmt: skip
        if self.cast is not None:
            name = self._known(speaker, cue.row)
            if name is None:
                return None
            speaker, given = name, _filled(given, self.cast.characters[name])
        line = Line(
            number=number, start=cue.start, end=cue.end, character=speaker, text=text,
            source_line=cue.row, **given,
        )  # fmt: skip
        _check(line)
        return line

    def _style(self, style: str) -> tuple[str, tuple[str, float | None] | None]:
        """Speaker and emotion of an ASS style: a character, an emotion, or one and the other as in
        "Anna-angry"; without a cast any other style is a speaker."""
        spaced = " ".join(style.replace("_", " ").replace("-", " ").split())
        felt = read_how(spaced, self.names)
        if self.cast is None:
            return ("", felt) if felt else (style, None)
        words = spaced.split()
        for cut in range(len(words), 0, -1):
            name = self.cast.name_of(" ".join(words[:cut]))
            rest = " ".join(words[cut:])
            if name is not None and (not rest or read_how(rest, self.names)):
                return name, read_how(rest, self.names) if rest else None
        return "", felt

    def _known(self, speaker: str, row: int) -> str | None:
        try:
            name, _ = self.cast.find(speaker)
        except EmottsError:
            self._unknown.setdefault(speaker, row)
            return None
        if speaker and self.cast.name_of(speaker) is None:
            self.source.warn(row, f"unknown character {speaker!r}, spoken by {name}")
        return name


def _filled(given: dict, character: Character) -> dict:
    """What a line leaves open, from its character."""
    filled = dict(given)
    filled["voice"] = given["voice"] or character.voice
    if given["emotion"] is None:
        filled["emotion"] = character.emotion
        if given["intensity"] is None:
            filled["intensity"] = character.intensity
    if character.rate != 1:
        filled["rate"] = character.rate * (given["rate"] or 1.0)
    for name in ("pitch", "energy"):
        usual = getattr(character, name)
        if usual:
            filled[name] = usual + (given[name] or 0.0)
    if character.language is not None:
        filled["extra"] = {"language": character.language, **given["extra"]}
    return filled


def _check(line: Line) -> None:
    """Raise EmottsError for what the synthesizer would refuse whatever its models are."""
    wishes = line.wishes()
    wishes.pop("voice", None), wishes.pop("emotion", None)
    intensity = wishes.pop("intensity", None)
    if intensity is not None:
        check_range("intensity", intensity, 0.0, MAX_INTENSITY)
        if line.emotion is None:
            raise EmottsError("an intensity needs an emotion, on the line or of its character")
    if wishes:
        Options.of(wishes)
