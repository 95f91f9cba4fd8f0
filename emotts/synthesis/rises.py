"""The melody of questions that rise, which the networks cannot know: no recording has one."""

from __future__ import annotations

import numpy as np

from emotts.text.questions import rising_ends
from emotts.text.sequence import PhoneSequence
from emotts.text.symbols import VOWELS

# From a low stressed vowel up to the end, L* H-H% in ToBI (Pierrehumbert & Hirschberg 1990): in
# deviations of the voice's pitch, the end at least and at most so many semitones above its mean;
# less only where hardly any melody is asked for.
LOW, HIGH = -0.4, 1.4
LEAST, MOST, STEEPEST = 4.0, 8.0, 3.0
REACHED = 0.7  # of the way to the last sonorant's end: voicing often ends before the phone does
SONORANTS = VOWELS | frozenset("mnŋɲlɹrɾjw")


def with_rises(
    semitones: np.ndarray, spread: np.ndarray, pairs: np.ndarray, sequence: PhoneSequence,
    text: str,
) -> np.ndarray:  # fmt: skip
    """Pitch of tokens with the ends of questions raised.

    semitones: (n, 2) above the voice's mean, at one and three quarters of every token; spread:
    (n,) deviation of the voice in semitones; pairs: (n,) how long tokens last; text: what the
    sequence says. Returns (n, 2).
    """
    ends = np.cumsum(pairs)
    knots = np.stack([ends - 0.75 * pairs, ends - 0.25 * pairs], axis=-1)
    semitones = semitones.copy()
    for first, mark in rising_ends(sequence, text):
        last = max(i for i in range(first, mark) if sequence.symbols[i] in SONORANTS)
        rising = slice(first, len(pairs) if mark >= len(pairs) - 2 else mark + 1)
        begun = ends[first] - pairs[first]
        share = (knots[rising] - begun) / max(REACHED * (ends[last] - begun), 1e-9)
        low = LOW * spread[rising, None]
        least = np.minimum(LEAST, STEEPEST * spread[rising, None])
        high = np.clip(HIGH * spread[rising, None], least, MOST)
        semitones[rising] = low + (high - low) * np.clip(share, 0.0, 1.0)
    return semitones
