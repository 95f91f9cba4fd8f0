"""A film with the new track: its picture is copied packet by packet, not encoded again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from emotts.dubbing.folder import put
from emotts.errors import EmottsError

# Ending → container and codec of the track.
CONTAINERS = {
    ".mp4": ("mp4", "aac"), ".m4v": ("mp4", "aac"), ".mov": ("mov", "aac"),
    ".mkv": ("matroska", "aac"), ".webm": ("webm", "libopus"),
}  # fmt: skip
BIT_RATE, OPUS_RATE = 192_000, 48_000
_BLOCK = 1 << 16


def check_video(path: str | Path) -> None:
    """Raise EmottsError for a film that there is not, that has no picture, or an ending that is
    none of `CONTAINERS`."""
    path = Path(path)
    if path.suffix.lower() not in CONTAINERS:
        raise EmottsError(f"the name of {path} must end in one of {', '.join(CONTAINERS)}")
    with _opened(path):
        pass


def write_video(folder: Path, film: str | Path, track: Path) -> Path:
    """Put video.mp4 (or as the film ends) into the job's folder: pictures and subtitles of the
    film as they are, and the track as its only sound."""
    film = Path(film)
    container, codec = CONTAINERS[film.suffix.lower()]

    def write(path: Path) -> None:
        import av

        with _opened(film) as source, av.open(str(path), "w", format=container) as target:
            try:
                _remux(source, target, track, codec)
            except av.error.FFmpegError as error:
                raise EmottsError(f"{film} cannot be copied with a new track: {error}") from error

    return put(folder, f"video{film.suffix.lower()}", write)


def _opened(path: Path) -> Any:
    import av

    try:
        source = av.open(str(path))
    except (av.error.FFmpegError, OSError) as error:
        raise EmottsError(f"the film {path} cannot be read: {error}") from error
    if not source.streams.video:
        source.close()
        raise EmottsError(f"the film {path} has no picture")
    return source


def _remux(source: Any, target: Any, track: Path, codec: str) -> None:
    """Packets of the film as they come, and before each the sound that belongs before it."""
    import soundfile

    kept = [*source.streams.video, *source.streams.subtitles]
    copies = {stream.index: target.add_stream_from_template(stream) for stream in kept}
    with soundfile.SoundFile(track) as sound:
        layout = "mono" if sound.channels == 1 else "stereo"
        rate = OPUS_RATE if codec == "libopus" else sound.samplerate
        voice = target.add_stream(codec, rate=rate, layout=layout)
        voice.bit_rate = BIT_RATE
        spoken = _Spoken(sound, voice, target, layout)
        for packet in source.demux(kept):
            if packet.dts is None:
                continue
            spoken.until(float(packet.dts * packet.time_base))
            packet.stream = copies[packet.stream.index]
            target.mux(packet)
        spoken.until(None)


class _Spoken:
    """Encodes the track piece by piece."""

    def __init__(self, sound: Any, stream: Any, target: Any, layout: str):
        import av

        self.sound, self.stream, self.target, self.layout = sound, stream, target, layout
        self.resampler = av.AudioResampler(stream.format, layout, stream.rate)
        self.done = 0

    def until(self, seconds: float | None) -> None:
        """Encode what sounds before `seconds`, or the rest for None."""
        import av

        rate = self.sound.samplerate
        while seconds is None or self.done < seconds * rate:
            block = self.sound.read(_BLOCK, dtype="float32", always_2d=True)
            if not len(block):
                break
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(block.T), format="fltp", layout=self.layout
            )
            frame.sample_rate, frame.pts, frame.time_base = rate, self.done, Fraction(1, rate)
            self.done += len(block)
            self._encode(self.resampler.resample(frame))
        if seconds is None:
            self._encode(self.resampler.resample(None))
            self._encode([None])

    def _encode(self, frames: list[Any]) -> None:
        for frame in frames:
            for packet in self.stream.encode(frame):
                self.target.mux(packet)
