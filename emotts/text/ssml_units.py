"""Values of SSML attributes: times, rates, pitches, volumes, degrees of a style.

After the W3C recommendation Speech Synthesis Markup Language 1.1 (2010), sections 3.2.3 and
3.2.4; `styledegree` and the lengths of breaks as Azure documents them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from emotts.errors import EmottsError
from emotts.text.markup import MAX_PAUSE, SILENT, Style

BREAKS = {
    "none": 0.0, "x-weak": 0.25, "weak": 0.5, "medium": 0.75, "strong": 1.0, "x-strong": 1.25,
}  # fmt: skip
RATES = {"x-slow": 0.5, "slow": 0.64, "medium": 1.0, "fast": 1.55, "x-fast": 2.0, "default": 1.0}
PITCHES = {"x-low": -6.0, "low": -3.0, "medium": 0.0, "high": 3.0, "x-high": 6.0, "default": 0.0}
PITCH_RANGES = {
    "x-low": 0.4, "low": 0.7, "medium": 1.0, "high": 1.4, "x-high": 1.8, "default": 1.0,
}  # fmt: skip
VOLUMES = {
    "silent": SILENT, "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "loud": 6.0, "x-loud": 12.0,
    "default": 0.0,
}  # fmt: skip
_NUMBER = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)\s*(%|st|Hz|dB|ms|s|)", re.ASCII | re.IGNORECASE)


def read_break(attributes: Mapping[str, str]) -> float:
    """The seconds of a <break>; a time wins over a strength, and neither is "medium"."""
    seconds = _label("strength", attributes.get("strength", "medium"), BREAKS)
    if "time" not in attributes:
        return seconds
    sign, number, unit = _parts(attributes["time"])
    if sign or unit not in ("s", "ms"):
        raise EmottsError(f"time is {attributes['time']!r}; write it like 500ms or 2s")
    seconds = number / 1000 if unit == "ms" else number
    if seconds > MAX_PAUSE:
        raise EmottsError(f"time is {attributes['time']!r}; {MAX_PAUSE:g}s is the most")
    return seconds


def read_degree(text: str) -> float:
    """The intensity for a styledegree of 0.01…2, of which 1 is the usual strength.

    Up to 1 they are the same; from there to 2 the intensity goes to 1.5.
    """
    sign, number, unit = _parts(text)
    if sign == "-" or unit or not 0.01 <= number <= 2:
        raise EmottsError(f"styledegree is {text!r}; write a number from 0.01 to 2")
    return number if number <= 1 else (number + 1) / 2


def read_prosody(attributes: Mapping[str, str], outer: Style) -> Style:
    """The style of a <prosody>; signed values are changes to what the outer style sets."""
    if not attributes:
        raise EmottsError("it changes nothing; give rate, pitch, range or volume")
    given: dict[str, float] = {}
    if "rate" in attributes:
        given["rate"] = _rate(attributes["rate"], _or(outer.rate, 1.0))
    if "pitch" in attributes:
        given["pitch"] = _pitch(attributes["pitch"], _or(outer.pitch, 0.0))
    if "range" in attributes:
        given["pitch_range"] = _pitch_range(attributes["range"], _or(outer.pitch_range, 1.0))
    if "volume" in attributes:
        given["energy"] = _volume(attributes["volume"], _or(outer.energy, 0.0))
    return Style(**given)


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _rate(text: str, outer: float) -> float:
    sign, number, unit = _parts(text)
    if unit == "%":
        return outer * _changed(sign, number) if sign else number / 100
    if unit == "" and not sign and not math.isnan(number):
        return number
    return _label("rate", text, RATES, "120% (of the usual), +20% (of what is around it)")


def _pitch(text: str, outer: float) -> float:
    sign, number, unit = _parts(text)
    if unit == "hz":
        raise EmottsError(f"pitch is {text!r}; a pitch in Hz depends on the voice: write the "
                          "change in semitones (+2st) or percent (+10%)")  # fmt: skip
    if sign and unit == "st":
        return outer + (-number if sign == "-" else number)
    if sign and unit == "%":
        factor = _changed(sign, number)
        return outer + 12 * math.log2(factor) if factor > 0 else -math.inf
    return _label("pitch", text, PITCHES, "+2st, -10%")


def _pitch_range(text: str, outer: float) -> float:
    sign, number, unit = _parts(text)
    if sign and unit == "%":
        return outer * _changed(sign, number)
    return _label("range", text, PITCH_RANGES, "+20%, -20%")


def _volume(text: str, outer: float) -> float:
    sign, number, unit = _parts(text)
    if sign and unit == "db":
        return outer + (-number if sign == "-" else number)
    return _label("volume", text, VOLUMES, "+6dB, -6dB")


def _parts(text: str) -> tuple[str, float, str]:
    """Sign, number and unit in lower case; NaN where the text is no number."""
    match = _NUMBER.fullmatch(text.strip())
    return (match[1], float(match[2]), match[3].lower()) if match else ("", math.nan, "?")


def _changed(sign: str, percent: float) -> float:
    return 1 + (-percent if sign == "-" else percent) / 100


def _label(name: str, text: str, labels: Mapping[str, float], numbers: str = "") -> float:
    word = text.strip().lower()
    if word not in labels:
        choices = ", ".join(labels) + (f" or a value like {numbers}" if numbers else "")
        raise EmottsError(f"{name} is {text!r}; choose from {choices}")
    return labels[word]
