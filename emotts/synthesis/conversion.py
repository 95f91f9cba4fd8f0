"""One window of a recording: what is said kept, how it is said changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from emotts.audio.constants import FRAME_RATE, HOP_LENGTH, LOG_FLOOR
from emotts.models.change import CARRYING, SCALARS
from emotts.models.recording import heard_mel
from emotts.synthesis.analysis import (
    PAIR,
    SEMITONE,
    Frames,
    Source,
    analyse,
    embed_emotion,
    energy_db,
)
from emotts.synthesis.conversion_mel import Local, sample_mel
from emotts.synthesis.conversion_models import ConversionModels
from emotts.synthesis.conversion_options import ConversionOptions
from emotts.synthesis.conversion_words import KnownWords
from emotts.synthesis.course import PAIR_SECONDS, Course, blend, changes_of
from emotts.synthesis.felt import Feeling
from emotts.synthesis.level import limit_peaks
from emotts.synthesis.rhythm import TimeMap, stretched, unchanged
from emotts.synthesis.sentence import F0_RANGE, bounded_level
from emotts.synthesis.voices import Voice
from emotts.synthesis.windows import Window

SHORTEST_PAUSE_SECONDS = 0.3  # of what passes through untouched
AROUND_SPEECH_FRAMES = 8  # of a pause that are still converted: soft onsets and endings
RAMP_FRAMES = 3
DEVIATION_RATIO = (0.6, 1.7)  # how far a voice's melody may be widened or flattened to another's
VOICED_SHARE = 0.7  # of speech, in a mean spectrum
# Of a change of pitch and of colour (with its level) in a speaker's own voice: SER A names dev
# speakers' emotion as surely as with all of it (.39 for .40; .35 with .6 and .8), and they are a
# little more like themselves.
OWN_PITCH, OWN_COLOUR = 0.8, 1.0
# Offsets shorter than this share of a category's are what neutral speech without a known neutral
# has by itself, and mean nothing.
UNHEARD = 0.45  # dev speakers: .17 to .41


@dataclass(frozen=True)
class Wish:
    """What every window of a recording becomes.

    feelings: as `compile_feelings` gives, over the whole recording; None keeps what is felt.
    seconds: of the whole recording. known: what a transcript tells of it, if there is one.
    """

    source: Source
    target: Voice
    feelings: tuple[Feeling, ...] | None
    options: ConversionOptions
    seconds: float
    keep: float
    known: KnownWords | None = None


@dataclass(frozen=True)
class Heard:
    """A window as analysed, on the time axis that goes out: frames, the content prior mu (pairs,
    160), what is felt in it, (dim,); if asked for, a melody made anew (frames,) in semitones."""

    frames: Frames
    mu: np.ndarray
    felt: np.ndarray
    melody: np.ndarray | None = None


@dataclass(frozen=True)
class Change:
    """What offsets (pairs, dim) do: pitch, pitch_range, tempo (pairs,) and colour (pairs, 2, 80);
    see `GlobalChange`."""

    pitch: np.ndarray
    pitch_range: np.ndarray
    tempo: np.ndarray
    colour: np.ndarray

    @classmethod
    def of(cls, matrix: np.ndarray, vectors: np.ndarray) -> Change:
        values = changes_of(matrix, vectors)
        pitch, pitch_range, tempo = (values[:, SCALARS.index(k)] for k in SCALARS[:3])
        return cls(pitch, pitch_range, tempo, values[:, -160:].reshape(-1, 2, 80))

    def held(self, old: Change) -> Change:
        """So much of the step from old to here as leaves a voice itself."""
        return replace(
            self, pitch=old.pitch + OWN_PITCH * (self.pitch - old.pitch),
            colour=old.colour + np.float32(OWN_COLOUR) * (self.colour - old.colour),
        )  # fmt: skip

    def coloured(self, voiced: np.ndarray) -> np.ndarray:
        """Colour of frames (frames, 80); voiced: (frames,)."""
        colour = np.repeat(self.colour, 2, axis=0)
        return np.where(voiced[:, None], colour[:, 0], colour[:, 1])

    @property
    def level_db(self) -> np.ndarray:
        """Change of level of frames (frames,), in dB."""
        level = self.colour[:, :, CARRYING].mean(axis=(1, 2)) * 20 / np.log(10)
        return np.repeat(level, 2)


def convert_window(
    models: ConversionModels, window: Window, wish: Wish, number: int
) -> tuple[np.ndarray, int, int]:
    """Samples of a window, and the pairs of their margins; where nobody speaks, as they were."""
    frames = analyse(window.samples * np.float32(wish.source.gain))
    if not frames.spoken:
        return window.samples, window.before, window.after
    generator = torch.Generator().manual_seed((int(wish.options.seed) + 7919 * number) % 2**32)
    felt = felt_in(models, frames, wish.source)
    courses = _courses(models, window, wish, felt)
    vectors = [c.at_pairs(np.ones(len(frames.mel) // 2, dtype=np.int64)) for c in courses]
    mu = wish.known.mu_of(window) if wish.known else hear_content(models, frames)
    melody = wish.known.melody_of(window) if wish.known else None
    where = _time_map(models, window, wish, frames, felt, blend(courses, vectors))
    heard = Heard(
        _moved(frames, where), where.pairs(mu), felt,
        None if melody is None else where.frames(melody),
    )  # fmt: skip
    vectors = [where.pairs(v) for v in vectors]
    made = _sound(models, heard, wish, courses, vectors, generator)
    dry = where.samples(window.samples, PAIR)
    wet = _speech_weight(heard.frames.speech)
    samples = wet * made + (1 - wet) * dry
    return limit_peaks(samples, 24000) if _loud(samples, dry) else samples, where.first, where.last


def _loud(samples: np.ndarray, dry: np.ndarray) -> bool:
    """True if limiting is needed and not what the recording had itself."""
    return float(np.abs(samples).max()) > max(0.97, float(np.abs(dry).max()))


def felt_in(models: ConversionModels, frames: Frames, source: Source) -> np.ndarray:
    """Offset (dim,) of what is felt in speech. Without a known neutral it is drawn to the origin by
    what even neutral speech is away from everybody's neutral."""
    space, neutral = models.synthesis.space, source.neutral
    z = embed_emotion(models.recognizer, frames, neutral)
    offset = space.offset(z, neutral.embedding)
    if neutral.embedding is not None or not space.directions:
        return offset
    usual = np.mean([np.linalg.norm(d) for d in space.directions.values()])
    length = float(np.linalg.norm(offset))
    return offset * np.float32(max(0.0, 1 - UNHEARD * usual / max(length, 1e-9)))


