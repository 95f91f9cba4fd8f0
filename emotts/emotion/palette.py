"""Palette: every name, mix and affect a user can ask for, as vectors of one emotion space."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

import numpy as np

from emotts.emotion.affect import Affect, affect_of, vector_of
from emotts.emotion.emotion import MAX_INTENSITY, Emotion
from emotts.emotion.parse import (
    MOST_SUPPRESSION,
    Part,
    check_total,
    format_parts,
    known_names,
    parse_emotion,
    plain,
)
from emotts.emotion.presets import PRESETS, STYLES
from emotts.emotion.space import EmotionSpace
from emotts.emotion.suppression import suppress
from emotts.emotion.track import EmotionTrack
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

Kind = Literal["supervised", "unsupervised"]
Spec = str | Emotion | Affect | Sequence[Part] | None


class Palette:
    """What can be asked of an emotion space.

    learned: name → (dim,), learnt emotions (`emotts.emotion.learned`). kind: which directions the
    categories have. calibrated: False leaves out the space's calibration, which belongs to the
    supervised directions only. Raises EmottsError for directions the space does not have, and for
    learnt emotions of another size or with a name that is taken.
    """

    def __init__(
        self,
        space: EmotionSpace,
        learned: Mapping[str, np.ndarray] | None = None,
        kind: Kind = "supervised",
        calibrated: bool = True,
    ):
        if kind not in get_args(Kind):
            raise EmottsError(f"directions are {' or '.join(get_args(Kind))}, not {kind!r}")
        self.space, self.kind = space, kind
        self.directions = dict(space.directions if kind == "supervised" else space.unsupervised)
        if kind == "unsupervised" and not self.directions:
            raise EmottsError("this emotion space has no unsupervised directions; use supervised")
        self.calibrated = calibrated and kind == "supervised"
        self._styles: dict[str, np.ndarray] = {}
        self.learned = {k: _learned(k, v, space.dim) for k, v in (learned or {}).items()}

    @property
    def emotions(self) -> tuple[str, ...]:
        """The categories, neutral first."""
        return tuple(k for k in CATEGORIES if k == "neutral" or k in self.directions)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that can be named: categories, learnt emotions, presets, styles."""
        known = self.emotions
        usable = [k for k, parts in PRESETS.items() if all(p.name in known for p in parts)]
        return (*known, *sorted(self.learned), *usable, *STYLES)

    def parts(self, spec: Spec, intensity: float | None = None) -> tuple[Part, ...]:
        """Return a mix as categories, learnt emotions and styles, each once, presets unfolded.

        spec: "happy:0.6+sad:0.4", "very angry", an Emotion, parts, or None for neutral.
        intensity: times every weight; a single emotion that has a weight of its own takes no
        second one. Neutral and weights of 0 fall away, so intensity 0 is an empty mix. Negative
        weights, which suppress, stand behind the others. The order does not depend on the order
        in which they were asked for.
        Raises EmottsError for unknown names and weights out of range; an Affect is no mix.
        """
        if isinstance(spec, Affect):
            raise EmottsError("an affect is a place and not a mix of named emotions; ask for names")
        asked = self._asked(spec)
        text = format_parts(asked)
        if intensity is not None:
            intensity = _checked_intensity(intensity)
            only = asked[0].weight if len(asked) == 1 else 1.0
            if only not in (1.0, intensity):
                raise EmottsError(
                    f"the intensity is given twice, as {text} and as {intensity:g}; give it once"
                )
            if only == 1.0:
                asked = tuple(Part(name, weight * intensity) for name, weight in asked)
        merged = self._merged(asked)
        check_total(merged, text)
        return merged

    def vector(self, spec: Spec, intensity: float | None = None) -> np.ndarray:
        """Return the offset (dim,) float32 of a mix: Σ w·g(w)·d, then what is suppressed taken out.

        spec, intensity: see `parts`; for an Affect, intensity scales its vector. Exact zeros for
        neutral and intensity 0.
        """
        if isinstance(spec, Affect):
            factor = 1.0 if intensity is None else max(_checked_intensity(intensity), 0.0)
            return _scaled(self.affect_vector(*spec), factor)
        total = np.zeros(self.space.dim, dtype=np.float32)
        for name, weight in self.parts(spec, intensity):
            if weight > 0:
                total = total + self._weighted(name, weight)
            else:
                total = suppress(total, self._weighted(name, 1.0), -weight)
        return total

    def suppress(self, vectors: np.ndarray, name: str, amount: float) -> np.ndarray:
        """Take a share (0…1) of an emotion out of offsets (..., dim); see `suppression`.

        name: anything of `names` but neutral, a preset included.
        """
        direction = self.vector(name)
        if not direction.any():
            raise EmottsError(f"{name} is no offset from neutral and cannot be suppressed")
        return suppress(vectors, direction, amount)

    def track(self, spec: Spec, intensity: float | None = None) -> EmotionTrack:
        """Return `vector` as a track that holds it from beginning to end."""
        return EmotionTrack.constant(self.vector(spec, intensity))

    def affect_vector(
        self,
        valence: float | None = None,
        arousal: float | None = None,
        dominance: float | None = None,
    ) -> np.ndarray:
        """Return the offset (dim,) of an affect, any subset; see `emotts.emotion.affect`."""
        return vector_of(self.space, valence, arousal, dominance)

    def affect(self, vector: np.ndarray) -> Affect:
        """Return the affect of an offset (dim,)."""
        return affect_of(vector, self.space)

    def _asked(self, spec: Spec) -> tuple[Part, ...]:
        if spec is None:
            return (Part("neutral"),)
        if isinstance(spec, Emotion):
            return (Part(spec.name, spec.intensity),)
        if isinstance(spec, str):
            return parse_emotion(spec, self.names)
        known = known_names(self.names)
        # What a part may hold is what its text may hold, so its text is what is checked.
        return tuple(Part(*parse_emotion(f"{Part(*part)}", known.values())[0]) for part in spec)

    def _merged(self, asked: Iterable[Part]) -> tuple[Part, ...]:
        weights: dict[tuple[bool, str], list[float]] = {}
        for name, weight in asked:
            for base, share in self._unfolded(name, weight):
                if base != "neutral" and share != 0:
                    weights.setdefault((share < 0, base), []).append(share)
        places = {name: place for place, name in enumerate(CATEGORIES)}
        order = sorted(weights, key=lambda k: (k[0], places.get(k[1], len(places)), k[1]))
        sums = {key: math.fsum(weights[key]) for key in order}
        return tuple(Part(name, max(sums[less, name], MOST_SUPPRESSION)) for less, name in order)

    def _unfolded(self, name: str, weight: float) -> tuple[Part, ...]:
        """Base parts of a name; a category the space lacks is refused here."""
        if name in self.learned or name in STYLES:
            return (Part(name, weight),)
        if name in PRESETS:
            if weight < 0:
                raise EmottsError(
                    f"{name} is a mix; suppress one of its parts: {format_parts(PRESETS[name])}"
                )
            return tuple(Part(base, share * weight) for base, share in PRESETS[name])
        if name not in self.emotions:
            raise EmottsError(
                f"this emotion space has no {name!r}; choose from {', '.join(self.emotions)}"
            )
        return (Part(name, weight),)

    def _weighted(self, name: str, weight: float) -> np.ndarray:
        """w·g(w)·d of a category, w·d of a learnt emotion or a style."""
        if name in self.learned:
            return _scaled(self.learned[name], weight)
        if name in STYLES:
            if name not in self._styles:
                self._styles[name] = self.affect_vector(*STYLES[name])
            return _scaled(self._styles[name], weight)
        gain = self.space.gain(name, weight) if self.calibrated else 1.0
        return _scaled(self.directions[name], weight * gain)


def _scaled(vector: np.ndarray, factor: float) -> np.ndarray:
    return np.float32(factor) * vector + np.float32(0)  # −0 becomes 0


def _learned(name: str, vector: np.ndarray, dim: int) -> np.ndarray:
    vector = np.asarray(vector, dtype=np.float32)
    if vector.shape != (dim,) or not np.isfinite(vector).all():
        raise EmottsError(
            f"the learnt emotion {name!r} has shape {vector.shape} where these checkpoints need "
            f"({dim},) finite numbers; learn it anew with them"
        )
    if plain(name) in known_names([*PRESETS, *STYLES]):
        raise EmottsError(f"{name!r} is the name of an emotion that ships; rename the learnt one")
    return vector


def _checked_intensity(value: float) -> float:
    try:
        intensity = float(value)
    except (TypeError, ValueError):
        intensity = math.nan
    if isinstance(value, bool) or not MOST_SUPPRESSION <= intensity <= MAX_INTENSITY:
        raise EmottsError(
            f"the intensity must be a number from {MOST_SUPPRESSION:g} (suppressed) to "
            f"{MAX_INTENSITY}, not {value}"
        )
    return intensity
