"""Intensity maps from what is heard: half of the intensity is to sound half as strong.

Every emotion is synthesized at a ladder of radii along its direction, uncalibrated. How surely it
is felt (farther from neutral than neutral sentences lie by themselves, and named by the own
recogniser), rescaled between none and full, is made to rise (isotonic regression) and turned
round: intensity α gets the radius at which α of the way is felt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from emotts.emotion.emotion import MAX_INTENSITY
from emotts.emotion.space import EmotionSpace
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError
from emotts.synthesis.course import Course
from emotts.synthesis.hearing import TEXTS as NEUTRAL_TEXTS
from emotts.synthesis.hearing import Hearing, neutral_line, silent
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.sentence import Settings, speak

# In none of the evaluation's texts: what an emotion does differs by sentence.
TEXTS = {
    "en": (*NEUTRAL_TEXTS["en"],
           "She put the letter on the table and opened the window.",
           "We walked along the river until it was dark.",
           "There are three apples left in the basket.",
           "He keeps his tools in a shed behind the garden."),
    "pl": (*NEUTRAL_TEXTS["pl"],
           "Położyła list na stole i otworzyła okno."),
}  # fmt: skip
RADII = tuple(np.round(np.linspace(0.0, 2.0, 17), 4))
LEVELS = tuple(k / 32 for k in range(1, 49))
# Share of the straight map that is kept. An even rise of the mean puts levels so near to each other
# in radius that sentences, which differ among themselves, change places. At this share the own
# recogniser still finds speech twice as even as under the straight map, on takes that were not
# fitted; an emotion whose curve would not become twice as even keeps less.
STRAIGHT = 0.4
STRAIGHT_STEP = 0.05
TWICE_AS_EVEN = 0.5
LEAST_BEYOND = 1.05  # the radius of the highest intensity, at least: no level stands still


@dataclass(frozen=True)
class Ladder:
    """What was heard of an emotion at every radius, (r,), as mean probabilities."""

    emotion: str
    radii: np.ndarray
    heard: np.ndarray


def measure(
    models: SynthesisModels, voices: Sequence[str], emotions: Sequence[str] | None = None,
    seeds: Sequence[int] = (0,), radii: Sequence[float] = RADII,
    told: Callable[[str], None] = lambda emotion: None,
) -> list[Ladder]:  # fmt: skip
    """Hear every emotion at every radius, on the made sentences, without the vocoder.

    voices: names; told: called with each emotion as it begins. Raises EmottsError for voices and
    emotions that are not there.
    """
    import torch

    names = [name for name in models.space.emotions if name != "neutral"]
    for given, known in ((voices, list(models.voices)), (emotions or names, names)):
        for name in given:
            if name not in known:
                raise EmottsError(f"there is no {name!r} to calibrate; choose from {known}")
    hearing = Hearing.load(replace(models, vocoder=silent))
    ladders = []
    with torch.inference_mode():
        for emotion in emotions or names:
            told(emotion)
            heard = [_heard(hearing, voices, seeds, emotion, radius) for radius in radii]
            ladders.append(Ladder(emotion, np.asarray(radii, float), np.asarray(heard)))
    return ladders


def _heard(hearing: Hearing, voices, seeds, emotion: str, radius: float) -> float:
    models = hearing.models
    track = EmotionTrack.constant(np.float32(radius) * models.space.directions[emotion])
    found = []
    for name in voices:
        voice = models.voices[name]
        for text in TEXTS.get(voice.language[:2], TEXTS["en"]):
            line = replace(neutral_line(models, voice, text), courses=(Course(track),))
            for seed in seeds:
                spoken = speak(models, line, Settings(), seed)
                found.append(hearing.felt(spoken, voice, emotion))
    return float(np.mean(found))


def fit(ladder: Ladder, levels: Sequence[float] = LEVELS) -> tuple[np.ndarray, np.ndarray]:
    """Levels and gains g of one emotion: the radius of a level α is α·g(α), rising with α, 1 at 1.

    Up to STRAIGHT of the straight map is kept, but never so much that what is heard would not be
    at least twice as even. Beyond 1 the radius runs to where most is heard of it: farther out, an
    exaggeration that is taken for something else would be less of the emotion.
    """
    levels = np.asarray(levels, dtype=float)
    rising = _isotonic(ladder.heard)
    if np.interp(1.0, ladder.radii, rising) - rising[0] < 1e-3:
        return levels, np.ones_like(levels)  # nothing is heard of it: nothing to bend
    plain = straightness(ladder, float)
    for share in np.arange(STRAIGHT, -1e-9, -STRAIGHT_STEP):
        gains = _bent(ladder, rising, levels, max(share, 0.0)) / levels
        if straightness(ladder, lambda a, g=gains: a * np.interp(a, levels, g)) < (
            TWICE_AS_EVEN * plain
        ):
            break
    return levels, gains


def _bent(ladder: Ladder, rising: np.ndarray, levels: np.ndarray, straight: float) -> np.ndarray:
    """The radii of levels (k,), with a share of the straight map."""
    start, full = rising[0], np.interp(1.0, ladder.radii, rising)
    most = max(ladder.radii[np.argmax(ladder.heard)], LEAST_BEYOND)
    beyond = 1 + (levels - 1) * (most - 1) / (MAX_INTENSITY - 1)
    share = np.clip((rising - start) / (full - start), 0, 1)
    strict = share + 1e-6 * np.arange(len(share))
    bent = np.interp(np.minimum(levels, 1.0), strict, ladder.radii)
    bent = np.where(levels < 1.0, (1 - straight) * bent + straight * levels, beyond)
    bent = np.maximum.accumulate(np.minimum(bent, np.maximum(beyond, 1.0)))
    return _never_falling(levels, bent)


def _never_falling(levels: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Radii lowered so far that they rise between the levels too, where the gain is linear: its
    end in each segment, g + α g′, must not be below 0."""
    radii = radii.copy()
    for i in range(len(levels) - 1, 0, -1):
        step = levels[i] - levels[i - 1]
        most = radii[i] * (levels[i] ** 2 - step**2) / levels[i] ** 2
        radii[i - 1] = min(radii[i - 1], 0.999 * most)
    return radii


