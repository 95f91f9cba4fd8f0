"""From windows of a recording to an emotion track: where windows lie, and which can be heard."""

import numpy as np

from emotts.emotion.track import EmotionTrack, Unit
from emotts.errors import EmottsError

QUIET_DB = 30.0


def window_starts(seconds: float, window_seconds: float, hop_seconds: float) -> np.ndarray:
    """Return where windows over a recording start, in seconds: every hop, and one at the very end.

    A recording no longer than one window has one, at 0. Raises EmottsError unless all three are
    above 0.
    """
    if not all(np.isfinite(x) and x > 0 for x in (seconds, window_seconds, hop_seconds)):
        raise EmottsError(
            f"windows of {window_seconds} s every {hop_seconds} s cannot be laid over {seconds} s; "
            "all must be above 0"
        )
    last = seconds - window_seconds
    if last <= 0:
        return np.zeros(1)
    starts = np.arange(hop_seconds, last, hop_seconds)
    # A last regular window almost at the end would be there twice.
    return np.concatenate([[0.0], starts[starts < last - 0.25 * hop_seconds], [last]])


def audible(
    samples: np.ndarray, rate: int, starts: np.ndarray, window_seconds: float
) -> np.ndarray:
    """Return (windows,) bool: which are not pauses, that is within 30 dB of the loudest window."""
    size = max(1, round(window_seconds * rate))
    power = np.array(
        [np.mean(np.square(samples[i : i + size], dtype=np.float64))
         for i in np.round(starts * rate).astype(int)]
    )  # fmt: skip
    return power >= power.max() * 10 ** (-QUIET_DB / 10)


def track_of_windows(
    offsets: np.ndarray, centres: np.ndarray, seconds: float, unit: Unit = "fraction"
) -> EmotionTrack:
    """Return a linear track through windows' offsets (windows, dim) at their centres in seconds.

    seconds: length of the recording, which is 1 in fractions.
    """
    positions = np.asarray(centres, dtype=np.float64)
    if unit == "fraction":
        positions = np.clip(positions / seconds, 0, 1)
    return EmotionTrack(positions, offsets, unit)
