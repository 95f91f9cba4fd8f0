"""Reading corpora as distributed: files, names, tables, texts; errors that say what is wrong."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from emotts.errors import EmottsError

TRANSCRIPTS = "transcripts.tsv"


def audio_files(root: Path, *patterns: str, layout: str) -> list[Path]:
    """Files below a folder that match any of the patterns, in order.

    Hidden files (such as macOS leaves beside archives) do not count. Raises EmottsError, naming
    the layout that was expected, where there is none.
    """
    if not root.is_dir():
        raise EmottsError(f"there is no corpus folder {root}")
    found = {p for pattern in patterns for p in root.glob(pattern) if p.is_file()}
    found = {p for p in found if not p.name.startswith(".")}
    if not found:
        raise EmottsError(
            f"{root} holds no {' or '.join(patterns)}; the corpus's folder looks like: {layout}"
        )
    return sorted(found)


def relative(path: Path, root: Path) -> str:
    """A path as manifests write it."""
    return path.relative_to(root).as_posix()


def name_parts(path: Path, pattern: re.Pattern[str], form: str) -> dict[str, str]:
    """The named groups of a file's name without its ending.

    Raises EmottsError naming the file and the form that was expected.
    """
    match = pattern.fullmatch(path.stem)
    if not match:
        raise EmottsError(f"{path} is not named like {form}")
    return match.groupdict()


def code(table: Mapping[str, str], key: str, what: str, path: Path) -> str:
    """Look a code of a file name up; EmottsError names the file and the codes there are."""
    if key not in table:
        raise EmottsError(f"{path}: unknown {what} {key!r}; known are {', '.join(table)}")
    return table[key]


def needed(root: Path, *names: str, layout: str) -> Path:
    """The first of these files that exists below a folder; EmottsError if none does."""
    for name in names:
        if (root / name).is_file():
            return root / name
    raise EmottsError(
        f"{root} lacks {' or '.join(names)}; the corpus's folder looks like: {layout}"
    )


def read_text(path: Path) -> str:
    """A text file in whatever of the usual encodings it is; corpora are old and many-handed."""
    data = path.read_bytes()
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    if data[:2] in marks or data[:3] in marks:
        return data.decode(marks.get(data[:2]) or marks[data[:3]])
    for encoding in ("utf-8", "gb18030", "latin-1"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 reads any bytes")


def read_table(
    path: Path, columns: Iterable[str], delimiter: str = ",", quotes: bool = True
) -> list[dict[str, str]]:
    """Rows of a table with a header, empty cells as "".

    quotes: whether quotation marks hold cells together, or are letters like any other. Raises
    EmottsError naming the columns that are missing, and the row that is too short.
    """
    quoting = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
    lines = read_text(path).splitlines(keepends=True)
    reader = csv.DictReader(lines, delimiter=delimiter, quoting=quoting)
    missing = [name for name in columns if name not in (reader.fieldnames or [])]
    if missing:
        raise EmottsError(
            f"{path} lacks the columns {', '.join(missing)}; it has "
            f"{', '.join(map(str, reader.fieldnames or ['none']))}"
        )
    rows = []
    for row in reader:
        if any(row[name] is None for name in columns):
            raise EmottsError(f"{path}, line {reader.line_num}: this row is too short")
        rows.append({key: value or "" for key, value in row.items() if key is not None})
    return rows


def read_json(path: Path):
    """A JSON file's value; EmottsError names a file that holds none."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise EmottsError(f"{path}, line {error.lineno}: not JSON: {error.msg}") from error


def transcripts(root: Path) -> dict[str, str]:
    """Texts that somebody made for a corpus without any: `transcripts.tsv`, path and text."""
    path = root / TRANSCRIPTS
    if not path.is_file():
        return {}
    rows = read_table(path, ("path", "text"), delimiter="\t", quotes=False)
    return {row["path"]: row["text"] for row in rows}


def numbers(first: int, last: int, form: str = "{}") -> frozenset[str]:
    """Names with a running number, both ends included: numbers(1, 2, "{:03d}") → 001, 002."""
    return frozenset(form.format(n) for n in range(first, last + 1))


def sex_of(word: str) -> str:
    """ "female", "male" or "" for what a table says: F, Female, female_feminine, M, …"""
    return {"f": "female", "m": "male"}.get(word.strip()[:1].lower(), "")


def prompts(text: str) -> Iterator[tuple[str, str]]:
    """Festival prompt lists: ( arctic_a0001 "Author of the danger trail." ) a line."""
    yield from re.findall(r'^\(\s*(\S+)\s+"(.*)"\s*\)\s*$', text, re.MULTILINE)
