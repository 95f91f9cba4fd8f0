"""OnnxSynthesizer: `Synthesizer` for plain text, without torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE
from emotts.audio.speech import Segment, Speech
from emotts.emotion.palette import Palette
from emotts.errors import EmottsError
from emotts.onnx_runner.folder import RunnerVoice, read_folder
from emotts.onnx_runner.noise import TorchNoise
from emotts.onnx_runner.reading import PlainLine, plain_text, read_plain
from emotts.onnx_runner.sentence import say
from emotts.synthesis.felt import compile_feelings
from emotts.synthesis.level import limit_peaks
from emotts.synthesis.options import Options

if TYPE_CHECKING:
    from emotts.emotion.affect import Affect
    from emotts.emotion.emotion import Emotion
    from emotts.emotion.track import EmotionTrack

    Felt = Emotion | EmotionTrack | Affect | Mapping[str, float] | str | None

# What only torch's path can do, and the value that leaves it out.
REFUSED = {"solver": "euler", "seconds": None, "classifier_guidance": 0.0, "best_of": 1}


class OnnxSynthesizer:
    """Holds the networks of an exported folder; make one and use it many times.

    learned: emotions beside the folder's own, name to offset (dim,). threads: of onnxruntime, 0 for
    as many as there are cores. Raises EmottsError for a folder that is not whole.
    """

    def __init__(
        self, folder: str | Path, learned: Mapping[str, np.ndarray] | None = None, threads: int = 0
    ):
        self.models = read_folder(folder, threads)
        self.learned = dict(learned or {})

    @property
    def voices(self) -> dict[str, RunnerVoice]:
        """Voices by name."""
        return self.models.voices

    @property
    def emotions(self) -> tuple[str, ...]:
        """Emotion categories that can be asked for."""
        return self.models.space.emotions

    def synthesize(
        self, text: str, voice: str = "kathleen", emotion: Felt = None,
        intensity: float | None = None, **options,
    ) -> Speech:  # fmt: skip
        """Say a plain text, with the same samples as `Synthesizer.synthesize` within −40 dB.

        emotion, intensity: as there, mixes, affect and tracks included. options: see
        `emotts.synthesis.options.Options`; seed, language, rate, pitch, pitch_range, energy, steps,
        temperature, guidance, variety, mixing, directions, calibrated, suppress and
        negative_guidance are followed. Returns 24 kHz mono speech with its words' times. Raises
        EmottsError for the other options and for markup.
        """
        pieces = list(self.stream(text, voice, emotion, intensity, **options))
        timeline, start = [], 0.0
        for piece in pieces:
            timeline += [
                Segment(s.label, s.start_seconds + start, s.end_seconds + start)
                for s in piece.timeline
            ]
            start += piece.seconds
        samples = np.concatenate([piece.samples for piece in pieces])
        return Speech(samples, SAMPLE_RATE, tuple(timeline), pieces[0].provenance | {"text": text})

    def stream(
        self, text: str, voice: str = "kathleen", emotion: Felt = None,
        intensity: float | None = None, **options,
    ) -> Iterator[Speech]:  # fmt: skip
        """`synthesize`, sentence by sentence: pieces to be played one after another."""
        asked = _checked(Options.of(options))
        if voice not in self.voices:
            raise EmottsError(f"unknown voice {voice!r}; choose from {', '.join(self.voices)}")
        speaker = self.voices[voice]
        palette = Palette(self.models.space, self.learned, asked.directions, asked.calibrated)
        felt = compile_feelings(palette, emotion, intensity, asked, self.models.prototypes)
        said = plain_text(text, palette, asked, asked.language or speaker.language)
        lines = read_plain(said, speaker, felt, asked)
        provenance = {"voice": voice, "runner": "onnx"} | asked.noted()
        return self._spoken(lines, provenance)

    def _spoken(self, lines: list[PlainLine], provenance: dict) -> Iterator[Speech]:
        elapsed = 0.0
        for number, line in enumerate(lines):
            line = replace(line, courses=tuple(replace(c, seconds=elapsed) for c in line.courses))
            speech = self._say(line, number, provenance)
            elapsed += speech.seconds
            yield speech

    def _say(self, line: PlainLine, number: int, provenance: dict) -> Speech:
        said = say(self.models, line, TorchNoise(seed_of(line.options.seed, number)))
        if not np.isfinite(said.samples).all():
            raise EmottsError(
                f"the networks gave samples that are not finite numbers for {line.text!r}; try "
                "another seed, or export the checkpoints anew"
            )
        after = np.zeros(round(line.after * SAMPLE_RATE), np.float32)
        samples = np.concatenate([limit_peaks(said.samples, SAMPLE_RATE), after])
        words = _words(line, said.durations)
        return Speech(samples, SAMPLE_RATE, words, provenance | {"text": line.text})


def seed_of(seed: int, number: int) -> int:
    """The seed of sentence `number` of a text, as `emotts.synthesis.synthesizer.seed_of`."""
    return (int(seed) + 7919 * number) % 2**32


def _checked(options: Options) -> Options:
    for name, only in REFUSED.items():
        if getattr(options, name) != only:
            raise EmottsError(
                f"the onnx runner does not follow {name}={getattr(options, name)!r}; leave it at "
                f"{only!r}, or use emotts.Synthesizer"
            )
    return options


def _words(line: PlainLine, durations: np.ndarray) -> tuple[Segment, ...]:
    """Times of the words, labelled by their phonemes."""
    ends = np.cumsum(durations) * 2 * HOP_LENGTH / SAMPLE_RATE
    starts = np.maximum(ends - durations * 2 * HOP_LENGTH / SAMPLE_RATE, 0.0)
    out = []
    for number, word in enumerate(line.sequence.words):
        mine = np.flatnonzero(line.sequence.word == number)
        out.append(Segment(word, float(starts[mine[0]]), float(ends[mine[-1]])))
    return tuple(out)