def hear_content(models: ConversionModels, frames: Frames) -> np.ndarray:
    """Content prior mu (pairs, 160) of what is said."""
    device = models.synthesis.mel_scale.device
    heard = heard_mel(torch.from_numpy(frames.mel.astype(np.float32))).to(device)
    return models.content(heard.reshape(1, -1, 160))[0].cpu().numpy()


def _courses(models, window: Window, wish: Wish, felt: np.ndarray) -> tuple[Course, ...]:
    feelings = wish.feelings
    if feelings is None:
        from emotts.emotion.palette import Palette
        from emotts.emotion.track import EmotionTrack
        from emotts.synthesis.felt import compile_feelings

        options = wish.options.felt()
        palette = Palette(models.synthesis.space, {}, options.directions, options.calibrated)
        kept = EmotionTrack.constant(felt * np.float32(wish.options.scale_emotion))
        feelings = compile_feelings(palette, kept, None, options, models.synthesis.prototypes)
    begins = max(0.0, window.start / PAIR * PAIR_SECONDS - window.before * PAIR_SECONDS)
    ends = begins + len(window.samples) / PAIR * PAIR_SECONDS
    start, end = min(begins / wish.seconds, 1.0), min(ends / wish.seconds, 1.0)
    return tuple(
        Course(f.track, start, end, begins, weight=f.weight, steers=f.steers) for f in feelings
    )


def _time_map(models, window, wish: Wish, frames: Frames, felt, vectors) -> TimeMap:
    pairs = len(frames.mel) // 2
    if wish.options.rhythm == "keep":
        return unchanged(pairs, window.before, window.after)
    matrix = models.synthesis.change_matrix(wish.target)
    tempo = Change.of(matrix, vectors).tempo - Change.of(matrix, felt[None]).tempo
    spoken = _speech_weight(frames.speech).reshape(pairs, PAIR).max(axis=1) > 0
    return stretched(spoken, tempo, window.before, window.after)


def _moved(frames: Frames, where: TimeMap) -> Frames:
    return Frames(
        where.frames(frames.mel), where.frames(frames.f0), where.flags(frames.voiced),
        where.flags(frames.speech),
    )  # fmt: skip


