"""Recordings as emotions: what a clip's emotion is, how it moves, and what several have in common.

Everything is an offset from neutral in the emotion space, so it can be scaled, mixed and
suppressed like any other emotion.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from emotts.audio.constants import SAMPLE_RATE
from emotts.checkpoints import load_checkpoint, resolve
from emotts.emotion.learned import MOST_EXAMPLES, learn_direction
from emotts.emotion.reference import audible, track_of_windows, window_starts
from emotts.emotion.space import EmotionSpace
from emotts.emotion.track import EmotionTrack, Unit
from emotts.errors import EmottsError
from emotts.synthesis.recognizer import Neutral, Recognizer, read_samples

WINDOW_SECONDS, HOP_SECONDS = 1.5, 0.25

Audio = str | Path | np.ndarray


class Embedder:
    """Recordings to offsets from neutral: the recogniser's embedding in its emotion space.

    mark: names the recogniser's weights (first ten letters of their SHA-256); vectors of another
    mark do not compare.
    """

    def __init__(self, recognizer: Recognizer, space: EmotionSpace, mark: str = ""):
        self.recognizer, self.space, self.mark = recognizer, space, mark

    @classmethod
    def from_pretrained(cls, source: str | Path | None = None) -> Embedder:
        """Load the embedded set (None), a folder, or a hub id; synthesis itself is not loaded."""
        folder = resolve(source)
        return cls(Recognizer.from_pretrained(folder), load_space(folder), recognizer_mark(folder))

    def neutral(self, recordings: Audio | Sequence[Audio] | Neutral | None) -> Neutral | None:
        """Measure a speaker's neutral recordings (files or samples) once, for many clips."""
        if recordings is None or isinstance(recordings, Neutral):
            return recordings
        one = isinstance(recordings, (str, Path, np.ndarray))
        return self.recognizer.hear_neutral([recordings] if one else list(recordings))

    def offset(self, z: np.ndarray, neutral: Neutral | None) -> np.ndarray:
        """Return embeddings (..., dim) as offsets from a speaker's neutral, or from everybody's."""
        return self.space.offset(z, None if neutral is None else neutral.embedding)


def reference_vector(
    embedder: Embedder,
    clip: Audio,
    neutral: Audio | Sequence[Audio] | Neutral | None = None,
) -> np.ndarray:
    """Return the offset (dim,) float32 of a clip's emotion from neutral.

    clip: a file, or samples (n,) at 24 kHz. neutral: a neutral recording of the same speaker, or
    several; without one the clip's own mean pitch and level say nothing, and the rest is heard
    against everybody's neutral. Raises EmottsError for speech that is silent, too short or not
    finite.
    """
    samples, known = read_samples(clip), embedder.neutral(neutral)
    return embedder.offset(embedder.recognizer.embed(samples, known), known)


def reference_track(
    embedder: Embedder,
    clip: Audio,
    neutral: Audio | Sequence[Audio] | Neutral | None = None,
    window_seconds: float = WINDOW_SECONDS,
    hop_seconds: float = HOP_SECONDS,
    unit: Unit = "fraction",
) -> EmotionTrack:
    """Return how a clip's emotion moves: an offset every hop, each of a window around it.

    clip, neutral: see `reference_vector`. Pauses are passed over. unit: "fraction" stretches the
    movement over whatever is said, "seconds" keeps its pace. A clip no longer than one window
    gives one knot.
    """
    samples, known = read_samples(clip), embedder.neutral(neutral)
    seconds = len(samples) / SAMPLE_RATE
    starts = window_starts(seconds, window_seconds, hop_seconds)
    starts = starts[audible(samples, SAMPLE_RATE, starts, window_seconds)]
    z = embedder.recognizer.embed_windows(samples, starts, window_seconds, known)
    centres = starts + min(window_seconds, seconds) / 2
    return track_of_windows(embedder.offset(z, known), centres, seconds, unit)


def learn_from_clips(
    embedder: Embedder,
    examples: Mapping[str, Sequence[Audio]],
    neutral: Mapping[str, Sequence[Audio]] | None = None,
) -> np.ndarray:
    """Return the direction (dim,) that 1–50 examples have in common.

    examples: speaker → clips. neutral: speaker → neutral clips; the key "" serves every speaker
    that is not named, and who has none is heard against everybody's neutral.
    """
    count = sum(len(clips) for clips in examples.values())
    if not 1 <= count <= MOST_EXAMPLES:
        raise EmottsError(f"an emotion is learnt from 1 to {MOST_EXAMPLES} examples, not {count}")
    neutral = neutral or {}
    unused = set(neutral) - set(examples) - {""}
    if unused:
        raise EmottsError(
            f"there are neutral recordings of {', '.join(sorted(unused))}, who has no examples; "
            f"examples are of {', '.join(sorted(examples)) or 'nobody'}"
        )
    offsets = []
    for speaker, clips in sorted(examples.items()):
        known = embedder.neutral(neutral.get(speaker) or neutral.get("") or None)
        offsets += [reference_vector(embedder, clip, known) for clip in clips]
    return learn_direction(np.stack(offsets))


def load_space(source: str | Path | None = None) -> EmotionSpace:
    """Load the emotion space of a set alone."""
    stored = load_checkpoint(resolve(source), "voices")
    tensors = {
        key.removeprefix("space."): value.numpy()
        for key, value in stored.tensors.items()
        if key.startswith("space.")
    }
    return EmotionSpace.from_tensors(tensors, stored.config["space"])


def recognizer_mark(source: str | Path | None = None) -> str:
    """First letters of the SHA-256 of a set's recogniser, which every vector depends on."""
    index = json.loads((resolve(source) / "index.json").read_text(encoding="utf-8"))
    return index["files"]["ser.safetensors"]["sha256"][:10]
