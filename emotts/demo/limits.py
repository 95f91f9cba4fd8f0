"""What one visitor may ask for, so that the others are served too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from emotts.errors import EmottsError

SHORTEST_SECONDS = 0.3


@dataclass(frozen=True)
class Limits:
    """characters: of a text; seconds: of a recording; megabytes: of an upload; files: uploaded at
    once; takes: of one sentence; waiting: requests in the queue."""

    characters: int = 1000
    seconds: float = 60.0
    megabytes: int = 20
    files: int = 50
    takes: int = 5
    waiting: int = 64

    def check_text(self, text: str | None) -> str:
        """The text without blanks around it; raises EmottsError where nobody could say it."""
        from emotts.text.phonemes import check_text

        text = (text or "").strip()
        if len(text) > self.characters:
            raise EmottsError(
                f"the text has {len(text)} characters; this page takes {self.characters}, "
                "the command line takes more"
            )
        check_text(text)
        if not any(character.isalnum() for character in text):
            raise EmottsError("nothing in the text can be pronounced; give at least one word")
        return text

    def check_audio(self, path: str | Path | None, what: str = "recording") -> Path:
        """The path of an uploaded recording; raises EmottsError for none, one that is too large,
        too long or too short, and what is no audio."""
        import soundfile

        if not path:
            raise EmottsError(f"there is no {what} yet; upload one or use the microphone")
        path = Path(path)
        if not path.is_file():
            raise EmottsError(f"the {what} is gone; upload it again")
        size = path.stat().st_size
        if size > self.megabytes * 2**20:
            raise EmottsError(
                f"the {what} has {size / 2**20:.0f} MB; this page takes {self.megabytes} MB"
            )
        try:
            found = soundfile.info(path)
        except (soundfile.LibsndfileError, OSError) as error:
            raise EmottsError(
                f"the {what} {path.name[:60]!r} cannot be read as audio; "
                "wav, flac, ogg, opus and mp3 can"
            ) from error
        length = f"the {what} lasts {found.duration:.1f} s; "
        if found.duration > self.seconds:
            raise EmottsError(length + f"this page takes {self.seconds:g} s")
        if found.duration < SHORTEST_SECONDS:
            raise EmottsError(length + f"give {SHORTEST_SECONDS} s or more")
        return path

    def check_files(self, files: Sequence[str | Path] | None, what: str = "recording") -> list:
        """Paths of uploaded recordings, each checked; raises EmottsError for none and too many."""
        files = list(files or ())
        if not files:
            raise EmottsError(f"there is no {what} yet; upload at least one")
        if len(files) > self.files:
            raise EmottsError(f"there are {len(files)} files; this page takes {self.files} at once")
        return [self.check_audio(file, what) for file in files]
