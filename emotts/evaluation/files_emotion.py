"""The emotion judges of `evaluate files`: SER B relative to neutral and absolutely, the same with
Whisper's layers, and SER A."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation.files_judges import Loaded, NotGiven, Table
from emotts.evaluation.files_manifest import Row


def _needs_sound(row: Row, table: Table) -> None:
    if table.sounds[row.number].silent:
        raise EmottsError("the file is silent, so no emotion is heard in it")


def _lack(row: Row) -> str:
    if not row.voice:
        return "no voice is named"
    return f"voice {row.voice!r} has no neutral file by the same system"


class EmotionB:
    """SER B, the judge of record: eGeMAPS relative to the voice's neutral files of the manifest."""

    name = "ser_b"
    fields = ("ser_b", "ser_b_probability", "ser_b_absolute", "ser_b_absolute_probability")

    def __init__(self, folder: str | Path | None = None, load: Callable[[], Any] | None = None):
        self.folder = folder
        self._gains: dict[tuple[int, ...], float] = {}
        self._judge = Loaded(load or self._load)

    def _load(self) -> Any:
        import opensmile  # noqa: F401

        from emotts.evaluation.ser_b import SerB

        return SerB.load(self.folder)

    def score(self, row: Row, table: Table) -> dict[str, Any]:
        """What is heard absolutely, and relative to neutral where the voice has neutral files.

        Without them the level, too, is the file's own. Raises NotGiven, with the absolute reading
        as its `figures`, where the relative one was left out.
        """
        _needs_sound(row, table)
        judge = self._judge()
        neutrals = table.neutrals(row)
        values = self.functionals(row, neutrals, table)
        found = self._read(judge, values, row, relative=False)
        if neutrals:
            return self._read(judge, values, row, relative=True) | found
        raise NotGiven("emotion", f"{_lack(row)}, so only the absolute reading stands", found)

    def functionals(self, row: Row, neutrals: list[Row], table: Table) -> np.ndarray:
        """(n + 1, 88) of the voice's neutral files and, last, of the row's, with one gain."""
        gain_db = self._gain_db(neutrals or [row])
        return np.array([self._functionals(r, gain_db, table) for r in [*neutrals, row]])

    @staticmethod
    def _read(judge: Any, values: np.ndarray, row: Row, relative: bool) -> dict[str, Any]:
        neutral = np.arange(len(values)) < len(values) - 1
        voices = [row.voice] * len(values)
        p = judge.probabilities(values, voices, neutral, row.language, relative)[-1]
        classes = judge.classifier(row.language).classes
        heard = {name: float(x) for name, x in zip(classes, p, strict=True)}
        key = "ser_b" if relative else "ser_b_absolute"
        return {key: max(heard, key=heard.get), f"{key}_probability": heard}

    def _gain_db(self, rows: list[Row]) -> float:
        from emotts.audio.io import read_audio
        from emotts.evaluation import egemaps

        numbers = tuple(row.number for row in rows)
        if numbers not in self._gains:
            samples = [read_audio(row.path, egemaps.RATE) for row in rows]
            self._gains[numbers] = egemaps.neutral_gain_db(samples)
        return self._gains[numbers]

    @staticmethod
    def _functionals(row: Row, gain_db: float, table: Table) -> list[float]:
        from emotts.audio.io import read_audio
        from emotts.evaluation import egemaps

        def measure() -> list[float]:
            return egemaps.functionals(read_audio(row.path, egemaps.RATE), gain_db).tolist()

        return table.said(f"egemaps-{gain_db:.6f}", row.path, measure)


class EmotionBWhisper:
    """SER B with Whisper's lower layers beside eGeMAPS, relative to neutral alone."""

    name = "ser_b_whisper"
    fields = ("ser_b_whisper", "ser_b_whisper_probability")

    def __init__(self, record: EmotionB, load: Callable[[], Any] | None = None):
        """record: the judge of record, whose functionals are heard here too."""
        self._record = record
        self._layers: dict[str, np.ndarray] = {}  # by content
        self._judge = Loaded(load or self._load)

    def _load(self) -> Any:
        import faster_whisper  # noqa: F401
        import opensmile  # noqa: F401

        from emotts.evaluation.ser_b_whisper import SerBWhisper

        return SerBWhisper.load(self._record.folder)

    def score(self, row: Row, table: Table) -> dict[str, Any]:
        """What is heard. Raises NotGiven where the voice has no neutral files."""
        _needs_sound(row, table)
        judge = self._judge()
        neutrals = table.neutrals(row)
        if not neutrals:
            raise NotGiven("emotion", _lack(row))
        rows = [*neutrals, row]
        p = judge.probabilities(
            self._record.functionals(row, neutrals, table),
            np.stack([self._heard(judge, r) for r in rows]),
            [row.voice] * len(rows),
            np.arange(len(rows)) < len(neutrals),
            row.language,
        )[-1]
        heard = dict(zip(judge.classifier(row.language).classes, map(float, p), strict=True))
        return dict(zip(self.fields, (max(heard, key=heard.get), heard), strict=True))

    def _heard(self, judge: Any, row: Row) -> np.ndarray:
        from emotts.audio.io import read_audio
        from emotts.evaluation import egemaps

        if row.sha256 not in self._layers:
            self._layers[row.sha256] = judge.encoder.statistics(read_audio(row.path, egemaps.RATE))
        return self._layers[row.sha256]


class EmotionA:
    """SER A, the embedded recognizer, beside the voice's neutral files where there are any.

    It may have steered the synthesis that is judged: its figures stand beside SER B's.
    """

    name = "ser_a"
    fields = ("ser_a", "ser_a_probability", "ser_a_intensity")

    def __init__(self, checkpoint: str | None = None, load: Callable[[], Any] | None = None):
        self._checkpoint = checkpoint
        self._tag = Loaded(self._read_tag)
        self._judge = Loaded(load or self._load)
        self._known: dict[tuple[str, str], Any] = {}

    def _load(self) -> Any:
        from emotts.synthesis.recognizer import Recognizer

        return Recognizer.from_pretrained(self._checkpoint)

    def _read_tag(self) -> str:
        from emotts.checkpoints import resolve
        from emotts.evaluation.sets import checkpoint_tag

        return checkpoint_tag(resolve(self._checkpoint))

    def score(self, row: Row, table: Table) -> dict[str, Any]:
        """The likeliest class of the row's language, all probabilities, and the intensity."""
        from emotts.evaluation.ser_b import CLASSES

        _needs_sound(row, table)
        neutrals = table.neutrals(row)
        beside = hashlib.sha256("".join(r.sha256 for r in neutrals).encode()).hexdigest()[:12]
        key = f"ser_a-{self._tag()}-{beside}"
        p, intensity = table.said(key, row.path, lambda: self._recognize(row, neutrals))
        classes = CLASSES.get(row.language[:2], tuple(p))
        return {
            "ser_a": max(classes, key=lambda name: p.get(name, 0.0)),
            "ser_a_probability": p,
            "ser_a_intensity": intensity,
        }

    def _recognize(self, row: Row, neutrals: list[Row]) -> tuple[dict[str, float], float]:
        judge = self._judge()
        key = (row.system, row.voice)
        if neutrals and key not in self._known:
            self._known[key] = judge.hear_neutral([r.path for r in neutrals])
        heard = judge.recognize(row.path, neutral=self._known[key] if neutrals else None)
        probabilities = {name: float(x) for name, x in heard.probabilities.items()}
        return probabilities, float(heard.intensity)
