"""Finding the recordings of examples: a file, a folder, or a manifest."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from emotts.errors import EmottsError

AUDIO = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a")
MANIFESTS = (".jsonl", ".tsv", ".csv", ".txt")


def find_clips(path: str | Path) -> dict[str, list[Path]]:
    """Return the recordings at a place by speaker, sorted.

    path: one recording; a folder, whose direct sub-folders, if it has any, are speakers; or a
    manifest: .jsonl objects or .tsv/.csv rows with `path` and, if known, `speaker`, or a .txt with
    a path a line. Paths are relative to the manifest. Speakers who are not named are "".
    Raises EmottsError for nothing found, a file that is missing, or a line that is no entry.
    """
    path = Path(path)
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix.lower() in AUDIO and p.is_file())
        places = [(p.relative_to(path).parts, p) for p in files]
        entries = [(parts[0] if len(parts) > 1 else "", p) for parts, p in places]
    elif not path.is_file():
        raise EmottsError(f"there is no recording, folder or manifest {path}")
    elif path.suffix.lower() in AUDIO:
        entries = [("", path)]
    elif path.suffix.lower() in MANIFESTS:
        entries = _manifest(path)
    else:
        raise EmottsError(
            f"{path} is no recording ({', '.join(AUDIO)}), folder or manifest "
            f"({', '.join(MANIFESTS)})"
        )
    if not entries:
        raise EmottsError(f"no recordings in {path}; they end in {', '.join(AUDIO)}")
    clips: dict[str, list[Path]] = {}
    for speaker, clip in entries:
        clips.setdefault(speaker, []).append(clip)
    return clips


def _manifest(path: Path) -> list[tuple[str, Path]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EmottsError(f"the manifest {path} cannot be read: {error}") from error
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    kind = path.suffix.lower()
    if kind == ".jsonl":
        rows = [(n, _json(line, f"{path}, line {n}")) for n, line in lines]
    elif kind == ".txt":
        rows = [(n, {"path": line.strip()}) for n, line in lines]
    else:
        reader = csv.DictReader((line for _, line in lines), delimiter="," if kind == ".csv" else
                                "\t")  # fmt: skip
        rows = [(n, row) for (n, _), row in zip(lines[1:], reader, strict=False)]
    entries = []
    for number, row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("path"), str) or not row["path"]:
            raise EmottsError(f"{path}, line {number}: every entry needs a path")
        clip = path.parent / row["path"]
        if not clip.is_file():
            raise EmottsError(f"{path}, line {number}: there is no recording {clip}")
        entries.append((str(row.get("speaker") or ""), clip))
    return entries


def _json(line: str, where: str) -> object:
    try:
        return json.loads(line)
    except ValueError as error:
        raise EmottsError(f"{where}: not JSON: {error}") from error
