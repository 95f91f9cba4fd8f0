"""A long recording in windows that are cut in pauses, and put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from emotts.audio.activity import level_dbfs
from emotts.audio.constants import FRAME_RATE, HOP_LENGTH, SAMPLE_RATE

PAIR = 2 * HOP_LENGTH
SHORTEST_SECONDS, LONGEST_SECONDS = 8.0, 20.0
MARGIN = 40  # pairs before and behind that are converted too, for the networks to see: 0.85 s
FADE = 480  # samples over which two windows meet
QUIET_FRAMES = 15


@dataclass(frozen=True)
class Window:
    """samples (n,), n a multiple of 512, of which `before` and `after` pairs are margin; start:
    sample of the recording where what lies between the margins begins."""

    samples: np.ndarray
    before: int
    after: int
    start: int

    @property
    def size(self) -> int:
        """Samples between the margins."""
        return len(self.samples) - (self.before + self.after) * PAIR


def cut(blocks: Iterable[np.ndarray], longest_seconds: float = LONGEST_SECONDS) -> Iterator[Window]:
    """Windows of a recording that comes in blocks (n,) of any size at 24 kHz.

    Their middles follow each other without a gap; only the last is filled up with silence. No
    more than two windows are held.
    """
    longest = int(longest_seconds * FRAME_RATE / 2)
    margin, start = min(MARGIN, longest // 4), 0
    held, before = np.zeros(0, dtype=np.float32), 0  # `held` begins with the margin before
    for block in blocks:
        held = np.concatenate([held, np.asarray(block, dtype=np.float32)])
        while len(held) // PAIR >= before + longest + margin:
            size = _quietest(held[before * PAIR : (before + longest) * PAIR])
            end = before + size + margin
            window = Window(held[: end * PAIR], before, margin, start)
            yield window
            start += window.size
            kept = min(margin, before + size)
            held = held[(before + size - kept) * PAIR :]
            before = kept
    if len(held) > before * PAIR:
        yield Window(np.pad(held, (0, -len(held) % PAIR)), before, 0, start)


def _quietest(samples: np.ndarray) -> int:
    """Pair at which to cut: in the quietest place of the later part, a long pause before a short
    one."""
    from scipy.ndimage import uniform_filter1d

    pairs = len(samples) // PAIR
    level = uniform_filter1d(level_dbfs(samples), QUIET_FRAMES, mode="nearest")[::2][:pairs]
    first = int(pairs * SHORTEST_SECONDS / LONGEST_SECONDS)
    return first + int(np.argmin(level[first:]))


class Joiner:
    """Puts converted windows together; each comes with its margins, which are faded over."""

    def __init__(self) -> None:
        self.tail = np.zeros(0, dtype=np.float32)

    def add(self, samples: np.ndarray, before: int, after: int) -> np.ndarray:
        """What is ready once a window (n,) has come, its margins in pairs."""
        end = len(samples) - after * PAIR
        ready = samples[before * PAIR : end].copy()
        size = min(len(self.tail), len(ready))
        if size:
            rising = np.sin(np.linspace(0, np.pi / 2, size, dtype=np.float32)) ** 2
            ready[:size] = rising * ready[:size] + (1 - rising) * self.tail[:size]
        self.tail = samples[end : end + FADE].copy()
        return ready


def seconds(samples: int) -> float:
    """Length of samples at 24 kHz."""
    return samples / SAMPLE_RATE
