"""Sound on the report's page: players, mel strips and F0 curves, within a limit of size."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import numpy as np

from emotts.audio.constants import FRAME_RATE, SAMPLE_RATE
from emotts.errors import EmottsError
from emotts.evaluation.page import data_uri
from emotts.evaluation.report_figures import Series

STRIP_QUALITY = 80  # JPEG: a strip of 3 s is 5 kB, where PNG needs 40
STRIP_SPAN = 9.0  # natural log units below the loudest band that a strip shows


@dataclass(frozen=True)
class Player:
    """What one player plays: a data URI or a relative link, or the player that has it already."""

    id: str
    label: str
    source: str = ""
    same_as: str = ""
    seconds: float = 0.0
    problem: str = ""


@dataclass
class ClipShelf:
    """The report's clips, each embedded once as Ogg Opus until `limit` bytes are used up.

    folder: what paths and links are relative to. limit: bytes of data URIs, strips included.
    """

    folder: Path
    limit: int
    used: int = 0
    embedded: int = 0
    linked: int = 0
    problems: list[str] = field(default_factory=list)
    _players: dict[Path, Player] = field(default_factory=dict)
    _bytes_a_second: float = 0.0
    _count: int = 0

    def path(self, path: str | Path) -> Path:
        """Return where a path of report.json or rows.jsonl lies."""
        return self.folder / path

    def samples(self, path: str | Path) -> np.ndarray | None:
        """Read a clip at 24 kHz, (n,) float32; one that cannot be read is noted as a problem."""
        from emotts.audio.io import read_audio

        try:
            return read_audio(self.path(path))
        except EmottsError as error:
            if str(error) not in self.problems:
                self.problems.append(str(error))
            return None

    def player(self, path: str, label: str, samples: np.ndarray | None = None) -> Player:
        """Return a player of a clip; one met before is referred to and not embedded again.

        samples: (n,) at 24 kHz where the caller has read them already.
        """
        file = self.path(path)
        self._count += 1
        name = f"clip-{self._count}"
        if file in self._players:
            known = self._players[file]
            if known.problem:
                return known
            return Player(name, label, "", known.id, known.seconds)
        player = self._new(name, file, label, samples)
        self._players[file] = player
        return player

    def _new(self, name: str, file: Path, label: str, samples: np.ndarray | None) -> Player:
        if samples is None and self._is_full(file):
            seconds = _seconds(file)
        else:
            samples = self.samples(file) if samples is None else samples
            if samples is None:
                return Player(name, label, problem="no readable audio")
            seconds = len(samples) / SAMPLE_RATE
            source = self._encoded(samples)
            if source:
                self.embedded += 1
                return Player(name, label, source, "", seconds)
        self.linked += 1
        return Player(name, label, self._link(file), "", seconds)

    def _is_full(self, file: Path) -> bool:
        """Whether a clip of this length has surely no place, judged by those before it."""
        return file.is_file() and self.used + 0.7 * self._bytes_a_second * _seconds(file) > (
            self.limit
        )

    def _encoded(self, samples: np.ndarray) -> str:
        from emotts.audio.io import encode_audio

        if self.used >= self.limit:
            return ""
        peak = float(np.abs(samples).max())
        uri = data_uri(encode_audio(samples / max(peak, 1.0), SAMPLE_RATE, "ogg"), "audio/ogg")
        self._bytes_a_second = len(uri) / (len(samples) / SAMPLE_RATE)
        return uri if self._take(uri) else ""

    def _take(self, uri: str) -> bool:
        if self.used + len(uri) > self.limit:
            return False
        self.used += len(uri)
        return True

    def _link(self, file: Path) -> str:
        """A link relative to the page; it names no folder above what both have in common."""
        return quote(Path(os.path.relpath(file, self.folder)).as_posix())

    def strip(self, samples: np.ndarray) -> str:
        """Return the mel spectrogram as a JPEG data URI, or nothing where it has no place."""
        from matplotlib.image import imsave

        from emotts.audio.mel import log_mel

        if len(samples) < SAMPLE_RATE // 20 or self.used >= self.limit:
            return ""
        mel = log_mel(samples)
        picture = io.BytesIO()
        imsave(
            picture, mel, vmin=float(mel.max()) - STRIP_SPAN, vmax=float(mel.max()),
            cmap="magma", origin="lower", format="jpg", pil_kwargs={"quality": STRIP_QUALITY},
        )  # fmt: skip
        uri = data_uri(picture.getvalue(), "image/jpeg")
        return uri if self._take(uri) else ""


def _seconds(file: Path) -> float:
    import soundfile

    try:
        return soundfile.info(file).duration
    except (soundfile.LibsndfileError, OSError):
        return 0.0


def f0_series(samples: np.ndarray, label: str) -> Series:
    """Return F0 in Hz over seconds at 93.75 values a second, broken where unvoiced.

    samples: (n,) at 24 kHz.
    """
    from emotts.audio.f0 import track_f0

    f0, voiced = track_f0(samples)
    times = (np.arange(len(f0)) + 0.5) / FRAME_RATE
    return Series(label, times, np.where(voiced, f0, np.nan))
