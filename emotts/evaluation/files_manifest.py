"""The list of files to score: CSV or JSON lines, one file a row, and what is wrong with it."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emotts.emotion.vocabulary import canonical
from emotts.errors import EmottsError

COLUMNS = (
    "path", "text", "reference", "voice", "emotion", "intensity", "language", "neutral", "system",
    "seed",
)  # fmt: skip
YES, NO = ("1", "true", "yes", "y", "x", "neutral"), ("", "0", "false", "no", "n")


@dataclass(frozen=True)
class Row:
    """One file and what was asked of it; `number` is its line in a CSV, header counted."""

    number: int
    path: Path
    text: str = ""
    reference: Path | None = None
    voice: str = ""
    emotion: str = ""
    intensity: float | None = None
    language: str = "en-us"
    neutral: bool = False
    system: str = ""
    seed: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class Problem:
    """What was left out (or noticed, where `left_out` is false), in which rows, and why."""

    rows: tuple[int, ...]
    what: str
    why: str
    left_out: bool = True

    def __str__(self) -> str:
        return f"{numbered(self.rows)}: {self.what}: {self.why}"


def numbered(rows: tuple[int, ...]) -> str:
    """`row 3`, `rows 3, 5–9`: neighbours drawn together."""
    if len(rows) == 1:
        return f"row {rows[0]}"
    runs: list[list[int]] = []
    for number in sorted(rows):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "rows " + ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs)


@dataclass
class Manifest:
    """The usable rows, the columns there are, and the problems found while reading."""

    path: Path
    columns: frozenset[str]
    rows: list[Row]
    problems: list[Problem] = field(default_factory=list)


def read_manifest(path: str | Path) -> Manifest:
    """Read a CSV with a header, or JSON lines; relative paths start at the manifest's folder.

    Rows that cannot be used are left out and named in `problems`. Raises EmottsError for a
    manifest that cannot be used at all: missing, no text, no rows, no column `path`.
    """
    path = Path(path)
    if not path.is_file():
        raise EmottsError(f"There is no manifest {path}: expected a CSV or JSONL file.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise EmottsError(
            f"The manifest {path} is no UTF-8 text: expected CSV or JSONL."
        ) from error
    json_lines = path.suffix in (".jsonl", ".ndjson") or text.lstrip().startswith("{")
    records = list(_json_records(text) if json_lines else _csv_records(text))
    columns = frozenset(key for _, values, _ in records for key in values or ())
    if not records or "path" not in columns:
        found = ", ".join(sorted(map(str, columns))) or "none"
        raise EmottsError(
            f"The manifest {path} has no row with a column 'path' (found: {found}); "
            f"columns may be {', '.join(COLUMNS)}."
        )
    manifest = Manifest(path, columns & frozenset(COLUMNS), [])
    for number, values, fault in records:
        if fault is None:
            fault = _take(manifest, number, values)
        if fault:
            manifest.problems.append(Problem((number,), "the row", fault))
    return manifest


Record = tuple[int, dict[str, Any] | None, str | None]


def _csv_records(text: str) -> Iterator[Record]:
    lines = text.splitlines(keepends=True)
    head = lines[0] if lines else ""
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, None, f"is no CSV ({error})"
            continue
        if None in values:
            yield reader.line_num, None, "has more fields than the header names"
        elif None in values.values():
            missing = next(name for name, value in values.items() if value is None)
            yield reader.line_num, None, f"is cut short: no field for the column {missing}"
        else:
            yield reader.line_num, {k.strip(): v.strip() for k, v in values.items()}, None


def _json_records(text: str) -> Iterator[Record]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except json.JSONDecodeError as error:
            yield number, None, f"is no JSON ({error})"
            continue
        if isinstance(values, dict):
            yield number, values, None
        else:
            yield number, None, "is no JSON object"


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return "" if value is None else str(value).strip()


def _take(manifest: Manifest, number: int, values: dict[str, Any]) -> str | None:
    """Add a row, with a problem for each value that cannot be read; return why it cannot be."""
    if not _text(values, "path"):
        return "has no path"
    folder = manifest.path.parent
    path = folder / _text(values, "path")
    if not path.is_file():
        return f"there is no file {_text(values, 'path')}"

    def noted(column: str, why: str) -> None:
        manifest.problems.append(Problem((number,), column, why))

    reference = None
    if _text(values, "reference"):
        reference = folder / _text(values, "reference")
        if not reference.is_file():
            noted("reference", f"there is no file {_text(values, 'reference')}")
            reference = None
    emotion = _emotion(_text(values, "emotion"), noted)
    intensity = _number(_text(values, "intensity"), "intensity", noted)
    seed = _number(_text(values, "seed"), "seed", noted)
    manifest.rows.append(
        Row(
            number, path, _text(values, "text"), reference, _text(values, "voice"), emotion,
            intensity, _text(values, "language") or "en-us",
            _neutral(_text(values, "neutral"), emotion, intensity, noted),
            _text(values, "system"), int(seed or 0),
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
    )  # fmt: skip
    return None


def _emotion(word: str, noted) -> str:
    try:
        return canonical(word) if word else ""
    except EmottsError as error:
        noted("emotion", str(error))
        return ""


def _number(word: str, column: str, noted) -> float | None:
    if not word:
        return None
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        noted(column, f"{word!r} is no number")
        return None
    return value


def _neutral(word: str, emotion: str, intensity: float | None, noted) -> bool:
    if word.lower() in YES:
        return True
    if word.lower() not in NO:
        noted("neutral", f"{word!r} is neither yes nor no; write 1 or 0")
    return emotion == "neutral" or (bool(emotion) and intensity == 0)
