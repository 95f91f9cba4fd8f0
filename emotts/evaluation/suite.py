"""What an entry of the suite gives back, and how large its sets are."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from emotts.errors import EmottsError
from emotts.evaluation.bootstrap import Interval
from emotts.evaluation.clips import Clip
from emotts.evaluation.ser_b_kept import SHIPPED


class Absent(EmottsError):
    """A judge, a package or recordings that an entry needs and this machine does not have."""


@dataclass(frozen=True)
class Sizes:
    """How much is synthesized and judged; the defaults take under half an hour on two cores."""

    sentences: int = 50  # neutral, by the first voice, each with every seed
    others: int = 25  # neutral, by the second voice; the actors take turns over twice as many
    hard: int = 30
    polish: int = 20
    recordings: int = 40
    natural: int = 24  # of each set
    voices: int = 4
    acted: int = 12  # sentences in every emotion by every voice; the seeds take turns
    acted_polish: int = 6
    levels: int = 3  # sentences at every level
    pairs: int = 7
    mix_voices: int = 2
    mixed: int = 2  # sentences
    grid: tuple[float, ...] = (-0.8, -0.4, 0.0, 0.4, 0.8)
    affect_voices: int = 2
    affect: int = 1  # sentences
    marked: int = 8
    adverbs: int = 2  # sentences
    adverb_voices: int = 2
    takes: int = 6  # seeds of one sentence
    retaken: int = 4  # sentences
    speed: int = 10


QUICK = Sizes(
    sentences=8, others=4, hard=4, polish=4, recordings=6, natural=3, voices=2, acted=3,
    acted_polish=1, levels=1, pairs=3, mix_voices=1, mixed=1, grid=(-0.8, 0.0, 0.8),
    affect_voices=1, marked=3, adverbs=1, adverb_voices=1, takes=3, retaken=2, speed=2,
)  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What was asked of the suite; `key` in suite_run says when kept entries still hold."""

    output: Path
    sentences: Path
    checkpoint: str | None = None
    data: Path | None = None
    ser_b: Path | None = None
    quick: bool = False
    seed: int = 0
    seeds: int = 3
    threads: int = 1
    without: tuple[str, ...] = ()

    @property
    def judge(self) -> Path:
        """The folder of SER B: the one that was asked for, or the one that ships."""
        return self.ser_b or SHIPPED

    @property
    def sizes(self) -> Sizes:
        """Small ones when it must be quick."""
        return QUICK if self.quick else Sizes()


@dataclass
class Entry:
    """One entry's figures, tables, curves, matrices and examples, and a row an utterance."""

    title: str
    about: str
    figures: dict[str, float | None] = field(default_factory=dict)
    tables: list[dict[str, Any]] = field(default_factory=list)
    curves: list[dict[str, Any]] = field(default_factory=list)
    matrices: list[dict[str, Any]] = field(default_factory=list)
    examples: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def figure(self, name: str, value: float | Interval | None) -> None:
        """Keep a number under a flat name; an interval's ends stand beside it."""
        if isinstance(value, Interval):
            self.figures[f"{name}_low"] = _finite(value.low)
            self.figures[f"{name}_high"] = _finite(value.high)
            value = value.value
        self.figures[name] = _finite(value)

    def table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add a table; numbers in its cells stay numbers."""
        cells = [[_finite(c) if isinstance(c, float) else c for c in row] for row in rows]
        self.tables.append({"title": title, "head": list(head), "rows": cells})

    def curve(self, title: str, x_label: str, y_label: str, series: Sequence[dict]) -> None:
        """Add curves; each series has name, x, y and may have low and high."""
        clean = [
            {k: [_finite(v) for v in vs] if k != "name" else vs for k, vs in one.items()}
            for one in series
        ]
        self.curves.append(
            {"title": title, "x_label": x_label, "y_label": y_label, "series": clean}
        )

    def matrix(self, title: str, classes: Sequence[str], counts: Any) -> None:
        """Add a confusion matrix, asked down and heard across."""
        whole = [[int(count) for count in row] for row in counts]
        self.matrices.append({"title": title, "classes": list(classes), "counts": whole})

    def example(self, title: str, clips: Sequence[tuple[str, str]]) -> None:
        """Add clips to listen to: (path, label) pairs."""
        shown = [{"path": path, "label": label} for path, label in clips]
        self.examples.append({"title": title, "clips": shown})

    def row(self, set_name: str, clip: Clip, **metrics: Any) -> None:
        """Add an utterance's row: what was asked of it and what judges said."""
        self.rows.append({"set": set_name, **asdict(clip), **metrics})

    def report(self, folder: Path) -> dict[str, Any]:
        """The entry as JSON values, paths seen from the report's folder; without its rows."""
        out: dict[str, Any] = {"title": self.title, "about": self.about, "figures": self.figures}
        for name in ("tables", "curves", "matrices"):
            if getattr(self, name):
                out[name] = getattr(self, name)
        if self.examples:
            out["examples"] = [
                {**e, "clips": [{**c, "path": seen_from(folder, c["path"])} for c in e["clips"]]}
                for e in self.examples
            ]
        return out


def seen_from(folder: Path, path: str | Path) -> str:
    """A path relative to the report's folder, so that the report names no machine's folders."""
    return Path(os.path.relpath(path, folder)).as_posix()


def _finite(value: float | None) -> float | None:
    if value is None:
        return None
    value = float(value)
    return value if math.isfinite(value) else None
