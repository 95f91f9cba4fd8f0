"""A folder of recordings of one's own: which clips there are, and what is said in them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from emotts.emotion.vocabulary import canonical
from emotts.errors import EmottsError

ENDINGS = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aiff")
FILE_COLUMNS = ("file", "path", "audio", "wav", "id")
LEVELS = ("", "normal", "strong")


@dataclass(frozen=True)
class Recording:
    """One clip: its file; text, empty where nobody wrote it down; emotion and acted level."""

    path: Path
    text: str = ""
    emotion: str = "neutral"
    level: str = ""


def read_recordings(folder: str | Path) -> list[Recording]:
    """Clips of a folder and its sub-folders, in order of their names.

    Texts come from one table beside them (`metadata.csv`, or the only .csv or .tsv): with a head
    that names `file` and `text`, and if wished `emotion` and `level`; or without one, in the form
    of LJ Speech (`name|text`). Clips that the table does not name are left out. Without a table
    each clip's text is in a .txt file of its name, or nowhere.
    Raises EmottsError for a folder without recordings, and for a table with a line that is wrong.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise EmottsError(f"there is no folder {folder}; give one with recordings")
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS and p.is_file())
    if not found:
        raise EmottsError(f"{folder} holds no recordings ({', '.join(ENDINGS)})")
    table = _table(folder)
    if table is None:
        return [Recording(path, _text_beside(path)) for path in found]
    return sorted(_rows(table, folder, found), key=lambda r: r.path)


def _table(folder: Path) -> Path | None:
    if (folder / "metadata.csv").is_file():
        return folder / "metadata.csv"
    tables = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".csv", ".tsv"))
    if len(tables) > 1:
        names = ", ".join(p.name for p in tables)
        raise EmottsError(f"{folder} holds several tables ({names}); call the one metadata.csv")
    return tables[0] if tables else None


def _text_beside(path: Path) -> str:
    text = path.with_suffix(".txt")
    return _read(text).strip() if text.is_file() else ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EmottsError(f"{path} cannot be read as UTF-8 text: {error}") from error


def _rows(table: Path, folder: Path, found: list[Path]) -> list[Recording]:
    names: dict[str, Path] = {}
    for path in found:
        inside = path.relative_to(folder)
        for name in (inside.as_posix(), inside.with_suffix("").as_posix(), path.name, path.stem):
            names.setdefault(name, path)
    out: dict[Path, Recording] = {}
    for number, values in _values(table):
        where = f"{table}, line {number}"
        path = names.get(values["file"])
        if path is None:
            raise EmottsError(f"{where}: there is no recording {values['file']!r} in {folder}")
        if path in out:
            raise EmottsError(f"{where}: {values['file']!r} is named twice")
        level = values.get("level", "").lower()
        if level not in LEVELS:
            raise EmottsError(f"{where}: the level {level!r} is none of normal and strong")
        try:
            emotion = canonical(values.get("emotion") or "neutral")
        except EmottsError as error:
            raise EmottsError(f"{where}: {error}") from error
        out[path] = Recording(path, values.get("text", ""), emotion, level)
    if not out:
        raise EmottsError(f"{table} names no recordings")
    return list(out.values())


def _values(table: Path):
    """Line number and values by column of every line of a table."""
    lines = _read(table).splitlines()
    head = lines[0] if lines else ""
    sign = next((s for s in ("\t", "|", ";", ",") if s in head), ",")
    # LJ Speech's texts hold bare quotation marks, so there a quote is a letter like any other.
    quoting = csv.QUOTE_NONE if sign in "|\t" else csv.QUOTE_MINIMAL
    rows = list(csv.reader(lines, delimiter=sign, quoting=quoting))
    columns = [name.strip().lower() for name in rows[0]] if rows else []
    named = next((name for name in FILE_COLUMNS if name in columns), None)
    if named is None and sign != "|":
        raise EmottsError(
            f"{table} has no column 'file'; its first line must name the columns, such as file,text"
        )
    if named is None:
        columns, named, first = ["file", "text"], "file", 0
    else:
        first = 1
    for number, row in enumerate(rows[first:], start=first + 1):
        if any(cell.strip() for cell in row):
            values = dict(zip(columns, (cell.strip() for cell in row), strict=False))
            yield number, values | {"file": values.get(named, "")}
