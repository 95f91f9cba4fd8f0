"""What a user has taught, as it lies in the folders now: learnt emotions and stored voices."""

from __future__ import annotations

import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from emotts.emotion.learned import LearnedEmotions
from emotts.errors import EmottsError
from emotts.synthesis.stored_voices import StoredVoices, stored_voices

if TYPE_CHECKING:
    from emotts.synthesis.converter import Converter
    from emotts.synthesis.synthesizer import Synthesizer

    Holder = Synthesizer | Converter

Seen = tuple[tuple[str, int, int], ...]  # name, time in ns and bytes of every file


class Personal:
    """Keeps holders of learnt emotions and stored voices up to date, for programs that run on.

    The first holder is a synthesizer, whose checkpoints the others share. What they held when they
    came here stays. Files in the user's own folders are read at once, which raises EmottsError for
    one that is broken.
    """

    def __init__(self, synthesizer: Synthesizer, *others: Holder):
        self._holders: list[Holder] = [synthesizer, *others]
        self._learned, self._stored = dict(synthesizer.learned), dict(synthesizer.stored)
        self._mark, self._folder = synthesizer.mark, synthesizer.models.folder
        self._lock = threading.Lock()
        self._seen = _seen()
        self._read()

    def add(self, holder: Holder) -> None:
        """Keep one more up to date."""
        holder.learned, holder.stored = self._holders[0].learned, self._holders[0].stored
        self._holders.append(holder)

    def refresh(self) -> bool:
        """Read the folders again if a file has come, gone or changed; tells whether one has.

        A broken file is warned of, and all stays as it was until something changes again.
        """
        with self._lock:
            found = _seen()
            if found == self._seen:
                return False
            self._seen = found
            try:
                self._read()
            except EmottsError as error:
                warnings.warn(f"what was learnt is not read again: {error}", stacklevel=2)
                return False
            return True

    def _read(self) -> None:
        learned = self._learned | LearnedEmotions().directions(self._mark)
        stored = self._stored | stored_voices(self._folder)
        for holder in self._holders:  # new dictionaries: who is reading the old ones may go on
            holder.learned, holder.stored = learned, stored
            vars(holder).pop("hearing", None)  # which remembers voices by their names


def _seen() -> Seen:
    found = []
    for folder in (LearnedEmotions().folder, StoredVoices().folder):
        found += [fact for path in _files(folder) if (fact := _fact(path))]
    return tuple(found)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.safetensors")) if folder.is_dir() else []


def _fact(path: Path) -> tuple[str, int, int] | None:
    try:
        found = path.stat()
    except OSError:  # gone meanwhile
        return None
    return str(path), found.st_mtime_ns, found.st_size
