"""Where a set of checkpoints is: shipped with emotts, in a folder, or on the Hugging Face hub."""

import re
from pathlib import Path

from emotts.checkpoints.index import INDEX, verify
from emotts.errors import EmottsError

_PACKAGE = Path(__file__).resolve().parents[1]
_HUB_ID = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)(@(?P<revision>[\w./-]+))?")


def resolve(source: str | Path | None = None) -> Path:
    """The folder of a set.

    source: None for the set shipped with emotts; a folder; or a hub id `owner/name[@revision]`,
        the only case in which the network is used, and then only if no folder begins that way.
    Raises EmottsError if there is no set.
    """
    if source is None:
        return _embedded()
    folder = Path(source).expanduser()
    if folder.exists():
        if not (folder / INDEX).is_file():
            raise EmottsError(f"no checkpoints in {folder}: it has no {INDEX}")
        return folder
    hub_id = _HUB_ID.fullmatch(source) if isinstance(source, str) else None
    if hub_id is None or Path(source).parent.exists() or source.startswith("."):
        raise EmottsError(
            f"there is no folder {source}: give a folder that holds {INDEX}, a hub id owner/name, "
            "or nothing for the set shipped with emotts"
        )
    return _download(hub_id["repository"], hub_id["revision"])


def _embedded() -> Path:
    """In a built package emotts/embedded, in a source tree checkpoints/ beside the package."""
    for folder in (_PACKAGE / "embedded", _PACKAGE.parent / "checkpoints"):
        if (folder / INDEX).is_file():
            return folder
    raise EmottsError(
        f"this installation of emotts has no checkpoints of its own (looked beside {_PACKAGE}): "
        "give a folder or a hub id, or install emotts again"
    )


def _download(repository: str, revision: str | None) -> Path:
    """Fetch a set into the hub's own cache and check every file of it."""
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise EmottsError(
            f"{repository} is no folder, and reading it from the hub needs: "
            "pip install huggingface_hub"
        ) from error
    try:
        # What the hub's client raises is OSError (connection, HTTP, offline) or ValueError (name).
        folder = Path(
            snapshot_download(
                repository,
                revision=revision,
                allow_patterns=["*.safetensors", "*.json", "*.md"],
            )
        )
    except (OSError, ValueError) as error:
        reason = str(error).strip().split("\n")[0]
        raise EmottsError(f"cannot get checkpoints {repository} from the hub: {reason}") from error
    verify(folder)
    return folder