def _isotonic(values: np.ndarray) -> np.ndarray:
    """The nearest sequence that never falls, by pooling neighbours (Ayer 1955)."""
    from scipy.optimize import isotonic_regression

    return isotonic_regression(values).x


def straightness(ladder: Ladder, radii: Callable[[float], float]) -> float:
    """Mean distance from a straight line of what is heard at intensities 0…1, rescaled to 0…1;
    radii: the radius of an intensity."""
    levels = np.linspace(0, 1, 9)
    heard = np.interp([radii(a) for a in levels], ladder.radii, ladder.heard)
    span = heard[-1] - heard[0]
    if abs(span) < 1e-9:
        return float("nan")
    return float(np.abs((heard - heard[0]) / span - levels).mean())


def calibrated(space: EmotionSpace, ladders: Sequence[Ladder]) -> EmotionSpace:
    """The space with maps fitted to ladders; other emotions keep theirs."""
    maps = {ladder.emotion: fit(ladder) for ladder in ladders}
    return replace(space, calibration={**space.calibration, **maps})


def compared(
    ladders: Sequence[Ladder], before: EmotionSpace, after: EmotionSpace
) -> list[tuple[str, float, float]]:
    """Every emotion's `straightness` under the maps of two spaces."""
    rows = []
    for ladder in ladders:
        errors = [
            straightness(ladder, lambda a, s=space, n=ladder.emotion: a * s.gain(n, a))
            for space in (before, after)
        ]
        rows.append((ladder.emotion, *errors))
    return rows
