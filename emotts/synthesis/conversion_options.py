"""Everything that can be asked of the converter beside emotion and voice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from numbers import Real

from emotts.errors import EmottsError
from emotts.synthesis.options import TEMPERATURE, Options, check_range

RANGES = {
    "scale_emotion": (0.0, 3.0), "pitch_blend": (0.0, 1.0), "keep": (0.0, 1.0),
    "pitch": (-24.0, 24.0), "steps": (1, 100), "temperature": (0.0, 1.5), "guidance": (0.0, 10.0),
    "negative_guidance": (0.0, 5.0), "voice_guidance": (0.0, 5.0),
}  # fmt: skip
RHYTHMS = ("keep", "convert")
FELT = ("mixing", "directions", "calibrated", "suppress", "negative_guidance", "guidance", "steps",
        "temperature", "seed")  # fmt: skip


@dataclass(frozen=True)
class ConversionOptions:
    """scale_emotion: times what is felt in the recording, where no other emotion is asked for.
    rhythm: "keep" for the same length to the sample, "convert" for the emotion's tempo. keep: how
    much of the recording's own sound that the decoder does not explain is kept, 0–1; none for
    another voice; None for the default. pitch: semitones, ±24. pitch_blend: 0 for the recording's
    melody moved, 1 for one made anew from the transcript. transcript: the words, if known, of a
    recording of up to three minutes; they are found in it, and what is said is then taken from the
    text. language: of the transcript. voice_guidance: push from the source's voice towards another
    one, 1 for none.

    suppress, negative_guidance, mixing, directions, calibrated, steps, temperature, guidance,
    seed: see `emotts.synthesis.options.Options`. Raises EmottsError for other values.
    """

    scale_emotion: float = 1.0
    rhythm: str = "keep"
    keep: float | None = None
    pitch: float = 0.0
    pitch_blend: float = 0.0
    transcript: str | None = None
    language: str = "en-us"
    voice_guidance: float = 1.5
    suppress: Mapping[str, float] = field(default_factory=dict)
    negative_guidance: float = 0.0
    mixing: str = "embedding"
    directions: str = "supervised"
    calibrated: bool = True
    steps: int = 2
    temperature: float = TEMPERATURE
    guidance: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if value is not None:
                check_range(name, value, low, high)
        if self.rhythm not in RHYTHMS:
            raise EmottsError(f"unknown rhythm {self.rhythm!r}; choose from {', '.join(RHYTHMS)}")
        if not isinstance(self.seed, Real) or not 0 <= self.seed < 2**32:
            raise EmottsError(f"seed is {self.seed!r}; it must be a whole number below 2^32")
        if self.pitch_blend and not self.transcript:
            raise EmottsError("a melody is made anew from words; give the transcript")
        self.felt()

    def felt(self) -> Options:
        """The part that says what is felt and how it is sampled."""
        return Options(**{name: getattr(self, name) for name in FELT})

    @classmethod
    def of(cls, given: Mapping) -> ConversionOptions:
        """Options from keywords, where None leaves the default."""
        known = [f.name for f in fields(cls)]
        for name in given:
            if name not in known:
                raise EmottsError(f"unknown option {name!r}; choose from {', '.join(known)}")
        return cls(**{k: v for k, v in given.items() if v is not None})

    def noted(self) -> dict:
        """What differs from the defaults, and the seed, for the provenance."""
        plain = ConversionOptions()
        return {
            f.name: dict(value) if isinstance(value, Mapping) else value
            for f in fields(self)
            if (value := getattr(self, f.name)) != getattr(plain, f.name) or f.name == "seed"
        }
