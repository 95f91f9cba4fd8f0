"""The track: lines at their samples, a bed that makes room for them, one loudness."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotts.dubbing.loudness import LUFS, integrated_loudness, master
from emotts.dubbing.slots import place_lines, trim_silence
from emotts.errors import EmottsError

RATES = (24000, 44100, 48000)
RATE = 48000
FADE_SECONDS = 0.005
DUCK_ATTACK_SECONDS, DUCK_RELEASE_SECONDS, DUCK_HOLD_SECONDS = 0.15, 0.4, 0.5
CONTROL_RATE = 100


@dataclass(frozen=True)
class Clip:
    """A take to be placed. path: its sound; seconds: its length; slot: (start, end or None) in
    seconds; overrun: how many seconds it is longer than its slot."""

    number: int
    character: str
    path: Path
    seconds: float
    slot: tuple[float, float | None]
    overrun: float = 0.0


@dataclass(frozen=True)
class Placed:
    """A clip on the track: from its sample `start` on, cut by so many samples at both ends."""

    clip: Clip
    start: int
    length: int
    cut: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Mix:
    """track: (n,) or (n, channels), mastered; voice_gain_db: what lines and bed of it, in a stem
    of the same loudness, are raised by; lufs, true_peak_db: of the track."""

    track: np.ndarray
    voice_gain_db: float
    bed_gain_db: float
    lufs: float
    true_peak_db: float


def place(clips: Sequence[Clip], rate: int, overflow: str = "shift") -> list[Placed]:
    """Where every clip stands on a track of `rate` Hz."""
    cuts = []
    for clip in clips:
        cut = (0, 0)
        if overflow == "trim-silence" and clip.overrun > 0:
            samples = read_clip(clip.path, rate)
            _, before, after = trim_silence(samples, rate, clip.overrun)
            cut = (round(before * rate), round(after * rate))
        cuts.append(cut)
    lengths = [
        max(1, math.ceil(c.seconds * rate - 1e-6) - sum(cut))
        for c, cut in zip(clips, cuts, strict=True)
    ]
    speakers = [clip.character for clip in clips]
    starts = place_lines([c.slot for c in clips], lengths, rate, overflow, speakers)
    return [Placed(*x) for x in zip(clips, starts, lengths, cuts, strict=True)]


def read_clip(path: Path, rate: int) -> np.ndarray:
    """A take as (n,) float32 at the rate of the track."""
    from emotts.audio.io import read_audio

    return read_audio(path, rate)


def lay(placed: Sequence[Placed], length: int, rate: int) -> np.ndarray:
    """Clips added up on silence (length,) float32, with short fades at their ends."""
    track = np.zeros(length, dtype=np.float32)
    for p in placed:
        samples = read_clip(p.clip.path, rate)
        samples = samples[p.cut[0] : len(samples) - p.cut[1]]
        samples = faded(samples, rate)[: length - p.start]
        track[p.start : p.start + len(samples)] += samples
    return track


def faded(samples: np.ndarray, rate: int, seconds: float = FADE_SECONDS) -> np.ndarray:
    """Samples (n,) that begin and end at nothing, by half a cosine."""
    count = min(round(seconds * rate), len(samples) // 2)
    if not count:
        return samples
    out = samples.copy()
    ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / count)).astype(np.float32)
    out[:count] *= ramp
    out[-count:] *= ramp[::-1]
    return out


def track_length(placed: Sequence[Placed], rate: int, bed_samples: int = 0) -> int:
    """Samples of a track that holds all clips, all slots and the bed."""
    ends = [p.start + p.length for p in placed]
    slots = [math.ceil(p.clip.slot[1] * rate) for p in placed if p.clip.slot[1] is not None]
    return max([*ends, *slots, bed_samples, 1])


def read_bed(path: Path, rate: int) -> np.ndarray:
    """A bed as (n, 1 or 2) float32. Raises EmottsError for what is no audio or has more
    channels."""
    import soundfile
    import soxr

    if not Path(path).is_file():
        raise EmottsError(f"there is no bed {path}")
    try:
        samples, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise EmottsError(f"the bed {path} cannot be read as audio: {error}") from error
    if not len(samples) or samples.shape[1] > 2 or not np.isfinite(samples).all():
        raise EmottsError(f"the bed {path} must be sound of one or two channels, and finite")
    return samples if own_rate == rate else soxr.resample(samples, own_rate, rate)


def duck_gain(placed: Sequence[Placed], length: int, rate: int, duck_db: float) -> np.ndarray:
    """Gain (length,) of a bed: duck_db lower from shortly before a line until shortly after it,
    short pauses included, and 1 elsewhere."""
    points = length * CONTROL_RATE // rate + 2
    level = np.zeros(points)
    attack, release, hold = (
        round(s * CONTROL_RATE)
        for s in (DUCK_ATTACK_SECONDS, DUCK_RELEASE_SECONDS, DUCK_HOLD_SECONDS)
    )
    spans: list[list[int]] = []
    for p in sorted(placed, key=lambda p: p.start):
        first, last = (x * CONTROL_RATE // rate for x in (p.start, p.start + p.length))
        if spans and first - spans[-1][1] <= hold:
            spans[-1][1] = max(spans[-1][1], last + 1)
        else:
            spans.append([first, last + 1])
    for first, last in spans:
        knots = np.arange(max(0, first - attack), min(points, last + release + 1))
        share = np.interp(knots, [first - attack, first, last, last + release], [0, 1, 1, 0])
        eased = 0.5 - 0.5 * np.cos(np.pi * share)
        level[knots] = np.maximum(level[knots], eased)
    gain = 10 ** (-duck_db * level / 20)
    return np.interp(np.arange(length) * (CONTROL_RATE / rate), np.arange(points), gain).astype(
        np.float32
    )


def mix(
    placed: Sequence[Placed], rate: int = RATE, lufs: float = LUFS,
    bed: np.ndarray | None = None, duck_db: float = 12.0,
) -> Mix:  # fmt: skip
    """Make the track.

    The lines together are brought to `lufs`, so that they stand against a bed (n, channels) that
    keeps its own level and is lowered under them; then the whole is. One gain holds for all lines:
    what is whispered stays softer than what is shouted.
    """
    length = track_length(placed, rate, 0 if bed is None else len(bed))
    track = lay(placed, length, rate)
    voice_gain = 0.0
    if bed is not None:
        own = integrated_loudness(track, rate)
        voice_gain = lufs - own if math.isfinite(own) else 0.0
        track = track[:, None] * np.float32(10 ** (voice_gain / 20))
        ducked = np.zeros((length, bed.shape[1]), dtype=np.float32)
        gain = duck_gain(placed, len(bed), rate, duck_db)
        ducked[: len(bed)] = bed * gain[:, None]
        track = ducked + track
    made = master(track, rate, lufs)
    return Mix(
        made.samples, voice_gain + made.gain_db, made.gain_db, made.lufs, made.true_peak_db
    )  # fmt: skip
