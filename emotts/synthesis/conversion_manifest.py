"""Manifests of recordings to be converted, each with wishes of its own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from emotts.errors import EmottsError

ENDINGS = (".jsonl", ".tsv", ".csv", ".txt")
FIELDS = ("path", "output", "emotion", "intensity", "voice")


def read_rows(path: Path) -> list[dict]:
    """Rows of a .jsonl, .tsv, .csv or .txt (a path a line), with the fields of `FIELDS` that they
    have; others are passed over. Raises EmottsError naming the line that is no entry."""
    if path.suffix.lower() not in ENDINGS:
        raise EmottsError(f"{path} is no recording and no manifest ({', '.join(ENDINGS)})")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EmottsError(f"the manifest {path} cannot be read: {error}") from error
    rows = []
    for number, row in _raw(path, text):
        where = f"{path}, line {number}"
        if not isinstance(row, dict) or not isinstance(row.get("path"), str) or not row["path"]:
            raise EmottsError(f"{where}: every entry needs a path")
        kept = {k: row[k] for k in FIELDS if row.get(k) not in (None, "")}
        if "intensity" in kept:
            try:
                kept["intensity"] = float(kept["intensity"])
            except (TypeError, ValueError) as error:
                raise EmottsError(
                    f"{where}: the intensity is {kept['intensity']!r}, not a number"
                ) from error
        rows.append(kept)
    return rows


def _raw(path: Path, text: str) -> list[tuple[int, object]]:
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    kind = path.suffix.lower()
    if kind == ".txt":
        return [(n, {"path": line.strip()}) for n, line in lines]
    if kind == ".jsonl":
        out = []
        for number, line in lines:
            try:
                out.append((number, json.loads(line)))
            except ValueError as error:
                raise EmottsError(f"{path}, line {number}: not JSON: {error}") from error
        return out
    reader = csv.DictReader((line for _, line in lines), delimiter="," if kind == ".csv" else "\t")
    return [(n, row) for (n, _), row in zip(lines[1:], reader, strict=False)]
