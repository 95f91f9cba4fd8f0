"""What judges said of files, kept by content, so that a stopped run goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


class ScoreCache:
    """JSON lines of {judge, sha256, value}; a file that changes is judged again."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self._known: dict[tuple[str, str], Any] = {}
        self._torn = False  # whether the last line lacks its end, as a stopped run leaves it
        if self.path.is_file():
            text = self.path.read_text(encoding="utf-8")
            self._torn = bool(text) and not text.endswith("\n")
            for line in text.splitlines():
                try:
                    row = json.loads(line)
                except json.JSONDecodeError:  # torn
                    continue
                self._known[row["judge"], row["sha256"]] = row["value"]

    def get(self, judge: str, file: str | Path, score: Callable[[], Any]) -> Any:
        """The kept value of the judge for the file's content, or a new one from `score`."""
        digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
        if (judge, digest) not in self._known:
            value = score()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as kept:
                kept.write("\n" * self._torn)
                self._torn = False
                kept.write(json.dumps({"judge": judge, "sha256": digest, "value": value}) + "\n")
                kept.flush()
                os.fsync(kept.fileno())
            self._known[judge, digest] = value
        return self._known[judge, digest]
