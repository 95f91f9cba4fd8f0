"""Metrics of `evaluate files` that hear a file beside a reference, and judges by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from emotts.errors import EmottsError
from emotts.evaluation.files_audio import RATE
from emotts.evaluation.files_judges import Loaded, NotGiven, Table
from emotts.evaluation.files_manifest import Row

OWN_FIGURES = ("wer", "cer", "spk_similarity", "distill_mos", "dnsmos")


class Reference:
    """MCD-DTW and F0 errors against the row's reference recording."""

    name = "reference"
    fields = ("mcd", "f0rmse", "f0corr", "log_f0_rmse", "log_f0_corr", "vuv_error")

    def __init__(self):
        self._packages = Loaded(self._load)
        self._frames: tuple[Path | None, Any] = (None, None)

    @staticmethod
    def _load() -> bool:
        import librosa  # noqa: F401

        from emotts.evaluation.metrics.mcd import world

        return bool(world())

    def score(self, row: Row, table: Table) -> dict[str, Any]:
        """All of `fields`; needs the column reference."""
        if row.reference is None:
            raise NotGiven("reference", "no reference recording")
        digest = _digest(row.reference)
        return table.said(f"reference-1-{digest}", row.path, lambda: self._compare(row))

    def _compare(self, row: Row) -> dict[str, Any]:
        from emotts.audio.io import read_audio
        from emotts.evaluation.metrics.f0_metrics import compare_frames
        from emotts.evaluation.metrics.mcd import spoken_frames

        self._packages()
        if self._frames[0] != row.reference:  # several systems in a row have one reference
            self._frames = (row.reference, spoken_frames(read_audio(row.reference, RATE)))
        return compare_frames(spoken_frames(read_audio(row.path, RATE)), self._frames[1])


class Speaker:
    """Resemblyzer's cosine to the reference, or the mean one to the voice's other neutral files."""

    name = "speaker"
    fields = ("spk_similarity",)

    def __init__(self, load: Callable[[], Any] | None = None):
        self._judge = Loaded(load or self._load)

    @staticmethod
    def _load() -> Any:
        from emotts.evaluation.identity import VoiceJudge

        return VoiceJudge()

    def score(self, row: Row, table: Table) -> dict[str, Any]:
        """spk_similarity; needs the column reference, or neutral files of the voice."""
        from emotts.evaluation.identity import similarity

        others = [r.path for r in table.neutrals(row) if r.sha256 != row.sha256]
        if row.reference is not None:
            others = [row.reference]
        if not others:
            raise NotGiven("neutral", "neither a reference nor another neutral file of its voice")
        own = self._embedding(row.path, table)
        return {"spk_similarity": similarity(own, [self._embedding(p, table) for p in others])}

    def _embedding(self, path: Path, table: Table) -> list[float]:
        return table.said(
            "resemblyzer", path, lambda: [float(x) for x in self._judge().embed_file(path)]
        )


class External:
    """A judge of `emotts.evaluation.judges` by name; `source` is its model's folder or hub id."""

    def __init__(self, name: str, source: str | None = None):
        from emotts.evaluation.judges import JUDGES, load

        if name not in JUDGES:
            raise EmottsError(f"Unknown judge {name}; choose from {', '.join(JUDGES)}.")
        self.name, self._source, self._needs = name, source, JUDGES[name].needs
        self._judge = Loaded(lambda: load(name, source))
        # The same figure by another judge stands beside ours under the judge's own name.
        self._keys = {m: f"{name}_{m}" if m in OWN_FIGURES else m for m in JUDGES[name].metrics}
        self.fields = tuple(self._keys.values())

    def score(self, row: Row, table: Table) -> dict[str, Any]:
        """What the judge says, given the row's text, and its reference or neutral files."""
        beside = [r.path for r in table.neutrals(row) if r.sha256 != row.sha256]
        beside = [row.reference] if row.reference is not None else beside
        if "text" in self._needs and not row.text:
            raise NotGiven("text", "no text to compare with")
        if "reference" in self._needs and not beside:
            raise NotGiven("neutral", "neither a reference nor another neutral file of its voice")
        given = [row.text] if "text" in self._needs else []
        given += [_digest(p) for p in beside] if "reference" in self._needs else []
        key = hashlib.sha256("\n".join([str(self._source), row.language, *given]).encode())
        found = table.said(f"{self.name}-{key.hexdigest()[:16]}", row.path, self._ask(row, beside))
        return {self._keys.get(name, name): value for name, value in found.items()}

    def _ask(self, row: Row, beside: list[Path]) -> Callable[[], dict[str, Any]]:
        return lambda: self._judge().score(row.path, beside or None, row.text or None, row.language)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
