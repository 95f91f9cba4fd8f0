"""Synthesizer: text in, emotional speech out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE
from emotts.audio.speech import Segment, Speech
from emotts.emotion.emotion import Emotion
from emotts.emotion.palette import Palette
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError
from emotts.synthesis.felt import compile_feelings
from emotts.synthesis.level import limit_peaks
from emotts.synthesis.options import Options
from emotts.synthesis.voices import Voice, find_voice
from emotts.text.markup import MarkedText, read_text
from emotts.text.phonemes import check_text

if TYPE_CHECKING:
    from emotts.emotion.affect import Affect
    from emotts.synthesis.line import Line
    from emotts.synthesis.models import SynthesisModels
    from emotts.synthesis.script import Asked

    Felt = Emotion | EmotionTrack | Affect | Mapping[str, float] | str | None

Progress = Callable[[int, int], None]


class Synthesizer:
    """Holds the models; make one with `from_pretrained` and use it many times.

    learned: emotions beside the checkpoints' own, name to offset (dim,). stored: voices beside the
    checkpoints' own (`emotts.synthesis.stored_voices`).
    """

    def __init__(
        self, models: SynthesisModels, learned: Mapping[str, np.ndarray] | None = None,
        stored: Mapping[str, Voice] | None = None,
    ):  # fmt: skip
        self.models = models
        self.learned, self.stored = dict(learned or {}), dict(stored or {})

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
        """Voices by name, stored ones last."""
        return self.models.voices | self.stored

    @property
    def emotions(self) -> tuple[str, ...]:
        """Emotion categories that can be asked for."""
        return self.models.space.emotions

    @property
    def mark(self) -> str:
        """Names the recogniser whose embeddings the emotion space is made of."""
        from emotts.synthesis.reference import recognizer_mark

        return recognizer_mark(self.models.folder)

    def voice(self, name: str) -> Voice:
        """The voice of a name; raises EmottsError naming all."""
        return find_voice(self.voices, name)

    def palette(self, options: Options | None = None) -> Palette:
        """What emotion words mean here, under some options."""
        options = options or Options()
        return Palette(self.models.space, self.learned, options.directions, options.calibrated)

    def synthesize(
        self, text: str | MarkedText, voice: str = "kathleen", emotion: Felt = None,
        intensity: float | None = None, progress: Progress | None = None, **options,
    ) -> Speech:  # fmt: skip
        """Say a text.

        text: plain, with inline tags, SSML (see `emotts.text.markup`), or read already. emotion:
        words ("happy", "happy:0.6+sad:0.4", "very angry"), an Emotion, an Affect or a mapping with
        valence, arousal, dominance, or an EmotionTrack over the text; intensity: 0 (neutral) to
        1.5. progress: called with sentences done and in all. options: see `Options`.
        Returns 24 kHz mono speech with its words' times. Raises EmottsError for anything that
        cannot be said, naming the valid choices.
        """
        pieces = list(self.stream(text, voice, emotion, intensity, progress, **options))
        samples = np.concatenate([piece.samples for piece in pieces])
        timeline, start = [], 0.0
        for piece in pieces:
            timeline += [
                Segment(s.label, s.start_seconds + start, s.end_seconds + start)
                for s in piece.timeline
            ]
            start += piece.seconds
        whole = text.text if isinstance(text, MarkedText) else text
        return Speech(samples, SAMPLE_RATE, tuple(timeline), pieces[0].provenance | {"text": whole})

    def stream(
        self, text: str | MarkedText, voice: str = "kathleen", emotion: Felt = None,
        intensity: float | None = None, progress: Progress | None = None, **options,
    ) -> Iterator[Speech]:  # fmt: skip
        """`synthesize`, sentence by sentence: pieces to be played one after another."""
        asked, provenance = self._asked(voice, emotion, intensity, Options.of(options))
        lines = self._lines(text, asked)
        return self._spoken(lines, asked, provenance, progress)

    def natural_seconds(
        self, text: str | MarkedText, voice: str = "kathleen", emotion: Felt = None,
        intensity: float | None = None, **options,
    ) -> float:  # fmt: skip
        """How long `synthesize` takes to say a text if nobody hurries it, its silences included,
        without making a sound; an asked `seconds` does not count. It rounds every phone to whole
        frames, so the result differs by some hundredths."""
        import torch

        from emotts.synthesis.timing import natural_length

        asked, _ = self._asked(voice, emotion, intensity, Options.of(options))
        with torch.inference_mode():
            return natural_length(self.models, self._lines(text, asked), asked.options)

    def _asked(
        self, voice: str, emotion, intensity: float | None, options: Options
    ) -> tuple[Asked, dict]:
        from emotts.synthesis.script import Asked

        speaker = find_voice(self.voices, voice)
        palette = self.palette(options)
        felt = compile_feelings(palette, emotion, intensity, options, self.models.prototypes)
        spec = emotion if isinstance(emotion, str | Emotion) else None
        if isinstance(emotion, EmotionTrack):
            note: dict = {"emotion": "track"}
        elif isinstance(emotion, Mapping | tuple):
            note = {"emotion": "affect", **(emotion if isinstance(emotion, Mapping) else
                                            emotion._asdict())}  # fmt: skip
        else:
            parts = palette.parts(emotion or "neutral", intensity)
            note = {"emotion": "+".join(map(str, parts)) or "neutral"}
            if len(parts) == 1:
                note = {"emotion": parts[0].name, "intensity": parts[0].weight}
        note |= {"voice": voice, "language": options.language or speaker.language}
        return Asked(speaker, felt, palette, options, spec), note | options.noted() | {
            "emotts": _version()
        }

    def _lines(self, text: str | MarkedText, asked: Asked) -> list[Line]:
        from emotts.synthesis.script import read_lines

        if isinstance(text, MarkedText):
            marked = text
        else:
            check_text(text)
            language = asked.options.language or asked.voice.language
            marked = (
                read_text(text, asked.palette.names, language)
                if asked.options.markup
                else MarkedText.plain(text)
            )
        check_text(marked.text)
        return read_lines(marked, asked, self.voices)

    def _spoken(self, lines, asked: Asked, provenance: dict, progress) -> Iterator[Speech]:
        import torch

        from emotts.synthesis.timing import fit

        with torch.inference_mode():
            pairs, crop = fit(self.models, lines, asked.options)
        elapsed = 0.0
        for number, line in enumerate(lines):
            line = _begun(line, elapsed + line.before)
            speech = self._say(line, asked.options, number, pairs[number])
            if crop and number == len(lines) - 1:
                speech = replace(speech, samples=speech.samples[:-crop])
            yield replace(speech, provenance=provenance | speech.provenance | {"text": line.text})
            elapsed += speech.seconds
            if progress:
                progress(number + 1, len(lines))

    def _say(self, line: Line, options: Options, number: int, pairs: int | None) -> Speech:
        import torch

        from emotts.synthesis.sentence import Settings, speak

        settings = Settings(
            options.steps, options.temperature, options.guidance, options.variety, options.solver,
            options.classifier_guidance,
        )  # fmt: skip
        seed, chosen = seed_of(options.seed, number), {}
        with torch.inference_mode():
            if options.best_of > 1:
                spoken, chosen = self._best(line, settings, seed, options.best_of, pairs)
            else:
                spoken = speak(self.models, line, settings, seed, pairs)
        if not np.isfinite(spoken.samples).all():
            raise EmottsError(
                f"the models gave samples that are not finite numbers for {line.text!r}; "
                "try another seed, or check the checkpoints with 'emotts voices'"
            )
        samples = limit_peaks(spoken.samples, SAMPLE_RATE)
        before, after = (np.zeros(round(s * SAMPLE_RATE), np.float32)
                         for s in (line.before, line.after))  # fmt: skip
        words = _words(line.sequence, spoken.durations, len(before) / SAMPLE_RATE)
        return Speech(np.concatenate([before, samples, after]), SAMPLE_RATE, words, chosen)

    def _best(self, line: Line, settings, seed: int, count: int, pairs: int | None):
        from emotts.synthesis.rerank import best_of

        seeds = [(seed + take) % 2**32 for take in range(count)]
        spoken, winner, scores = best_of(self.hearing, line, settings, seeds, pairs)
        totals = [round(s.total, 3) for s in scores]
        return spoken, {"best_of": count, "take": seeds.index(winner), "scores": totals}

    @cached_property
    def hearing(self):
        """The own judges of takes, loaded when first asked."""
        from emotts.synthesis.hearing import Hearing

        return Hearing.load(self.models)


def seed_of(seed: int, number: int) -> int:
    """The seed of sentence `number` of a text."""
    return (int(seed) + 7919 * number) % 2**32


def _begun(line: Line, seconds: float) -> Line:
    """The line as it sounds when it begins so many seconds into the text."""
    return replace(line, courses=tuple(replace(c, seconds=seconds) for c in line.courses))


def _words(sequence, durations: np.ndarray, start: float) -> tuple[Segment, ...]:
    """Times of the words, labelled by their phonemes."""
    ends = np.cumsum(durations) * 2 * HOP_LENGTH / SAMPLE_RATE + start
    starts = ends - durations * 2 * HOP_LENGTH / SAMPLE_RATE
    out = []
    for number, word in enumerate(sequence.words):
        mine = np.flatnonzero(sequence.word == number)
        out.append(Segment(word, float(starts[mine[0]]), float(ends[mine[-1]])))
    return tuple(out)


def _version() -> str:
    from emotts import __version__

    return __version__
