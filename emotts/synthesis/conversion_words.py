"""What a transcript tells of a whole recording, cut to the windows that are converted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from emotts.emotion.track import EmotionTrack
from emotts.models.contours import frame_curves
from emotts.synthesis.analysis import PAIR, analyse, padded
from emotts.synthesis.conversion_transcript import Words, align_words
from emotts.synthesis.course import Course
from emotts.synthesis.felt import Feeling
from emotts.synthesis.line import Delivery, Line
from emotts.synthesis.phrasing import sample_prosody

if TYPE_CHECKING:
    from emotts.synthesis.conversion import Wish
    from emotts.synthesis.conversion_models import ConversionModels
    from emotts.synthesis.conversion_reading import Recorded
    from emotts.synthesis.windows import Window


@dataclass(frozen=True)
class KnownWords:
    """words: where they lie in the recording; melody: (frames,) semitones above the target's mean
    made from the words, or None."""

    words: Words
    melody: np.ndarray | None

    def mu_of(self, window: Window) -> np.ndarray:
        """mu (pairs, 160) of a window with its margins."""
        return _part(self.words.mu, window, 1)

    def melody_of(self, window: Window) -> np.ndarray | None:
        """Melody (frames,) of a window with its margins."""
        return None if self.melody is None else _part(self.melody, window, 2)


def _part(values: np.ndarray, window: Window, per_pair: int) -> np.ndarray:
    """Rows of a window; behind the recording's end the last is held."""
    first = (window.start // PAIR - window.before) * per_pair
    count = len(window.samples) // PAIR * per_pair
    return values[np.minimum(np.arange(first, first + count), len(values) - 1)]


def known_words(models: ConversionModels, recorded: Recorded, wish: Wish) -> KnownWords:
    """Find the transcript of a wish in its recording; see `align_words` for what is raised."""
    from emotts.synthesis.conversion import hear_content
    from emotts.text.phonemes import phonemize
    from emotts.text.sequence import phone_sequence

    asked = wish.options
    sequence = phone_sequence(phonemize(asked.transcript, asked.language), asked.language)
    samples = padded(np.concatenate(list(recorded.blocks())))
    frames = analyse(samples * np.float32(wish.source.gain))
    with torch.inference_mode():
        heard = hear_content(models, frames)
    speech = frames.speech.reshape(-1, 2).any(axis=1)
    words = align_words(models.synthesis, heard, speech, sequence)
    return KnownWords(words, _melody(models, words, wish) if asked.pitch_blend else None)


def _melody(models: ConversionModels, words: Words, wish: Wish) -> np.ndarray:
    """Semitones above the target's mean (frames,) of the melody that synthesis would give these
    words with the emotion asked for, or neutrally where what is felt is kept."""
    count = len(words.sequence)
    neutral = EmotionTrack.constant(np.zeros(models.synthesis.space.dim))
    courses = tuple(
        Course(f.track, weight=f.weight, steers=f.steers)
        for f in wish.feelings or (Feeling(neutral),)
    )
    line = Line(
        words.sequence, wish.target, courses, Delivery.plain(count), wish.options.transcript
    )
    generator = torch.Generator().manual_seed(int(wish.options.seed) % 2**32)
    with torch.inference_mode():
        prosody = sample_prosody(models.synthesis, line, generator)
    knots = np.column_stack([prosody.pitch, prosody.energy])
    return frame_curves(words.durations, knots)[0]
