"""The most memory that a process and its children have had."""

from __future__ import annotations

import threading
from pathlib import Path

STEP_SECONDS = 0.5


class Memory:
    """Watches proportional set sizes (Linux), in which shared pages count once, until `stop`."""

    def __init__(self, process: int):
        self.process, self.most, self._over = process, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Bytes."""
        self._over.set()
        self._thread.join()
        return self.most

    def _watch(self) -> None:
        while not self._over.wait(STEP_SECONDS):
            self.most = max(self.most, sum(map(_share, _family(self.process))))


def _family(parent: int) -> list[int]:
    family = [parent]
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # it has just ended
            continue
        for child in children:
            family += _family(int(child))
    return family


def _share(process: int) -> int:
    try:
        for row in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if row.startswith("Pss:"):
                return 1024 * int(row.split()[1])
    except OSError:
        pass  # it has just ended
    return 0
