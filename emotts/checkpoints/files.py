"""Files that are either whole or not there."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from emotts.errors import EmottsError


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a new file beside `path`, then put it in that place in one step.

    Whatever fails on the way, `path` is left as it was and nothing else stays behind.
    Raises EmottsError if the folder cannot be written to.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise EmottsError(f"cannot write into {path.parent}: {error.strerror}") from error
    os.close(handle)
    partial = Path(name)
    try:
        write(partial)
        os.chmod(partial, 0o644)  # mkstemp's 0600 would hide a shared set from its readers
        os.replace(partial, path)
    except OSError as error:
        raise EmottsError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
