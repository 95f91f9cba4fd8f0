"""The packed corpora: one folder with a `manifest.tsv` and the clips it names."""

import csv
import os
from pathlib import Path

from pydantic import ValidationError

from emotts.corpora.manifest import describe_invalid
from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError

MANIFEST = "manifest.tsv"
COLUMNS = (
    "path", "corpus", "speaker", "sex", "age", "language",
    "emotion", "level", "text", "seconds", "split", "held_out",
)  # fmt: skip


def read_packed(folder: str | Path) -> list[Utterance]:
    """Read and check `folder/manifest.tsv`; splits and held-out marks are kept as given.

    An utterance's id is its path in the folder without the ending; its path stays
    relative to the folder, so that what is made from it can move.
    Raises EmottsError naming the file and line for a missing or unknown column, a bad value, a
    clip that is not there, or a clip named twice.
    """
    folder = Path(folder)
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise EmottsError(f"{folder} is no packed corpus: it has no {MANIFEST}")
    rows: list[Utterance] = []
    seen: dict[str, int] = {}
    with manifest.open(encoding="utf-8", newline="") as file:
        # Texts hold bare quotation marks, so a quote is a letter like any other.
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        _check_columns(manifest, reader.fieldnames or [])
        for values in reader:
            where = f"{manifest}, line {reader.line_num}"
            row = _utterance(values, folder, where)
            if row.id in seen:
                raise EmottsError(f"{where}: {row.id!r} is also on line {seen[row.id]}")
            seen[row.id] = reader.line_num
            rows.append(row)
    if not rows:
        raise EmottsError(f"{manifest} names no clips")
    return rows


def _check_columns(manifest: Path, columns: list[str]) -> None:
    missing = [name for name in COLUMNS if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS]
    if missing:
        raise EmottsError(f"{manifest} lacks the columns {', '.join(missing)}")
    if unknown:
        raise EmottsError(
            f"{manifest} has the unknown columns {', '.join(unknown)}; known: {', '.join(COLUMNS)}"
        )


def _utterance(values: dict[str, str], folder: Path, where: str) -> Utterance:
    if None in values or None in values.values():
        raise EmottsError(f"{where}: {len(COLUMNS)} tab-separated values are needed")
    relative = Path(values["path"])
    if relative.is_absolute() or ".." in relative.parts:
        raise EmottsError(f"{where}: the path {values['path']!r} leads out of the folder")
    try:
        row = Utterance(**{**values, "id": relative.with_suffix("").as_posix()})
    except ValidationError as error:
        raise EmottsError(f"{where}: {describe_invalid(error)}") from error
    if not os.path.isfile(folder / relative):
        raise EmottsError(f"{where}: the clip {values['path']} is not there")
    return row
