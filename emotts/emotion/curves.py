"""Curves: an emotion that changes over the utterance, written as knots."""

import re

from emotts.emotion.palette import Palette
from emotts.emotion.track import EmotionTrack, Interpolation
from emotts.errors import EmottsError

_KNOT = re.compile(
    r"\s*(?P<number>\d+(\.\d*)?|\.\d+)\s*(?P<unit>%|s)\s*:(?P<emotion>.*)", re.DOTALL
)
_UNITS = {"%": ("fraction", 100.0), "s": ("seconds", 1.0)}


def parse_curve(
    text: str, palette: Palette, interpolation: Interpolation = "linear"
) -> EmotionTrack:
    """Read "0%:neutral, 60%:happy:0.5, 100%:very happy" as a track, exact at the knots.

    A knot is a place and an emotion as `Palette.vector` reads it; places are all in percent of
    the utterance or all in seconds ("1.5s:sad"), and do not fall; two alike are a jump. The first
    and last emotion are held outside. Raises EmottsError naming the knot.
    """
    knots = [_knot(piece, text) for piece in str(text).split(",")]
    units = {unit for _, unit, _ in knots}
    if len(units) > 1:
        raise EmottsError(f"the curve {text!r} mixes percent and seconds; use one of them")
    unit, scale = _UNITS[units.pop()]
    places = [number for number, _, _ in knots]
    for before, after in zip(places, places[1:], strict=False):
        if after < before:
            raise EmottsError(
                f"the curve {text!r} goes back from {before:g} to {after:g}; order its knots"
            )
    vectors = []
    for number, sign, emotion in knots:
        if sign == "%" and number > 100:
            raise EmottsError(f"the curve {text!r} has a knot at {number:g}%; the end is 100%")
        try:
            vectors.append(palette.vector(emotion))
        except EmottsError as error:
            raise EmottsError(f"the curve's knot at {number:g}{sign}: {error}") from error
    return EmotionTrack([place / scale for place in places], vectors, unit, interpolation)


def _knot(piece: str, text: str) -> tuple[float, str, str]:
    found = _KNOT.fullmatch(piece)
    if not found or not found["emotion"].strip():
        raise EmottsError(
            f"the curve {text!r} has no knot in {piece.strip()!r}; write a place and an emotion, "
            "such as 60%:happy:0.5 or 1.5s:sad"
        )
    return float(found["number"]), found["unit"], found["emotion"].strip()
