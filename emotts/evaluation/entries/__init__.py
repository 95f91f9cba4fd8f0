"""The suite's entries: one a file, each with `run(bench) -> Entry`."""

from collections.abc import Callable

from emotts.evaluation.entries import (
    affect,
    emotion,
    identity,
    instruction,
    intensity,
    mixing,
    naturalness,
    seed,
    speed,
    word_control,
    words,
)
from emotts.evaluation.suite import Entry

ENTRIES: dict[str, Callable[..., Entry]] = {
    "words": words.run,
    "emotion": emotion.run,
    "intensity": intensity.run,
    "mixing": mixing.run,
    "affect": affect.run,
    "word_control": word_control.run,
    "identity": identity.run,
    "naturalness": naturalness.run,
    "speed": speed.run,
    "seed": seed.run,
    "instruction": instruction.run,
}
