"""The index of a set: which files belong to it, their sizes and SHA-256."""

import hashlib
import json
import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from emotts.checkpoints.files import replace_file
from emotts.errors import EmottsError

INDEX = "index.json"
# Beside a set, a folder or a hub may keep these without harm.
_ALLOWED_BESIDE = {INDEX, "README.md"}
_BLOCK = 1 << 20


class FileEntry(BaseModel):
    """Size in bytes and SHA-256 (hexadecimal) of one file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)


class Index(BaseModel):
    """The files of a set by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal[1] = 1
    files: dict[str, FileEntry] = {}


def describe(path: Path) -> FileEntry:
    """Size and SHA-256 of a file, read in blocks."""
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileEntry(sha256=digest.hexdigest(), bytes=size)


def read_index(folder: Path) -> Index:
    """Read a set's index; raises EmottsError if it is missing or is no index."""
    path = folder / INDEX
    try:
        index = Index.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise EmottsError(f"no checkpoints in {folder}: {INDEX} is missing") from None
    except NotADirectoryError:
        raise EmottsError(f"{folder} is a file: give the folder that holds {INDEX}") from None
    except OSError as error:
        raise EmottsError(f"cannot read {path}: {error.strerror}") from error
    except ValidationError as error:
        raise EmottsError(f"{path} is not an index of checkpoints: {_first(error)}") from error
    for name in index.files:
        if not re.fullmatch(r"\w[\w.-]*", name):
            raise EmottsError(f"{path} names {name!r}, which is not a file of its own folder")
    return index


def add_to_index(folder: Path, names: list[str]) -> None:
    """Enter files of `folder` into its index, replacing earlier entries of those names."""
    known = read_index(folder).files if (folder / INDEX).exists() else {}
    files = {**known, **{name: describe(folder / name) for name in names}}
    index = Index(files=dict(sorted(files.items())))
    text = json.dumps(index.model_dump(), indent=1) + "\n"
    replace_file(folder / INDEX, lambda path: path.write_text(text, encoding="utf-8"))


def check_file(folder: Path, index: Index, name: str) -> None:
    """Raise EmottsError naming the file if it is unlisted, missing, truncated or altered."""
    if name not in index.files:
        names = sorted({Path(listed).stem for listed in index.files})
        raise EmottsError(f"{name} is not in {folder}: it holds {', '.join(names) or 'nothing'}")
    problem = _problem(folder, index, name)
    if problem:
        raise EmottsError(f"{folder}: {problem}")


def verify(folder: str | Path) -> tuple[str, ...]:
    """Check every file of a set; returns the names of its checkpoints.

    Raises EmottsError naming each file that is missing, truncated, altered or not listed.
    """
    folder = Path(folder)
    index = read_index(folder)
    problems = [found for name in index.files if (found := _problem(folder, index, name))]
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        listed = name in index.files or name in _ALLOWED_BESIDE
        if path.is_file() and not listed and not name.startswith("."):
            problems.append(f"{name} is not listed in {INDEX}")
    if problems:
        raise EmottsError(f"{folder}: {'; '.join(problems)}")
    return tuple(Path(name).stem for name in index.files if name.endswith(".safetensors"))


def _problem(folder: Path, index: Index, name: str) -> str | None:
    """What is wrong with a listed file, or None."""
    expected = index.files[name]
    try:
        size = (folder / name).stat().st_size
        if size < expected.bytes:
            return f"{name} is truncated ({size:,} of {expected.bytes:,} bytes)"
        if describe(folder / name) != expected:
            return f"{name} was altered (its SHA-256 is not the one in {INDEX})"
    except FileNotFoundError:
        return f"{name} is missing"
    except OSError as error:
        return f"{name} cannot be read ({error.strerror})"
    return None


def _first(error: ValidationError) -> str:
    found = error.errors()[0]
    where = ".".join(str(part) for part in found["loc"])
    return f"{where}: {found['msg']}" if where else found["msg"]
