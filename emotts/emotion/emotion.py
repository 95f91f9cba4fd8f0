"""Emotion: a category and how strongly it is meant."""

import math
from dataclasses import dataclass

from emotts.emotion.vocabulary import canonical
from emotts.errors import EmottsError

MAX_INTENSITY = 1.5


@dataclass(frozen=True)
class Emotion:
    """A category of the vocabulary (or an alias) at an intensity of 0…1.5.

    Intensity 0 of anything is neutral; 1 is what an actor gives when asked for a strong
    emotion, and beyond that is exaggerated. Raises EmottsError for anything else.
    """

    name: str = "neutral"
    intensity: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", canonical(self.name))
        object.__setattr__(self, "intensity", _checked_intensity(self.intensity))

    @classmethod
    def parse(cls, text: str) -> "Emotion":
        """Read "happy" or "happy:0.8"; `str` of an Emotion is read back as the same."""
        name, colon, intensity = str(text).partition(":")
        return cls(name, intensity.strip()) if colon else cls(name)

    @classmethod
    def of(cls, value: "Emotion | str | None", intensity: float | None = None) -> "Emotion":
        """Return what a user gave as an Emotion: an Emotion, "happy", "happy:0.8" or None.

        intensity: set it here or within the emotion, not in both places; None keeps 1.
        """
        if isinstance(value, cls):
            given = value.intensity != 1.0
            emotion = value
        else:
            given = value is not None and ":" in value
            emotion = cls() if value is None else cls.parse(value)
        if intensity is None:
            return emotion
        if given and _checked_intensity(intensity) != emotion.intensity:
            raise EmottsError(
                f"the intensity is given twice, as {emotion} and as {intensity}; give it once"
            )
        return cls(emotion.name, intensity)

    @property
    def is_neutral(self) -> bool:
        """True for neutral at any intensity and for any category at intensity 0."""
        return self.name == "neutral" or self.intensity == 0

    def __str__(self) -> str:
        return f"{self.name}:{self.intensity:g}" if self.intensity != 1 else self.name


def _checked_intensity(value: object) -> float:
    try:
        intensity = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        intensity = math.nan
    if isinstance(value, bool) or not 0 <= intensity <= MAX_INTENSITY:
        raise EmottsError(f"the intensity must be a number from 0 to {MAX_INTENSITY}, not {value}")
    return intensity + 0.0  # −0 is 0
