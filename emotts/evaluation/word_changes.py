"""What a mark on one word changes: pitch, level and length of every word, with and without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

RATE = 24000
CUES = ("f0_semitones", "level_db", "duration_ratio")


def choose_word(text: str) -> int:
    """The place among `text.split()` of the word to mark: the longest that is not at an end."""
    words = text.split()
    inner = range(1, len(words) - 1) if len(words) > 2 else range(len(words))
    plain = [i for i in inner if words[i].isalpha()] or list(inner)
    return max(plain, key=lambda i: (len(words[i]), -i))


def mark_word(text: str, place: int, before: str, after: str) -> str:
    """The text with a tag put around one word, its punctuation left outside."""
    words = text.split()
    core = words[place].rstrip(".,;:!?")
    words[place] = f"{before}{core}{after}{words[place][len(core) :]}"
    return " ".join(words)


def word_measures(samples: np.ndarray, words: Sequence[tuple[str, float, float]]) -> np.ndarray:
    """Mean F0 (semitones re 1 Hz), level (dB) and log2 duration of each word: (n, 3).

    samples: (n,) at 24 kHz. F0 is NaN where a word has no voiced frame.
    """
    from emotts.audio.constants import HOP_LENGTH
    from emotts.audio.f0 import track_f0

    f0, voiced = track_f0(samples)
    times = (np.arange(len(f0)) + 0.5) * HOP_LENGTH / RATE
    rows = []
    for _, start, end in words:
        inside = voiced & (times >= start) & (times < end)
        pitch = 12 * np.log2(f0[inside]).mean() if inside.any() else np.nan
        piece = samples[int(start * RATE) : int(end * RATE)]
        power = np.mean(np.square(piece, dtype=np.float64)) if len(piece) else 0.0
        rows.append([pitch, 10 * np.log10(power + 1e-12), np.log2(max(end - start, 1e-3))])
    return np.array(rows)


def change_on_and_off(plain: np.ndarray, marked: np.ndarray, place: int) -> np.ndarray:
    """Change on the marked word and the mean change elsewhere: (2, 3), in CUES' units.

    plain, marked: (n, 3) of `word_measures`, before and after the mark.
    """
    change = marked - plain
    rest = np.delete(change, place, axis=0)
    known = np.isfinite(rest)
    off = np.where(known, rest, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    out = np.stack([change[place], np.where(known.any(axis=0), off, np.nan)])
    out[:, 2] = 2.0 ** out[:, 2]
    return out


def peaks(plain: np.ndarray, marked: np.ndarray, place: int) -> list[bool]:
    """Whether the marked word rose most of all words, for each of CUES."""
    change = marked - plain
    found = []
    for column in change.T:
        here = column[place]
        found.append(bool(np.isfinite(here) and here > 0 and here >= np.nanmax(column)))
    return found
