"""What every metric of `evaluate files` has in common, and those that hear one file by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from emotts.evaluation.files_audio import RATE, Sound
from emotts.evaluation.files_manifest import Row
from emotts.evaluation.score_cache import ScoreCache

LOADING_FAILS = (ImportError, ValueError, OSError, RuntimeError)  # EmottsError is a ValueError
SHORTEST_NEUTRAL = 0.3  # seconds; the emotion judges hear no less


class NotGiven(Exception):
    """A row lacks what a metric needs; `column` of the manifest could give it.

    figures: what the metric could tell all the same.
    """

    def __init__(self, column: str, why: str, figures: dict[str, Any] | None = None):
        super().__init__(why)
        self.column, self.figures = column, figures or {}


class JudgeAbsent(Exception):
    """The machine does not have the judge; the message says what to install or name."""


@dataclass
class Table:
    """The rows with sound, what their files hold, and what judges said before."""

    rows: list[Row]
    sounds: dict[int, Sound]  # by row number
    cache: ScoreCache
    _neutrals: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    _said: dict[tuple[str, Path], Any] = field(default_factory=dict)

    def said(self, judge: str, path: Path, score: Callable[[], Any]) -> Any:
        """What the judge said of the file's content, now or in an earlier run."""
        if (judge, path) not in self._said:
            self._said[judge, path] = self.cache.get(judge, path, score)
        return self._said[judge, path]

    def neutrals(self, row: Row) -> list[Row]:
        """The neutral files of the row's voice by the row's system; [] without a voice."""
        key = (row.system, row.voice)
        if row.voice and key not in self._neutrals:
            self._neutrals[key] = [
                other
                for other in self.rows
                if other.neutral
                and (other.system, other.voice) == key
                and not self.sounds[other.number].silent
                and self.sounds[other.number].seconds >= SHORTEST_NEUTRAL
            ]
        return self._neutrals.get(key, [])


class Metric(Protocol):
    """A group of figures that one judge makes; `fields` are the keys it may add to a row."""

    name: str
    fields: tuple[str, ...]

    def score(self, row: Row, table: Table) -> dict[str, Any]:
        """The figures of a row.

        Raises NotGiven, JudgeAbsent or ImportError, or EmottsError for what cannot be judged.
        """


class Loaded:
    """A judge that is loaded when first asked; one that cannot be is not tried again."""

    def __init__(self, load: Callable[[], Any]):
        self._load, self._judge, self._why = load, None, ""

    def __call__(self) -> Any:
        """The judge; raises JudgeAbsent."""
        if self._judge is None and not self._why:
            try:
                self._judge = self._load()
            except LOADING_FAILS as error:
                self._why = str(error) or type(error).__name__
        if self._why:
            raise JudgeAbsent(self._why)
        return self._judge


class Words:
    """Word and character errors of what Whisper base writes down, after normalisation."""

    name = "words"
    fields = ("wer", "cer", "word_errors", "word_count", "heard")

    def __init__(self, load: Callable[[], Any] | None = None):
        self._judge = Loaded(load or self._load)

    @staticmethod
    def _load() -> Any:
        import jiwer  # noqa: F401  before anything is heard

        from emotts.evaluation.words import WordJudge

        return WordJudge()

    def score(self, row: Row, table: Table) -> dict[str, Any]:
        """wer and cer of the row's text; needs the column text."""
        from emotts.evaluation.words import judge_key, word_errors

        if not row.text:
            raise NotGiven("text", "no text to compare with")
        language = row.language[:2]
        heard = table.said(
            judge_key(language), row.path, lambda: self._judge().transcribe(row.path, language)
        )
        found = word_errors([row.text], [heard], language)
        errors, count = found.per_sentence[0]
        return {
            "wer": found.wer, "cer": found.cer, "word_errors": int(errors),
            "word_count": int(count), "heard": heard,
        }  # fmt: skip


class Opinion:
    """A judge of naturalness: samples (n,) at 16 kHz in, one number out."""

    def __init__(self, name: str, load: Callable[[], Any]):
        self.name, self.fields = name, (name,)
        self._judge = Loaded(load)

    def score(self, row: Row, table: Table) -> dict[str, Any]:
        """The judge's number."""

        def hear() -> float:
            from emotts.evaluation.naturalness import score_file

            judge = self._judge()
            return score_file(row.path, [judge])[judge.name]

        # The judges' own names are what the suite keeps their scores under.
        return {self.name: table.said(self.name.replace("_", ""), row.path, hear)}


def _distill_mos() -> Any:
    from emotts.evaluation.naturalness import DistillMos

    return DistillMos()


def _dnsmos() -> Any:
    from emotts.evaluation.naturalness import Dnsmos

    return Dnsmos()


def opinions() -> list[Opinion]:
    """DistillMOS and DNSMOS."""
    return [Opinion("distill_mos", _distill_mos), Opinion("dnsmos", _dnsmos)]


class Prosody:
    """Pitch and level of the file itself, and its pitch above its voice's neutral files."""

    name = "prosody"
    fields = (
        "f0_mean_semitones", "f0_spread_semitones", "f0_span_semitones", "voiced_share",
        "f0_shift_semitones", "level_dbfs", "level_span_db", "peak_dbfs",
    )  # fmt: skip

    def score(self, row: Row, table: Table) -> dict[str, Any]:
        """Statistics of F0 by SwiftF0 and of level; f0_shift_semitones needs neutral files."""
        found = dict(self._statistics(row, table))
        own = found["f0_mean_semitones"]
        plain = [self._statistics(r, table)["f0_mean_semitones"] for r in table.neutrals(row)]
        plain = [value for value in plain if value is not None]
        found["f0_shift_semitones"] = own - sum(plain) / len(plain) if plain and own else None
        return found

    @staticmethod
    def _statistics(row: Row, table: Table) -> dict[str, Any]:
        from emotts.audio.f0 import track_f0
        from emotts.audio.io import read_audio
        from emotts.evaluation.metrics.f0_metrics import pitch_statistics
        from emotts.evaluation.metrics.level import level_statistics

        def measure() -> dict[str, Any]:
            samples = read_audio(row.path, RATE)
            return {**pitch_statistics(track_f0(samples)[0]), **level_statistics(samples, RATE)}

        return table.said("prosody-1", row.path, measure)
