"""Lines converted: what the original actor said, with the emotion and the voice of the line."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from emotts.audio.speech import Speech
from emotts.dubbing.script import Line
from emotts.synthesis.conversion_options import ConversionOptions
from emotts.synthesis.level import limit_peaks

_OPTIONS = frozenset(f.name for f in fields(ConversionOptions)) - {"transcript", "language"}
_APART = frozenset(("voice", "emotion", "intensity", "energy", "language", "markup"))


def convert_line(
    converter: Any, line: Line, asked: Mapping[str, Any], samples: np.ndarray,
    neutral: np.ndarray | None,
) -> Speech:  # fmt: skip
    """Samples (n,) at 24 kHz as the line asks, of the same length.

    asked: what would be asked of `synthesize`; what only synthesis knows is left out with a
    warning. The voice stays the actor's, and the emotion what it is, where neither the line nor
    its character names one. neutral: the actor in neutral.
    """
    options = {k: v for k, v in asked.items() if k in _OPTIONS}
    unused = sorted(set(asked) - _OPTIONS - _APART)
    if unused:
        said = f"is converted, where {', '.join(unused)} cannot be asked for; left out"
        warnings.warn(said, stacklevel=2)
    speech = converter.convert(
        samples, line.emotion, line.intensity, voice=line.voice, neutral=neutral, **options
    )
    made = np.zeros(len(samples), dtype=np.float32)
    made[: len(speech.samples)] = speech.samples[: len(samples)]
    if asked.get("energy"):
        made = limit_peaks(made * np.float32(10 ** (asked["energy"] / 20)), speech.rate)
    return replace(speech, samples=made)
