"""The folder of a dubbing job: names that stay inside it, files that are whole or not there."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from emotts.errors import EmottsError

TABLE, LOCK = "job.sqlite", "job.lock"
TAKES, STEMS, TIMELINE, ORIGINALS = "takes", "stems", "timeline", "originals"
_PART = (".", ".part")
_BLOCK = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def inside(folder: Path, name: str | Path) -> Path:
    """The path of `name` in a folder. Raises EmottsError for one that leads out of it, by `..`, as
    an absolute path or through a link."""
    root = folder.resolve()
    path = (root / name).resolve()
    if path == root or not path.is_relative_to(root):
        raise EmottsError(f"{str(name)!r} leads out of the output folder {folder}")
    return folder / name


def safe_name(name: str, number: int) -> str:
    """A file name for whatever a character is called, such as "02-anna": of one path part, of
    letters, digits, `_` and `-`, told apart by the number."""
    kept = re.sub(r"[^\w-]+", "_", name).strip("_")[:40]
    return f"{number:02d}-{kept or 'speech'}"


def put(folder: Path, name: str | Path, write: Callable[[Path], object] | bytes) -> Path:
    """Put a file into the job's folder, whole or not at all: see `put_all`.

    write: its bytes, or what fills the path it is called with.
    """
    return put_all(folder, {name: write})[0]


def put_all(
    folder: Path, files: Mapping[str | Path, Callable[[Path], object] | bytes]
) -> list[Path]:
    """Put files into the job's folder, each whole or not at all, a power cut included.

    The data are on the disk before a name appears, and the names are when this returns. Raises
    EmottsError for a name that leads out of the folder and for a disk that is full or does not
    take a file.
    """
    targets = [inside(folder, name) for name in files]
    waiting: dict[Path, Path] = {}
    try:
        for target, write in zip(targets, files.values(), strict=True):
            with disk(target):
                waiting[_fill(target, write)] = target
        for temporary in waiting:  # all are written by now, so that each of these has little to do
            with disk(waiting[temporary]):
                _sync(temporary)
        for temporary in list(waiting):
            with disk(waiting[temporary]):
                os.replace(temporary, waiting.pop(temporary))
        for parent in {target.parent for target in targets}:
            with disk(parent):
                _sync_folder(parent)
    finally:
        for temporary in waiting:
            temporary.unlink(missing_ok=True)
    return targets


def _fill(target: Path, write: Callable[[Path], object] | bytes) -> Path:
    """A temporary file beside a target, with what belongs into it."""
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True)
        _sync_folder(target.parent.parent)
    prefix, suffix = _PART
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=prefix, suffix=suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        temporary.write_bytes(write) if isinstance(write, bytes) else write(temporary)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


@contextmanager
def disk(path: Path) -> Iterator[None]:
    """Refusals of the disk, inside this, become sentences."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise EmottsError(
                f"there is no room for {path} ({error.strerror.lower()}); what is finished is "
                "kept: make room and run the same command again"
            ) from error
        raise EmottsError(f"{path} cannot be written: {error.strerror or error}") from error


def sweep(folder: Path) -> int:
    """Remove what a killed run left half written; returns how many files."""
    prefix, suffix = _PART
    count = 0
    for place in (folder, *(folder / name for name in (TAKES, STEMS, TIMELINE, ORIGINALS))):
        for path in place.glob(f"{prefix}*{suffix}"):
            path.unlink(missing_ok=True)
            count += 1
    return count


def digest(path: Path) -> str | None:
    """SHA-256 of a file, None if there is none."""
    found = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while block := file.read(_BLOCK):
                found.update(block)
    except OSError:
        return None
    return found.hexdigest()


def check_table(folder: Path) -> Path:
    """The table of a folder; EmottsError if there is none."""
    path = inside(folder, TABLE)
    if not path.is_file():
        raise EmottsError(f"there is no dubbing job in {folder} (no {TABLE})")
    return path


def check_folder(folder: Path) -> None:
    """Raise EmottsError for a folder that holds something else, lest it be written over."""
    if folder.exists() and not folder.is_dir():
        raise EmottsError(f"{folder} is a file; name a folder for the job")
    if not folder.is_dir() or (folder / TABLE).exists():
        return
    names = (path.name for path in folder.iterdir())
    others = sorted(name for name in names if name != LOCK and not name.startswith("."))
    if others:
        raise EmottsError(
            f"{folder} holds other files ({', '.join(others[:3])}) and no dubbing job; choose an "
            "empty folder"
        )


def locked(folder: Path) -> Any:
    """Lock a job for this process, to be released; EmottsError if another one has it. However a
    process ends, its lock goes with it."""
    try:
        from filelock import FileLock, Timeout
    except ImportError as error:
        raise EmottsError(
            "dubbing needs the package filelock: pip install 'emotts[dub]'"
        ) from error
    lock = FileLock(inside(folder, LOCK))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise EmottsError(
            f"another run is at work in {folder}; wait for it, or choose another folder"
        ) from None
    except OSError as error:
        raise EmottsError(f"cannot write into {folder}: {error.strerror or error}") from error
    return lock


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk; where folders cannot be opened there is no need."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
