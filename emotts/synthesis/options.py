"""Everything that can be asked of the synthesizer beside text, voice and emotion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from numbers import Real

from emotts.errors import EmottsError

STEPS, TEMPERATURE, GUIDANCE, VARIETY = 2, 0.12, 1.0, 0.6
RANGES = {
    "rate": (0.5, 2.0), "pitch": (-12.0, 12.0), "pitch_range": (0.0, 3.0),
    "energy": (-20.0, 20.0), "steps": (1, 100), "guidance": (0.0, 10.0),
    "temperature": (0.0, 1.5), "variety": (0.0, 1.5), "negative_guidance": (0.0, 5.0),
    "seconds": (0.1, 3600.0), "best_of": (1, 64), "classifier_guidance": (0.0, 20.0),
}  # fmt: skip
CHOICES = {
    "solver": ("euler", "midpoint", "heun"),
    "mixing": ("embedding", "velocity", "prototype"),
    "directions": ("supervised", "unsupervised"),
}


@dataclass(frozen=True)
class Options:
    """language: of the text, None for the voice's own. rate: tempo, 0.5–2. pitch: semitones, ±12.
    pitch_range: factor of the voice's melody, 0–3. energy: dB, ±20. seconds: say it in exactly so
    many. seed: the same gives the same samples.

    steps, solver, temperature: of the flow decoder; guidance: its push from neutral towards the
    emotion, 1 for none; classifier_guidance: the push of a classifier, 0 for none; variety: how
    much takes differ. mixing: how several emotions become one, by "embedding" (the sum of their
    offsets), "velocity" (at every solver step) or "prototype" (between real clips). directions:
    "supervised" or "unsupervised". calibrated: whether intensities are bent to sound even.
    suppress: emotions to take out of what is felt, each 0–1; negative_guidance: how hard the
    decoder is pushed away from them besides. best_of: takes of every sentence, of which the one
    the own judges like best is kept. markup: whether tags in the text are read. Raises EmottsError
    for other values.
    """

    language: str | None = None
    rate: float = 1.0
    pitch: float = 0.0
    pitch_range: float = 1.0
    energy: float = 0.0
    seconds: float | None = None
    seed: int = 0
    steps: int = STEPS
    solver: str = "euler"
    temperature: float = TEMPERATURE
    guidance: float = GUIDANCE
    classifier_guidance: float = 0.0
    variety: float = VARIETY
    mixing: str = "embedding"
    directions: str = "supervised"
    calibrated: bool = True
    suppress: Mapping[str, float] = field(default_factory=dict)
    negative_guidance: float = 0.0
    best_of: int = 1
    markup: bool = True

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if value is not None:
                check_range(name, value, low, high)
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise EmottsError(
                    f"unknown {name} {getattr(self, name)!r}; choose from {', '.join(choices)}"
                )
        for name in ("steps", "seed", "best_of"):
            value = getattr(self, name)
            if not isinstance(value, Real) or not float(value).is_integer() or value < 0:
                raise EmottsError(f"{name} is {value!r}; it must be a whole number, 0 or more")
        for name, amount in self.suppress.items():
            check_range(f"suppression of {name}", amount, 0.0, 1.0)

    @classmethod
    def of(cls, given: Mapping) -> Options:
        """Options from keywords, where None leaves the default."""
        known = [f.name for f in fields(cls)]
        for name in given:
            if name not in known:
                raise EmottsError(f"unknown option {name!r}; choose from {', '.join(known)}")
        return cls(**{k: v for k, v in given.items() if v is not None})

    def noted(self) -> dict:
        """What differs from the defaults or is always worth knowing, for the provenance."""
        always = ("rate", "pitch", "energy", "steps", "guidance", "temperature", "seed")
        plain = Options()
        return {
            f.name: dict(value) if isinstance(value, Mapping) else value
            for f in fields(self)
            if (value := getattr(self, f.name)) != getattr(plain, f.name) or f.name in always
        }


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Raise EmottsError unless the value is a number from low to high."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise EmottsError(f"{name} is {value!r}; it must be a number from {low:g} to {high:g}")
    if not low <= value <= high:
        raise EmottsError(f"{name} is {value}; it must lie between {low:g} and {high:g}")
