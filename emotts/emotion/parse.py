"""Emotions in words: "happy", "happy:0.6+sad:0.4", "slightly happy", "sad+angry:-0.5"."""

import difflib
import math
import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from emotts.emotion.adverbs import ADVERBS
from emotts.emotion.emotion import MAX_INTENSITY
from emotts.emotion.vocabulary import ALIASES, CATEGORIES
from emotts.errors import EmottsError

MOST_SUPPRESSION = -1.0
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
# A plus that joins parts is not the sign of a number, which stands behind its colon.
_PLUS = re.compile(r"(?<!:)(?<!: )\+")


class Part(NamedTuple):
    """An emotion and its weight: 0…1.5, or below 0 to −1, which suppresses it in the others."""

    name: str
    weight: float = 1.0

    def __str__(self) -> str:
        return f"{self.name}:{_decimal(self.weight)}"


def parse_emotion(text: str, names: Collection[str] = ()) -> tuple[Part, ...]:
    """Read a mix of emotions.

    Parts are joined by "+". A part is a name with a weight ("happy:0.6") or behind one adverb of
    `ADVERBS` ("very happy"). A single name alone weighs 1; in a mix either every part has a weight
    or none, and then they share 1 equally: "happy+sad" is half of each. A negative weight
    suppresses: "sad+angry:-0.5" would mix the two rules, so write "sad:1+angry:-0.5".

    names: what may be named beside the categories and their aliases, such as learnt emotions and
    presets; case, hyphens and underscores do not matter. Aliases come back as their category.
    Raises EmottsError naming the part, for an unknown name, a weight that is no number from −1 to
    1.5, positive weights that add up to more than 1.5, or a part that is weighted twice.
    """
    known = known_names(names)
    written = [piece.strip() for piece in _PLUS.split(str(text))]
    if not all(written):
        raise EmottsError(f"an emotion is missing in {text!r}; write for example happy:0.6+sad:0.4")
    found = [_part(piece, known, str(text)) for piece in written]
    given = [weight is not None for _, weight in found]
    if len(found) > 1 and any(given) and not all(given):
        bare = found[given.index(False)][0]
        raise EmottsError(f"{bare} has no weight in {text!r}; give every part a weight, or none")
    share = 1.0 / len(found)
    parts = tuple(Part(name, share if weight is None else weight) for name, weight in found)
    check_total(parts, str(text))
    return parts


def format_parts(parts: Iterable[Part]) -> str:
    """Write parts so that `parse_emotion` gives the same back."""
    parts = tuple(parts)
    if len(parts) == 1 and parts[0].weight == 1:
        return parts[0].name
    return "+".join(str(part) for part in parts)


def check_total(parts: Iterable[Part], text: str) -> None:
    """Raise EmottsError if the positive weights add up to more than the highest intensity."""
    total = math.fsum(part.weight for part in parts if part.weight > 0)
    if total > MAX_INTENSITY + 1e-9:
        raise EmottsError(
            f"the weights of {text!r} add up to {total:.3g}; together they may reach "
            f"{MAX_INTENSITY}"
        )


def plain(name: str) -> str:
    """A name without case, and with single spaces for hyphens, underscores and spaces."""
    return " ".join(str(name).replace("_", " ").replace("-", " ").split()).lower()


def known_names(names: Collection[str]) -> dict[str, str]:
    """Plain spelling → name, for the categories, their aliases and further names.

    A category or an alias wins over a further name that is spelt the same.
    """
    known = {plain(name): name for name in names}
    return {**known, **ALIASES, **{name: name for name in CATEGORIES}}


def _part(piece: str, known: Mapping[str, str], text: str) -> tuple[str, float | None]:
    """Name and weight of one part; None where no weight is given."""
    words, colon, number = (x.strip() for x in piece.partition(":"))
    name, adverb = _name(words, known, text)
    if not colon:
        return name, None if adverb is None else ADVERBS[adverb]
    if adverb is not None:
        raise EmottsError(f"{piece!r} is weighted twice, by {adverb!r} and by a number; keep one")
    weight = float(number) if _NUMBER.fullmatch(number) else math.nan
    if not MOST_SUPPRESSION <= weight <= MAX_INTENSITY:
        raise EmottsError(
            f"the weight of {name} must be a number from {MOST_SUPPRESSION:g} (suppressed) to "
            f"{MAX_INTENSITY}, not {number!r}"
        )
    return name, weight + 0.0  # −0 is 0


def _name(words: str, known: Mapping[str, str], text: str) -> tuple[str, str | None]:
    """The name that words stand for and the adverb before it."""
    spelt = plain(words)
    if spelt in known:
        return known[spelt], None
    for adverb in ADVERBS:
        rest = spelt.removeprefix(adverb + " ")
        if rest != spelt and rest in known:
            return known[rest], adverb
    raise EmottsError(_unknown(spelt, known, text))


def _unknown(spelt: str, known: Mapping[str, str], text: str) -> str:
    where = "" if plain(text) == spelt else f" in {text!r}"
    near = difflib.get_close_matches(spelt.split()[-1] if spelt else "", known, n=1)
    hint = f"did you mean {known[near[0]]}? " if near else ""
    more = len(set(known.values()) - set(CATEGORIES))
    others = f" and {more} more names" if more else ""
    return f"unknown emotion {spelt!r}{where}; {hint}choose from {', '.join(CATEGORIES)}{others}"


def _decimal(weight: float) -> str:
    """The shortest number that reads back as the same, without a needless .0."""
    return repr(float(weight)).removesuffix(".0")
