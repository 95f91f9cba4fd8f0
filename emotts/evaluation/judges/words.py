"""Judges of words: Whisper of any size, and pocketsphinx where Whisper cannot be had."""

from __future__ import annotations

from abc import abstractmethod
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation.judges.base import RATE, Judge, Reference, lacking, looks_local, optional

POCKETSPHINX = "pocketsphinx"
_PACKAGED = "'emotts[eval]'"


class _Words(Judge):
    """Word and character error rates of what is heard against the text."""

    metrics = ("wer", "cer")

    def score(
        self, path: str | Path, reference: Reference | None = None, text: str | None = None,
        language: str = "en",
    ) -> dict[str, float]:  # fmt: skip
        """{"wer", "cer"}: 0 is no error; both pass 1 when much is inserted."""
        from emotts.evaluation.words import word_errors

        if not text:
            raise EmottsError(f"the judge {self.name} needs the text that {path} should say")
        errors = word_errors([text], [self.hear(path, language)], language)
        return {"wer": errors.wer, "cer": errors.cer}

    @abstractmethod
    def hear(self, path: str | Path, language: str = "en") -> str:
        """What the judge writes down; empty for silence."""


class Whisper(_Words):
    """faster-whisper (Radford et al. 2022): the packaged base model, a folder, a size, a hub id."""

    name = "whisper"

    def __init__(self, source: str | None = None):
        from emotts.evaluation.words import WordJudge

        self.judge = WordJudge(source)

    @staticmethod
    def missing(source: str | None) -> str | None:
        """Why it cannot be made."""
        from emotts.evaluation.words import PARTS

        reason = lacking("faster_whisper", "jiwer", extra=_PACKAGED)
        if reason is None and source is None and None in [find_spec(part) for part in PARTS]:
            reason = f"no source was given and Whisper base is not there: pip install {_PACKAGED}"
        if reason is None and source and looks_local(source):
            if not (Path(source).expanduser() / "model.bin").is_file():
                reason = f"{source} holds no model.bin of faster-whisper"
        return reason

    def hear(self, path: str | Path, language: str = "en") -> str:
        """Its transcript."""
        return self.judge.transcribe(path, language)


class Pocketsphinx(_Words):
    """CMU Sphinx's small US English recognizer: far weaker than Whisper, and only a fallback.

    source: a folder with an acoustic model `en-us`, `en-us.lm.bin` and `cmudict-en-us.dict`; None
    takes those that the package brings.
    """

    name = "pocketsphinx"

    def __init__(self, source: str | None = None):
        sphinx = optional(POCKETSPHINX, POCKETSPHINX)
        if source is None:
            self.decoder = sphinx.Decoder(samprate=RATE, loglevel="FATAL")
            return
        folder = Path(source).expanduser()
        self.decoder = sphinx.Decoder(
            hmm=str(folder / "en-us"), lm=str(folder / "en-us.lm.bin"),
            dict=str(folder / "cmudict-en-us.dict"), samprate=RATE, loglevel="FATAL",
        )  # fmt: skip

    @staticmethod
    def missing(source: str | None) -> str | None:
        """Why it cannot be made."""
        reason = lacking(POCKETSPHINX, extra=POCKETSPHINX) or lacking("jiwer", extra=_PACKAGED)
        if reason is None and source and not (Path(source).expanduser() / "en-us").is_dir():
            reason = f"{source} holds no acoustic model en-us of pocketsphinx"
        return reason

    def hear(self, path: str | Path, language: str = "en") -> str:
        """Its best hypothesis, lower case; English only."""
        from emotts.audio.io import read_audio

        if not language.lower().startswith("en"):
            raise EmottsError(f"pocketsphinx hears English only, not {language}")
        samples = np.clip(read_audio(path, rate=RATE), -1, 1)
        self.decoder.start_utt()
        self.decoder.process_raw((samples * 32767).astype(np.int16).tobytes(), full_utt=True)
        self.decoder.end_utt()
        best = self.decoder.hyp()
        return best.hypstr if best else ""
