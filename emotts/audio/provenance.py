"""How a file was made, as its own metadata tells: emotts, version, voice, emotion.

What `emotts` writes carries the tag `software` "emotts", where a format has one (mp3 has none), and
in `comment` one JSON object, in which "emotts" is the version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from emotts.errors import EmottsError

SOFTWARE = "emotts"


def provenance_tags(provenance: Mapping[str, Any]) -> dict[str, str]:
    """Text tags for `emotts.audio.io` that `read_provenance` reads."""
    comment = json.dumps(dict(provenance), ensure_ascii=False, default=str)
    return {"software": SOFTWARE, "comment": comment}


def read_provenance(path: str | Path) -> dict[str, Any] | None:
    """How a file was made, or None where it does not say that emotts made it.

    Raises EmottsError for a file that is missing or is no audio.
    """
    import soundfile

    path = Path(path)
    if not path.is_file():
        raise EmottsError(f"there is no audio file {path}")
    try:
        with soundfile.SoundFile(path) as file:
            tags, kind = file.copy_metadata(), file.format
    except (soundfile.LibsndfileError, OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "error_string", None) or str(error)
        raise EmottsError(f"{path} cannot be read as audio ({reason.rstrip('.')})") from error
    try:
        comment = tags.get("comment") or "null"
        found = json.loads(_repaired(comment) if kind == "MP3" else comment)
    except ValueError:
        return None
    # libsndfile adds its own name to what it writes: "emotts (libsndfile-1.2.2)".
    own = tags.get("software", "").startswith(SOFTWARE) or SOFTWARE in (found or {})
    return found if own and isinstance(found, dict) else None


def _repaired(text: str) -> str:
    """libsndfile marks the UTF-8 that it writes into mp3 as Latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
