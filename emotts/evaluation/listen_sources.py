"""What a blind test compares: items, each one utterance by several systems, from a list or reports.

A list is a CSV file with the columns item, system and path (relative to the list), and if wanted
text, emotion and question. A report folder holds rows.jsonl; its rows that say the same belong
together.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from emotts.errors import EmottsError

COLUMNS = ("item", "system", "path")
MORE_COLUMNS = ("text", "emotion", "question")
SAME = ("set", "voice", "text", "emotion", "intensity", "seed", "language")
NAMED_AT_MOST = 5


@dataclass
class Item:
    """One utterance: a file of each system, and what listeners may read about it."""

    name: str
    systems: dict[str, Path] = field(default_factory=dict)
    text: str = ""
    emotion: str = ""
    question: str = ""


def read_items(sources: Sequence[str | Path]) -> list[Item]:
    """Read the items of one CSV list, one report folder (systems are its sets) or several.

    Raises EmottsError for what is missing: columns, files, or a system of an item.
    """
    paths = [Path(source) for source in sources]
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise EmottsError(f"there is no {_named(missing)}; give a CSV list or report folders")
    if len(paths) == 1 and paths[0].is_file():
        items = _read_list(paths[0])
    elif paths and all(path.is_dir() for path in paths):
        items = _read_report(paths[0]) if len(paths) == 1 else _read_reports(paths)
    else:
        raise EmottsError("give either one CSV list or report folders, not both and not neither")
    _check_balance(items)
    _check_files(items)
    return items


def choose_items(
    items: Sequence[Item], emotion: str | None = None, count: int | None = None, seed: int = 0
) -> list[Item]:
    """Keep the items of an emotion, and `count` of them drawn by the seed, in their order."""
    known = sorted({item.emotion for item in items if item.emotion})
    kept = [item for item in items if emotion is None or item.emotion == emotion]
    if not kept:
        raise EmottsError(f"no item asks for {emotion!r}; choose from {', '.join(known) or 'none'}")
    if count is None or count >= len(kept):
        return kept
    drawn = set(random.Random(seed).sample(range(len(kept)), count))
    return [item for i, item in enumerate(kept) if i in drawn]


def _read_list(path: Path) -> list[Item]:
    items: dict[str, Item] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            names = rows.fieldnames or []
            absent = [name for name in COLUMNS if name not in names]
            if absent:
                raise EmottsError(
                    f"{path} lacks the columns {', '.join(absent)}; it needs {', '.join(COLUMNS)} "
                    f"and may have {', '.join(MORE_COLUMNS)}"
                )
            for row in rows:
                _add_row(items, row, path, rows.line_num)
    except (UnicodeDecodeError, csv.Error) as error:
        raise EmottsError(f"{path} is no CSV in UTF-8 ({error})") from error
    if not items:
        raise EmottsError(f"{path} lists no clips")
    return list(items.values())


def _add_row(items: dict[str, Item], row: dict, path: Path, line: int) -> None:
    values = {name: (row.get(name) or "").strip() for name in (*COLUMNS, *MORE_COLUMNS)}
    empty = [name for name in COLUMNS if not values[name]]
    if empty:
        raise EmottsError(f"line {line} of {path} has no {', '.join(empty)}")
    item = items.setdefault(values["item"], Item(values["item"]))
    if values["system"] in item.systems:
        raise EmottsError(
            f"line {line} of {path} gives item {item.name!r} a second clip of "
            f"{values['system']!r}; each system has one clip an item"
        )
    for name in MORE_COLUMNS:
        setattr(item, name, getattr(item, name) or values[name])
    item.systems[values["system"]] = path.parent / values["path"]


def _rows(folder: Path) -> list[dict]:
    path = folder / "rows.jsonl"
    if not path.is_file():
        raise EmottsError(f"there is no rows.jsonl in {folder}; it is no report folder")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line) if line.strip() else {}
        except json.JSONDecodeError as error:
            raise EmottsError(f"line {number} of {path} is no JSON ({error})") from error
        if isinstance(row, dict) and row.get("path"):
            rows.append(row)
    return rows


def _same(row: dict, columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(row.get(name, "")) for name in columns)


def _read_report(folder: Path) -> list[Item]:
    """Sets of one report are its systems; recordings have no seed, so seeds need not agree."""
    columns = [name for name in SAME if name not in ("set", "seed")]
    rows = [(str(row.get("set", "")), row) for row in _rows(folder)]
    return _matched([(system, folder, row) for system, row in rows], columns, str(folder))


def _read_reports(folders: Sequence[Path]) -> list[Item]:
    names = [folder.resolve().name for folder in folders]
    if len(set(names)) < len(names):
        raise EmottsError(f"report folders must differ in name, not be {', '.join(names)}")
    rows = [
        (name, folder, row)
        for name, folder in zip(names, folders, strict=True)
        for row in _rows(folder)
    ]
    return _matched(rows, SAME, " and ".join(names))


def _matched(rows: list[tuple[str, Path, dict]], columns: Sequence[str], where: str) -> list[Item]:
    """Items that every system has; the first clip counts where a system has several."""
    systems = {system for system, _, _ in rows}
    items: dict[tuple, Item] = {}
    for system, folder, row in rows:
        same = _same(row, columns)
        item = items.setdefault(
            same,
            Item(" · ".join(part for part in same if part), {}, str(row.get("text") or ""),
                 str(row.get("emotion") or "")),
        )  # fmt: skip
        item.systems.setdefault(system, folder / row["path"])
    whole = [item for item in items.values() if set(item.systems) == systems]
    if not whole or len(systems) < 2:
        raise EmottsError(
            f"no utterance of {where} is there by two systems; rows must agree in "
            f"{', '.join(columns)}"
        )
    return whole


def _check_balance(items: Sequence[Item]) -> None:
    systems = sorted({system for item in items for system in item.systems})
    if len(systems) < 2:
        raise EmottsError(f"a test compares at least two systems, not only {systems}")
    lacking = [
        f"{item.name!r} (no {', '.join(s for s in systems if s not in item.systems)})"
        for item in items
        if len(item.systems) < len(systems)
    ]
    if lacking:
        raise EmottsError(
            f"the list is unbalanced: every item needs a clip of {', '.join(systems)}, but "
            f"{_named(lacking)} lacks some"
        )


def _check_files(items: Sequence[Item]) -> None:
    missing = [str(p) for item in items for p in item.systems.values() if not p.is_file()]
    if missing:
        raise EmottsError(f"{len(missing)} audio files are missing: {_named(missing)}")


def _named(names: Sequence[str]) -> str:
    more = len(names) - NAMED_AT_MOST
    return ", ".join(names[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
