"""Synthesizer: text in, emotional speech out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE
from emotts.audio.speech import Segment, Speech
from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError
from emotts.synthesis.level import limit_peaks
from emotts.synthesis.voices import Voice, find_voice
from emotts.text.phonemes import check_text, phonemize
from emotts.text.sequence import phone_sequence
from emotts.text.split import split_sentences

if TYPE_CHECKING:
    from emotts.synthesis.models import SynthesisModels

STEPS, TEMPERATURE, GUIDANCE = 2, 0.25, 1.0
UNHURRIED = 0.93  # a shade slower than the speakers themselves: clearer words, chosen on dev texts
SENTENCE_PAUSE = 0.25
RANGES = {
    "rate": (0.5, 2.0), "pitch": (-12.0, 12.0), "energy": (-20.0, 20.0),
    "steps": (1, 100), "guidance": (0.0, 10.0), "temperature": (0.0, 1.5),
}  # fmt: skip

Progress = Callable[[int, int], None]


class Synthesizer:
    """Holds the models; make one with `from_pretrained` and use it many times."""

    def __init__(self, models: SynthesisModels):
        self.models = models

    @classmethod
    def from_pretrained(
        cls, source: str | Path | None = None, device: str = "cpu", vocoder: str | None = None
    ) -> Synthesizer:
        """Load the embedded set (None), a folder, or a hub id.

        vocoder: None for the set's own, "griffin-lim", or a path to a HiFi-GAN generator.
        Raises EmottsError naming a file that is missing, truncated or altered.
        """
        from emotts.synthesis.models import load_models

        return cls(load_models(source, device, vocoder))

    @property
    def voices(self) -> dict[str, Voice]:
        """Voices by name."""
        return self.models.voices

    @property
    def emotions(self) -> tuple[str, ...]:
        """Emotion categories that can be asked for."""
        return self.models.space.emotions

    def synthesize(
        self, text: str, voice: str = "kathleen",
        emotion: Emotion | EmotionTrack | str | None = None, intensity: float | None = None,
        language: str | None = None, rate: float = 1.0, pitch: float = 0.0, energy: float = 0.0,
        seed: int = 0, steps: int | None = None, guidance: float | None = None,
        temperature: float | None = None, progress: Progress | None = None,
    ) -> Speech:  # fmt: skip
        """Say a text.

        emotion: a category, "happy:0.8", an Emotion, or an EmotionTrack over the utterance;
        intensity: 0 (neutral) to 1.5. rate: tempo, 0.5–2; pitch: semitones, ±12; energy: dB, ±20.
        seed: the same gives the same samples. steps, guidance, temperature: of the flow decoder.
        progress: called with sentences done and in all.
        Returns 24 kHz mono speech with its words' times. Raises EmottsError for anything that
        cannot be said, naming the valid choices.
        """
        pieces = list(
            self.stream(
                text, voice, emotion, intensity, language, rate, pitch, energy, seed, steps,
                guidance, temperature, progress,
            )
        )  # fmt: skip
        samples = np.concatenate([piece.samples for piece in pieces])
        timeline, start = [], 0.0
        for piece in pieces:
            timeline += [
                Segment(s.label, s.start_seconds + start, s.end_seconds + start)
                for s in piece.timeline
            ]
            start += piece.seconds
        return Speech(samples, SAMPLE_RATE, tuple(timeline), pieces[0].provenance | {"text": text})

    def stream(
        self, text: str, voice: str = "kathleen",
        emotion: Emotion | EmotionTrack | str | None = None, intensity: float | None = None,
        language: str | None = None, rate: float = 1.0, pitch: float = 0.0, energy: float = 0.0,
        seed: int = 0, steps: int | None = None, guidance: float | None = None,
        temperature: float | None = None, progress: Progress | None = None,
    ) -> Iterator[Speech]:  # fmt: skip
        """`synthesize`, sentence by sentence: pieces to be played one after another."""
        from emotts.synthesis.phrasing import Wish
        from emotts.synthesis.sentence import Settings

        speaker = find_voice(self.voices, voice)
        track, provenance = self._track(emotion, intensity)
        settings = {
            "rate": rate, "pitch": pitch, "energy": energy,
            "steps": STEPS if steps is None else steps,
            "guidance": GUIDANCE if guidance is None else guidance,
            "temperature": TEMPERATURE if temperature is None else temperature,
        }  # fmt: skip
        for name, value in settings.items():
            _check(name, value)
        for name, value in (("steps", settings["steps"]), ("seed", seed)):
            if not isinstance(value, Real) or not float(value).is_integer() or value < 0:
                raise EmottsError(f"{name} is {value!r}; it must be a whole number, 0 or more")
        language = language or speaker.language
        check_text(text)
        sentences = [s for s in split_sentences(text) if any(c.isalnum() for c in s)]
        if not sentences:
            raise EmottsError("nothing in the text can be pronounced; it needs at least one word")
        provenance |= {
            "voice": voice, "language": language, "seed": seed, **settings, "emotts": _version(),
        }  # fmt: skip
        decoding = Settings(
            settings["steps"], settings["temperature"], settings["guidance"], energy
        )
        for number, sentence in enumerate(sentences):
            spoken, words = self._say(
                sentence, language, speaker, track, Wish(rate * UNHURRIED, pitch), decoding,
                (seed + 7919 * number) % 2**32,
            )  # fmt: skip
            if number < len(sentences) - 1:
                gap = np.zeros(int(SENTENCE_PAUSE / rate * SAMPLE_RATE), dtype=np.float32)
                spoken = np.concatenate([spoken, gap])
            yield Speech(spoken, SAMPLE_RATE, words, provenance | {"text": sentence})
            if progress:
                progress(number + 1, len(sentences))

    def _track(self, emotion, intensity) -> tuple[EmotionTrack, dict]:
        """The emotion track of a request, and how to note it."""
        if isinstance(emotion, EmotionTrack):
            track = emotion if intensity is None else emotion.scale(intensity)
            if track.dim != self.models.space.dim:
                raise EmottsError(
                    f"the emotion track has {track.dim} dimensions where these checkpoints have "
                    f"{self.models.space.dim}"
                )
            return track, {"emotion": "track"}
        wanted = Emotion.of(emotion, intensity)
        space = self.models.space
        if wanted.name != "neutral" and wanted.name not in space.emotions:
            choices = ", ".join(space.emotions)
            raise EmottsError(f"these checkpoints have no {wanted.name!r}; choose from {choices}")
        track = EmotionTrack.constant(space.vector(wanted))
        return track, {"emotion": wanted.name, "intensity": wanted.intensity}

    def _say(self, sentence, language, speaker, track, wish, settings, seed):
        import torch

        from emotts.synthesis.sentence import speak

        sequence = phone_sequence(phonemize(sentence, language), language)
        with torch.inference_mode():
            spoken = speak(self.models, sequence, speaker, track, wish, settings, seed)
        if not np.isfinite(spoken.samples).all():
            raise EmottsError(
                f"the models gave samples that are not finite numbers for {sentence!r}; "
                "try another seed, or check the checkpoints with 'emotts voices'"
            )
        samples = limit_peaks(spoken.samples, SAMPLE_RATE)
        return samples, _words(sequence, spoken.durations)


def _words(sequence, durations: np.ndarray) -> tuple[Segment, ...]:
    """Times of the words, labelled by their phonemes."""
    ends = np.cumsum(durations) * 2 * HOP_LENGTH / SAMPLE_RATE
    starts = ends - durations * 2 * HOP_LENGTH / SAMPLE_RATE
    out = []
    for number, word in enumerate(sequence.words):
        mine = np.flatnonzero(sequence.word == number)
        out.append(Segment(word, float(starts[mine[0]]), float(ends[mine[-1]])))
    return tuple(out)


def _check(name: str, value: float) -> None:
    low, high = RANGES[name]
    if isinstance(value, bool) or not isinstance(value, Real):
        raise EmottsError(f"{name} is {value!r}; it must be a number from {low:g} to {high:g}")
    if not low <= value <= high:
        raise EmottsError(f"{name} is {value}; it must lie between {low:g} and {high:g}")


def _version() -> str:
    from emotts import __version__

    return __version__
