"""Converter: speech in, the same words with another emotion, by the same voice or another."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.audio.constants import SAMPLE_RATE
from emotts.audio.speech import Speech
from emotts.emotion.emotion import Emotion
from emotts.emotion.palette import Palette
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError
from emotts.synthesis.conversion_options import ConversionOptions
from emotts.synthesis.conversion_reading import Audio, Recorded, open_recording
from emotts.synthesis.conversion_transcript import check_length
from emotts.synthesis.felt import compile_feelings
from emotts.synthesis.voices import Voice, find_voice

if TYPE_CHECKING:
    from emotts.emotion.affect import Affect
    from emotts.synthesis.conversion import Wish
    from emotts.synthesis.conversion_models import ConversionModels

    Felt = Emotion | EmotionTrack | Affect | Mapping[str, float] | str | None

Progress = Callable[[float, float], None]
KEEP = 1.0  # docs/results.md: on dev recordings as emotional as 0, and nearer to the speaker
MEASURED_SECONDS = 60.0  # of speech, from which a speaker is known


@dataclass(frozen=True)
class Converted:
    """A conversion under way: pieces of samples (n,) at 24 kHz as they become ready, and how they
    are made; seconds: of the recording."""

    pieces: Iterator[np.ndarray]
    provenance: dict
    seconds: float


class Converter:
    """Holds the models; make one with `from_pretrained` and use it many times.

    learned: emotions beside the checkpoints' own, name to offset (dim,). stored: voices beside the
    checkpoints' own.
    """

    def __init__(
        self, models: ConversionModels, learned: Mapping[str, np.ndarray] | None = None,
        stored: Mapping[str, Voice] | None = None,
    ):  # fmt: skip
        self.conversion = models
        self.learned, self.stored = dict(learned or {}), dict(stored or {})

    @classmethod
    def from_pretrained(
        cls, source: str | Path | None = None, device: str = "cpu", vocoder: str | None = None
    ) -> Converter:
        """Load the embedded set (None), a folder, or a hub id; see `Synthesizer.from_pretrained`.

        Raises EmottsError naming a file that is missing, truncated or altered.
        """
        from emotts.synthesis.conversion_models import load_conversion_models

        return cls(load_conversion_models(source, device, vocoder))

    @property
    def models(self):
        """What synthesis holds: networks, space, voices, folder."""
        return self.conversion.synthesis

    @property
    def voices(self) -> dict[str, Voice]:
        """Voices by name, stored ones last."""
        return self.models.voices | self.stored

    @property
    def emotions(self) -> tuple[str, ...]:
        """Emotion categories that can be asked for."""
        return self.models.space.emotions

    @cached_property
    def mark(self) -> str:
        """Names the recogniser whose embeddings the emotion space is made of."""
        from emotts.synthesis.reference import recognizer_mark

        return recognizer_mark(self.models.folder)

    def palette(self, options: ConversionOptions | None = None) -> Palette:
        """What emotion words mean here, under some options."""
        options = options or ConversionOptions()
        return Palette(self.models.space, self.learned, options.directions, options.calibrated)

    def convert(
        self, audio: Audio, emotion: Felt = None, intensity: float | None = None,
        voice: str | Voice | None = None, speaker: Audio | None = None,
        neutral: Audio | Sequence[Audio] | None = None, progress: Progress | None = None, **options,
    ) -> Speech:  # fmt: skip
        """Say a recording's words with another emotion, or in another voice, or both.

        audio: a file, or samples (n,) at 24 kHz. emotion, intensity: see `Synthesizer.synthesize`;
        None keeps what is felt. voice: one of `voices`; speaker: a recording of whoever is to
        speak. neutral: the same speaker speaking neutrally, one recording or several; without it
        the recording's own mean pitch and level are taken for neutral. progress: called with
        seconds done and in all. options: see `ConversionOptions`.
        Returns 24 kHz mono speech, of the same length unless the rhythm is converted. Where nobody
        speaks, the recording is passed on as it is. Raises EmottsError for anything that cannot be
        converted, naming the valid choices.
        """
        with open_recording(audio) as recorded:
            converted = self.stream(
                recorded, emotion, intensity, voice, speaker, neutral, progress, **options
            )
            samples = np.concatenate([np.zeros(0, np.float32), *converted.pieces])
        return Speech(samples, SAMPLE_RATE, provenance=converted.provenance)

    def stream(
        self, recorded: Recorded, emotion: Felt = None, intensity: float | None = None,
        voice: str | Voice | None = None, speaker: Audio | None = None,
        neutral: Audio | Sequence[Audio] | None = None, progress: Progress | None = None, **options,
    ) -> Converted:  # fmt: skip
        """`convert`, window by window, of a recording that need not fit into memory."""
        asked = ConversionOptions.of(options)
        if emotion is not None and asked.scale_emotion != 1.0:
            raise EmottsError("an emotion and scale_emotion both say what is felt; give one")
        if asked.transcript is not None:
            check_length(recorded.seconds)
        if voice is not None and speaker is not None:
            raise EmottsError("voice and speaker both say who speaks; give one")
        feelings, note = self._felt(emotion, intensity, asked)
        target = self._target(voice, speaker)
        note |= {"voice": target.name if target else "source", "converted": recorded.name}
        provenance = note | asked.noted() | {"emotts": _version()}
        wish = self._wish(recorded, target, feelings, asked, neutral)
        return Converted(self._pieces(recorded, wish, progress), provenance, recorded.seconds)

    def _felt(self, emotion, intensity, asked: ConversionOptions):
        if emotion is None:
            if intensity is not None:
                raise EmottsError("an intensity needs an emotion; what is felt has scale_emotion")
            return None, {"emotion": "kept"}
        palette = self.palette(asked)
        felt = compile_feelings(palette, emotion, intensity, asked.felt(), self.models.prototypes)
        if isinstance(emotion, EmotionTrack):
            return felt, {"emotion": "track"}
        if isinstance(emotion, Mapping | tuple):
            named = emotion if isinstance(emotion, Mapping) else emotion._asdict()
            return felt, {"emotion": "affect", **named}
        parts = palette.parts(emotion, intensity)
        if len(parts) == 1:
            return felt, {"emotion": parts[0].name, "intensity": parts[0].weight}
        return felt, {"emotion": "+".join(map(str, parts)) or "neutral"}

    def _target(self, voice: str | Voice | None, speaker: Audio | None) -> Voice | None:
        if speaker is not None:
            return self.measure(speaker, name="speaker")
        return find_voice(self.voices, voice) if isinstance(voice, str) else voice

    def measure(self, recordings: Audio | Sequence[Audio], name: str = "source", **facts) -> Voice:
        """A voice as it sounds in recordings, of which a minute of speech is heard.

        facts: further fields of `Voice`. Raises EmottsError where nobody speaks.
        """
        from emotts.synthesis.analysis import measure_voice

        parts = []
        for recording in _several(recordings):
            with open_recording(recording) as recorded:
                parts += recorded.speech(MEASURED_SECONDS)
        if not parts:
            raise EmottsError("nobody speaks in the recording; give one of somebody speaking")
        return measure_voice(parts, self.conversion.speaker, name, **facts)[0]

    def _wish(self, recorded: Recorded, target, feelings, asked, neutral) -> Wish | None:
        from emotts.synthesis.conversion import Wish

        source = self._source(recorded, neutral)
        if source is None:
            said = f"nobody speaks in {recorded.name}; it is passed on as it is"
            warnings.warn(said, stacklevel=4)
            return None
        keep = (KEEP if asked.keep is None else asked.keep) if target is None else 0.0
        wish = Wish(
            source, target or source.voice, feelings, asked, max(recorded.seconds, 1e-3), keep
        )  # fmt: skip
        if asked.transcript is None:
            return wish
        from emotts.synthesis.conversion_words import known_words

        return replace(wish, known=known_words(self.conversion, recorded, wish))

    def _source(self, recorded: Recorded, neutral):
        from emotts.synthesis.analysis import Source, measure_voice
        from emotts.synthesis.recognizer import Neutral, read_samples

        if neutral is not None:
            parts = [read_samples(clip) for clip in _several(neutral)]
        else:
            parts = recorded.speech(MEASURED_SECONDS)
        if not parts:
            return None
        try:
            voice, gain = measure_voice(parts, self.conversion.speaker)
        except EmottsError:
            if neutral is not None:
                raise
            return None
        recognizer = self.conversion.recognizer
        known = Neutral(gain, voice.log_f0, recognizer.spectrum, None)
        if neutral is not None:
            known = recognizer.hear_neutral(parts)
        return Source(voice, gain, known)

    def _pieces(self, recorded: Recorded, wish: Wish | None, progress) -> Iterator[np.ndarray]:
        import torch

        from emotts.synthesis.conversion import convert_window
        from emotts.synthesis.windows import Joiner, cut

        if wish is None:
            yield from recorded.blocks()
            return
        joiner, done, made = Joiner(), 0, 0
        length = recorded.samples if wish.options.rhythm == "keep" else None
        for number, window in enumerate(cut(recorded.blocks())):
            with torch.inference_mode():
                samples, before, after = convert_window(self.conversion, window, wish, number)
            if not np.isfinite(samples).all():
                raise EmottsError(
                    f"the models gave samples that are not finite numbers for {recorded.name}; "
                    "try another seed, or check the checkpoints with 'emotts voices'"
                )
            ready = joiner.add(samples, before, after)
            done += window.size
            if length is not None:
                ready = ready[: max(0, length - made)]
            made += len(ready)
            yield ready
            if progress:
                progress(min(done / SAMPLE_RATE, recorded.seconds), recorded.seconds)


def _several(recordings) -> list:
    one = isinstance(recordings, str | Path | np.ndarray)
    return [recordings] if one else list(recordings)


def _version() -> str:
    from emotts import __version__

    return __version__
