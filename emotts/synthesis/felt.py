"""What a user asks to be felt, as weighted emotion tracks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from emotts.emotion.affect import Affect
from emotts.emotion.palette import Palette
from emotts.emotion.parse import Part
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError
from emotts.synthesis.options import Options


@dataclass(frozen=True)
class Feeling:
    """A track and its weight among those that are mixed; steers: see `Course`."""

    track: EmotionTrack
    weight: float = 1.0
    steers: bool = False


def compile_feelings(
    palette: Palette, emotion: object, intensity: float | None, options: Options,
    prototypes: Mapping[str, np.ndarray],
) -> tuple[Feeling, ...]:  # fmt: skip
    """Feelings of a whole text.

    emotion: words ("happy", "happy:0.6+sad:0.4", "very angry"), an Emotion, an Affect or a mapping
    with valence, arousal or dominance, an EmotionTrack, or None for neutral; intensity scales a
    track and is that of words and Emotions. prototypes: real clips' offsets by category.
    Raises EmottsError for anything else.
    """
    if isinstance(emotion, Mapping):
        unknown = set(emotion) - set(Affect._fields)
        if unknown:
            raise EmottsError(
                f"affect has no {sorted(unknown)[0]!r}; choose from {', '.join(Affect._fields)}"
            )
        track = EmotionTrack.constant(palette.affect_vector(**emotion))
        feelings = [Feeling(track if intensity is None else track.scale(intensity))]
    elif isinstance(emotion, Affect):
        return compile_feelings(palette, emotion._asdict(), intensity, options, prototypes)
    elif isinstance(emotion, EmotionTrack):
        if emotion.dim != palette.space.dim:
            raise EmottsError(
                f"the emotion track has {emotion.dim} dimensions where these checkpoints have "
                f"{palette.space.dim}"
            )
        feelings = [Feeling(emotion if intensity is None else emotion.scale(intensity))]
    else:
        feelings = _of_words(palette, emotion, intensity, options, prototypes)
    return (*(_without(palette, f, options) for f in feelings), *_away(palette, options))


def _of_words(palette, emotion, intensity, options, prototypes) -> list[Feeling]:
    words = "neutral" if emotion is None else emotion
    vector = palette.vector(words, intensity)
    parts = palette.parts(words, intensity)
    if len(parts) < 2 or options.mixing == "embedding" or not vector.any():
        return [Feeling(EmotionTrack.constant(vector))]
    if options.mixing == "prototype":
        from emotts.emotion.prototypes import interpolate_prototypes

        if not prototypes:
            raise EmottsError(
                "these checkpoints hold no prototypes; use mixing='embedding' or 'velocity'"
            )
        return [Feeling(EmotionTrack.constant(interpolate_prototypes(prototypes, parts)))]
    less = [part for part in parts if part.weight < 0]
    return [
        Feeling(EmotionTrack.constant(palette.vector([Part(part.name), *less])), part.weight)
        for part in parts
        if part.weight > 0
    ]


def _without(palette: Palette, feeling: Feeling, options: Options) -> Feeling:
    """The feeling after what is to be suppressed has been taken out."""
    vectors = feeling.track.vectors
    for name, amount in options.suppress.items():
        vectors = palette.suppress(vectors, name, amount)
    track = EmotionTrack(
        feeling.track.positions, vectors, feeling.track.unit, feeling.track.interpolation
    )
    return Feeling(track, feeling.weight)


def _away(palette: Palette, options: Options) -> list[Feeling]:
    if not options.negative_guidance:
        return []
    if not options.suppress:
        raise EmottsError("negative_guidance needs something to suppress")
    return [
        Feeling(
            EmotionTrack.constant(palette.vector(name)), -options.negative_guidance * amount, True
        )
        for name, amount in options.suppress.items()
    ]
