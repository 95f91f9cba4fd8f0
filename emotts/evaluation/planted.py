"""The planted shift: real neutral speech moved by what actors change, by WORLD and nothing else.

A judge that cannot hear it judges nothing. The table is the actresses' median change from their
own neutral at the strong level (design notes, section 11): F0 in semitones, the factor on the
spread of log-F0 about its mean, and the factor on duration. Morise et al. 2016, "WORLD".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from emotts.errors import EmottsError

RATE = 24000
FRAME_MILLISECONDS = 5.0


class Shift(NamedTuple):
    """Change from neutral."""

    f0_semitones: float = 0.0
    f0_range: float = 1.0
    duration: float = 1.0


SHIFTS = {
    "neutral": Shift(),  # analysed and synthesized all the same, so that only the shift differs
    "calm": Shift(-0.1, 0.93, 1.17),
    "happy": Shift(8.7, 1.26, 1.04),
    "sad": Shift(4.9, 0.96, 1.04),
    "angry": Shift(7.8, 1.41, 1.10),
    "fearful": Shift(13.3, 0.71, 0.94),
    "disgust": Shift(2.4, 1.16, 1.24),
    "surprised": Shift(5.8, 1.83, 1.00),
}


class WorldSpeech(NamedTuple):
    """WORLD: f0 (frames,) in Hz, 0 unvoiced; envelope and aperiodicity (frames, bins)."""

    f0: np.ndarray
    envelope: np.ndarray
    aperiodicity: np.ndarray


def analyze(samples: np.ndarray) -> WorldSpeech:
    """Take samples (n,) at 24 kHz apart; needs the package pyworld."""
    import pyworld

    x = np.asarray(samples, dtype=np.float64)
    coarse, times = pyworld.dio(x, RATE, frame_period=FRAME_MILLISECONDS)
    f0 = pyworld.stonemask(x, coarse, times, RATE)
    return WorldSpeech(f0, pyworld.cheaptrick(x, f0, times, RATE), pyworld.d4c(x, f0, times, RATE))


def plant(speech: WorldSpeech, shift: Shift) -> np.ndarray:
    """Synthesize with F0, its spread and the duration moved; returns samples (n·duration,)."""
    import pyworld

    if shift.f0_range < 0 or shift.duration <= 0:
        raise EmottsError("A planted shift needs a range of 0 or more and a duration above 0.")
    voiced = speech.f0 > 0
    f0 = speech.f0.copy()
    if voiced.any():
        log_f0 = np.log2(f0[voiced])
        centre = log_f0.mean()
        moved = centre + (log_f0 - centre) * shift.f0_range + shift.f0_semitones / 12
        f0[voiced] = 2.0**moved
    samples = pyworld.synthesize(
        f0, speech.envelope, speech.aperiodicity, RATE, FRAME_MILLISECONDS * shift.duration
    )
    return samples.astype(np.float32)


def planted_set(clips: list[np.ndarray]) -> tuple[list[np.ndarray], list[str]]:
    """Every clip under every shift: samples and the emotion planted in each."""
    moved, emotions = [], []
    for clip in clips:
        speech = analyze(clip)
        for emotion, shift in SHIFTS.items():
            moved.append(plant(speech, shift))
            emotions.append(emotion)
    return moved, emotions
