"""Emotion over time: SER A on windows that slide over a recording, relative to one neutral."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emotts.audio.constants import FRAME_RATE, HOP_LENGTH, SAMPLE_RATE
from emotts.errors import EmottsError
from emotts.synthesis.recognizer import MINIMUM_SECONDS, Neutral, Recognition, Recognizer

WINDOW_SECONDS = 1.5  # what the encoder's windowed training heard
HOP_SECONDS = 0.25
MARGIN_SECONDS = 0.1  # as the training clips were trimmed
AFFECT = ("valence", "arousal", "dominance")


@dataclass(frozen=True)
class EmotionWindow:
    """[start, end) in seconds and what is heard in it; None where hardly anybody speaks."""

    start: float
    end: float
    heard: Recognition | None

    @property
    def centre(self) -> float:
        """Its middle, in seconds."""
        return (self.start + self.end) / 2


def check_windows(window_seconds: float, hop_seconds: float) -> None:
    """Raise EmottsError for windows the recognizer cannot hear and hops that do not move."""
    if not MINIMUM_SECONDS <= window_seconds <= 60:
        raise EmottsError(
            f"a window is {MINIMUM_SECONDS} to 60 seconds long, not {window_seconds:g}"
        )
    if not 0.02 <= hop_seconds <= 60:
        raise EmottsError(f"windows move by 0.02 to 60 seconds, not {hop_seconds:g}")


def neutral_of(recognizer: Recognizer, samples: np.ndarray, clips: list | None) -> Neutral:
    """What windows are heard against.

    clips: neutral recordings of the speaker; without them the whole recording's own mean pitch and
    level with everybody's neutral spectrum, so that change within the recording is still heard.
    """
    if clips:
        return recognizer.hear_neutral(clips)
    own = recognizer.hear_neutral([samples])
    return Neutral(own.gain, own.log_f0, recognizer.spectrum, None)


def emotion_windows(
    recognizer: Recognizer, samples: np.ndarray, neutral: Neutral, active: np.ndarray,
    window_seconds: float = WINDOW_SECONDS, hop_seconds: float = HOP_SECONDS,
) -> tuple[EmotionWindow, ...]:  # fmt: skip
    """Hear window after window of samples (n,) at 24 kHz.

    active: speech flags (frames,) at 93.75 a second; a window with less than 0.3 s of speech is
    not heard, and of others the silence before and after the speech is left out, since it would
    be heard as sadness. A recording shorter than a window is one window; the last one ends where
    the recording does.
    """
    check_windows(window_seconds, hop_seconds)
    seconds = len(samples) / SAMPLE_RATE
    last = max(0.0, seconds - window_seconds)
    starts = np.append(np.arange(0.0, last, hop_seconds), last)
    windows = []
    for start in starts.tolist():
        end = min(start + window_seconds, seconds)
        part = _spoken(samples, active, round(start * FRAME_RATE), round(end * FRAME_RATE))
        heard = None if part is None else recognizer.recognize(part, neutral)
        windows.append(EmotionWindow(round(start, 4), round(end, 4), heard))
    return tuple(windows)


def _spoken(samples: np.ndarray, active: np.ndarray, first: int, last: int) -> np.ndarray | None:
    """Samples of frames first…last, silence at the ends cut to 0.1 s; None if little is said."""
    frames = first + np.flatnonzero(active[first:last])
    if len(frames) < MINIMUM_SECONDS * FRAME_RATE:
        return None
    margin = round(MARGIN_SECONDS * FRAME_RATE)
    start, end = max(first, frames[0] - margin), min(last, frames[-1] + 1 + margin)
    return samples[start * HOP_LENGTH : end * HOP_LENGTH]
