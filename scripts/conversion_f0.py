"""Errors of F0 trackers on sweeps whose pitch is known and on recordings; SwiftF0 is the one kept.

    python scripts/conversion_f0.py --limit 2

On recordings nobody knows the truth: each tracker is held against the other two where those agree
within 50 cents (pitch) or about voicing. Needs the extras eval and train (pyworld, librosa).
"""

import argparse
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from emotts.audio.activity import speech_activity
from emotts.audio.f0 import MAX_HZ, MIN_HZ, track_f0
from emotts.audio.io import read_audio
from emotts.corpora.packed import read_packed

RATE, HOP = 24000, 256
GROSS_CENTS = 1200 * np.log2(1.2)  # a fifth off, as is usual for gross errors
AGREE_CENTS = 50.0


def harvest(samples: np.ndarray) -> np.ndarray:
    """WORLD's Harvest with StoneMask."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # pyworld asks for an old setuptools
        import pyworld

    x = samples.astype(np.float64)
    f0, times = pyworld.harvest(x, RATE, MIN_HZ, MAX_HZ, frame_period=1000 * HOP / RATE)
    f0 = pyworld.stonemask(x, f0, times, RATE)
    return at_middles(f0, times, len(samples) // HOP)


def pyin(samples: np.ndarray) -> np.ndarray:
    """librosa's probabilistic YIN."""
    import librosa

    f0, voiced, _ = librosa.pyin(samples, fmin=MIN_HZ, fmax=MAX_HZ, sr=RATE, hop_length=HOP)
    f0 = np.where(voiced, np.nan_to_num(f0), 0.0)
    return at_middles(f0, np.arange(len(f0)) * HOP / RATE, len(samples) // HOP)


def at_middles(f0: np.ndarray, times: np.ndarray, frames: int) -> np.ndarray:
    """F0 at the middles of frames, 0 where the nearest value is unvoiced."""
    middles = (np.arange(frames) + 0.5) * HOP / RATE
    nearest = np.clip(np.round(middles / (times[1] - times[0])).astype(int), 0, len(f0) - 1)
    voiced = f0[nearest] > 0
    if not (f0 > 0).any():
        return np.zeros(frames)
    curve = np.exp(np.interp(middles, times[f0 > 0], np.log(f0[f0 > 0])))
    return np.where(voiced, curve, 0.0)


TRACKERS = {"swift-f0": lambda x: track_f0(x)[0], "WORLD": harvest, "pYIN": pyin}


def sweep(low: float, high: float, noise_db: float | None, seconds: float = 4.0):
    """A vowel-like buzz that glides, with a second of quiet noise at its end: samples, true F0."""
    t = np.arange(int(seconds * RATE)) / RATE
    f0 = low * (high / low) ** (t / (seconds - 1)) * (1 + 0.01 * np.sin(2 * np.pi * 5 * t))
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    tone = np.zeros_like(t)
    for k in range(1, 40):
        loud = sum(np.exp(-(((k * f0 - c) / 180) ** 2)) for c in (600, 1200, 2600)) + 0.05
        tone += np.where(k * f0 < 10000, loud, 0.0) * np.cos(phase * k)
    f0 = np.where(t < seconds - 1, f0, 0.0)
    tone = np.where(f0 > 0, tone, 0.0) * 0.1 / tone.std()
    level = 0.1 * 10 ** (-(60.0 if noise_db is None else noise_db) / 20)
    noise = np.random.default_rng(0).normal(0, level, len(t))
    return (tone + noise).astype(np.float32), f0[HOP // 2 :: HOP]


class Errors:
    """Cents where both are voiced, and voicing decisions, added up."""

    def __init__(self):
        self.cents, self.wrong, self.asked, self.seconds, self.heard = [], 0, 0, 0.0, 0.0

    def add(self, found, true, voicing_known=None) -> None:
        both = (found > 0) & (true > 0)
        self.cents.append(1200 * np.abs(np.log2(found[both] / true[both])))
        known = np.ones(len(found), bool) if voicing_known is None else voicing_known
        self.wrong += int((((found > 0) != (true > 0)) & known).sum())
        self.asked += int(known.sum())

    def row(self) -> str:
        cents = np.concatenate(self.cents)
        fine = cents[cents < GROSS_CENTS]
        return (
            f"{np.median(fine):.1f} | {100 * np.mean(cents >= GROSS_CENTS):.1f} % | "
            f"{100 * self.wrong / max(self.asked, 1):.1f} % | "
            f"{self.seconds / max(self.heard, 1e-9):.3f}"
        )


def track_all(samples: np.ndarray, into: dict[str, Errors]) -> dict[str, np.ndarray]:
    """F0 by every tracker, their processor time noted."""
    out = {}
    for name, tracker in TRACKERS.items():
        start = time.process_time()
        out[name] = tracker(samples)
        into[name].seconds += time.process_time() - start
        into[name].heard += len(samples) / RATE
    return out


def on_sweeps(noise_db: float | None) -> dict[str, Errors]:
    """Errors on two sweeps, up and down."""
    errors: dict[str, Errors] = defaultdict(Errors)
    for low, high in ((70, 300), (600, 150)):
        samples, true = sweep(low, high, noise_db)
        for name, found in track_all(samples, errors).items():
            count = min(len(found), len(true))
            errors[name].add(found[:count], true[:count])
    return errors


def on_recordings(rows, data: Path) -> dict[str, Errors]:
    """Each against the other two."""
    errors: dict[str, Errors] = defaultdict(Errors)
    for row in rows:
        samples = read_audio(data / row.path)
        spoken = speech_activity(samples)
        curves = track_all(samples, errors)
        for name, found in curves.items():
            a, b = (curve for other, curve in curves.items() if other != name)
            both = (a > 0) & (b > 0)
            near = np.zeros(len(a), bool)
            near[both] = np.abs(1200 * np.log2(a[both] / b[both])) < AGREE_CENTS
            true = np.where(near, np.sqrt(np.maximum(a * b, 1e-9)), 0.0)
            same = ((a > 0) == (b > 0)) & (near | ~both) & spoken
            errors[name].add(np.where(spoken, found, 0), np.where(spoken, true, 0), same)
    return errors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--limit", type=int, default=2, help="clips an emotion")
    asked = parser.parse_args()
    rows = [r for r in read_packed(asked.data) if r.split == "dev" and r.corpus == "ravdess"]
    picked = []
    for emotion in ("neutral", "happy", "sad", "angry", "fearful"):
        some = [r for r in rows if r.emotion == emotion]
        picked += [some[i] for i in np.linspace(0, len(some) - 1, asked.limit).astype(int)]
    print("| on | tracker | error, median cents | gross errors | voicing errors | processor time, "
          "of the recording's |\n|---|---|---|---|---|---|")  # fmt: skip
    said = {"sweeps": None, "sweeps, noise at 10 dB": 10.0}
    for name, noise in said.items():
        for tracker, errors in on_sweeps(noise).items():
            print(f"| {name} | {tracker} | {errors.row()} |", flush=True)
    for tracker, errors in on_recordings(picked, asked.data).items():
        print(f"| {len(picked)} recordings | {tracker} | {errors.row()} |", flush=True)


if __name__ == "__main__":
    main()