def _sound(models, heard: Heard, wish: Wish, courses, vectors, generator) -> np.ndarray:
    """Samples of all frames, at the recording's level."""
    synthesis, source, target = models.synthesis, wish.source.voice, wish.target
    frames, pairs = heard.frames, len(heard.mu)
    was = np.repeat(heard.felt[None], pairs, axis=0).astype(np.float32)
    old = Change.of(synthesis.change_matrix(source), was)
    new = Change.of(synthesis.change_matrix(target), blend(courses, vectors))
    new = new.held(old) if target is source else new
    if wish.source.neutral.embedding is None:
        plain_source = neutral_of(source, old, frames.voiced)
        target = plain_source if target is source else target
        source = plain_source
    semitones = (np.log(frames.f0) - source.log_f0) / SEMITONE - np.repeat(old.pitch, 2)
    spread = np.exp(new.pitch_range - old.pitch_range)
    if target is not source:
        spread = spread * np.clip(target.pitch_deviation / source.pitch_deviation, *DEVIATION_RATIO)
    moved = semitones * np.repeat(spread, 2) + np.repeat(new.pitch, 2)
    if heard.melody is not None:
        kept = np.repeat(new.pitch, 2) if wish.feelings is None else 0.0
        moved = moved + wish.options.pitch_blend * (heard.melody + kept - moved)
    moved = moved + wish.options.pitch
    f0 = np.exp(target.log_f0 + moved * SEMITONE)
    f0 = np.clip(f0, *F0_RANGE).astype(np.float32)
    energy = energy_db(frames.mel) - source.energy - old.level_db
    local = Local(heard.mu, frames.voiced, f0, energy, target)
    before = replace(local, f0=frames.f0, voice=source)
    own = frames.mel - source.spectrum() - old.coloured(frames.voiced)
    plain = sample_mel(models, local, before, own, courses, vectors, was, wish, generator)
    mel = plain + new.coloured(frames.voiced) + target.spectrum()
    samples = _vocode(synthesis, np.maximum(mel, np.log(LOG_FLOOR)), f0, frames.voiced, generator)
    gain_db = np.interp(
        np.arange(len(samples)), (np.arange(pairs) + 0.5) * PAIR, bounded_level(new.colour)
    )
    return (samples * 10 ** (gain_db / 20) / wish.source.gain).astype(np.float32)


def neutral_of(voice: Voice, change: Change, voiced: np.ndarray) -> Voice:
    """A voice that was measured on emotional speech, as it would be without."""
    colour = change.colour.mean(axis=0)
    colour = VOICED_SHARE * colour[0] + (1 - VOICED_SHARE) * colour[1]
    return voice.model_copy(
        update={
            "log_f0": voice.log_f0 - float(change.pitch.mean()) * SEMITONE,
            "energy": voice.energy - float(change.level_db.mean()),
            "mel_mean": (voice.spectrum() - colour).tolist(),
        }
    )


def _speech_weight(speech: np.ndarray) -> np.ndarray:
    """Weight of what was made against what was recorded, by sample: 0 in long pauses."""
    from scipy.ndimage import binary_dilation

    wide = binary_dilation(speech, iterations=AROUND_SPEECH_FRAMES)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], wide.astype(np.int8), [0]])))
    ends = np.concatenate([[0], edges, [len(wide)]])
    for start, end in zip(ends[:-1:2], ends[1::2], strict=True):
        if 0 < start and end < len(wide) and end - start < SHORTEST_PAUSE_SECONDS * FRAME_RATE:
            wide[start:end] = True
    kernel = np.ones(2 * RAMP_FRAMES + 1) / (2 * RAMP_FRAMES + 1)
    narrow = wide.astype(np.float64)
    smooth = np.convolve(np.pad(narrow, RAMP_FRAMES, mode="edge"), kernel, mode="valid")
    at = np.arange(len(wide) * HOP_LENGTH)
    return np.interp(at, (np.arange(len(wide)) + 0.5) * HOP_LENGTH, smooth).astype(np.float32)


def _vocode(synthesis, mel, f0, voiced, generator) -> np.ndarray:
    device = synthesis.mel_scale.device
    noise = torch.randn(1, len(f0) * HOP_LENGTH, generator=generator)
    rows = (mel, f0, voiced)
    given = (torch.from_numpy(np.asarray(x, dtype=np.float32))[None].to(device) for x in rows)
    return synthesis.vocoder(*given, noise.to(device))[0].cpu().numpy()
