"""Audio as it is made: bytes of a file that can be played before its end is known."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

import numpy as np

from emotts.audio.constants import SAMPLE_RATE
from emotts.audio.io import encode_audio
from emotts.serve.tags import commented, id3_head

MEDIA = {
    "mp3": "audio/mpeg", "opus": "audio/ogg", "aac": "audio/aac", "flac": "audio/flac",
    "wav": "audio/wav", "pcm": "audio/pcm",
}  # fmt: skip
FORMATS = tuple(MEDIA)
UNKNOWN = 0xFFFFFFFF
WHOLE = {"wav": "wav", "flac": "flac", "mp3": "mp3", "opus": "ogg"}  # of emotts.audio.io
# Container, codec, bit rate, options. Nothing here looks back once it has been written.
CODINGS: dict[str, tuple[str, str, int | None, dict[str, str]]] = {
    "mp3": ("mp3", "libmp3lame", 64_000, {"write_xing": "0", "id3v2_version": "0"}),
    "opus": ("ogg", "libopus", 48_000, {"page_duration": "200000"}),
    "aac": ("adts", "aac", 64_000, {}),
    "flac": ("flac", "flac", None, {}),
}


class Encoder(Protocol):
    """Turns samples (n,) in −1…1 at 24 kHz into the next bytes of a file."""

    def add(self, samples: np.ndarray) -> bytes: ...
    def end(self) -> bytes: ...


def encoder(name: str, tags: Mapping[str, str], whole: bool = False) -> Encoder:
    """An encoder of one of `FORMATS`; tags: text for formats that carry it.

    whole: give all bytes at the end, in a file whose head tells its length.
    """
    if name == "pcm":
        return Pcm()
    if whole and name in WHOLE:
        return Whole(WHOLE[name], tags)
    return Wav(tags) if name == "wav" else Coded(*CODINGS[name], tags)


class Last(bytes):
    """The last chunk of a file."""


def encoded(
    pieces: Iterable[np.ndarray], make: Callable[[], Encoder], expected: int | None = None
) -> Iterator[bytes]:
    """Bytes of a file, a chunk for each piece (which may be empty); the last is a `Last`.

    The encoder is made after the first piece. expected: how many pieces there seem to be; the end
    is then looked for together with that piece.
    """
    coder, held = None, b""
    for number, piece in enumerate(pieces, 1):
        coder = coder or make()
        held += coder.add(piece)
        if number != expected:
            yield held
            held = b""
    if coder:
        yield Last(held + coder.end())


class Pcm:
    """Bare samples: 16 bits, signed, little-endian, 24 kHz, mono."""

    def add(self, samples: np.ndarray) -> bytes:
        return np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()

    def end(self) -> bytes:
        return b""


class Wav(Pcm):
    """The same behind a header that says that its length is unknown, as streams do."""

    def __init__(self, tags: Mapping[str, str]):
        self._head: bytes | None = _wav_head(tags)

    def add(self, samples: np.ndarray) -> bytes:
        head, self._head = self._head or b"", b""
        return head + super().add(samples)


def _wav_head(tags: Mapping[str, str]) -> bytes:
    info = b"INFO"
    for name, key in ((b"ISFT", "software"), (b"ICMT", "comment")):
        text = tags.get(key, "").encode("utf-8") + b"\0"
        info += name + struct.pack("<I", len(text)) + text + b"\0" * (len(text) % 2)
    form = struct.pack("<HHIIHH", 1, 1, SAMPLE_RATE, 2 * SAMPLE_RATE, 2, 16)
    head = b"RIFF" + struct.pack("<I", UNKNOWN) + b"WAVEfmt " + struct.pack("<I", len(form)) + form
    head += b"LIST" + struct.pack("<I", len(info)) + info
    return head + b"data" + struct.pack("<I", UNKNOWN)


class Whole:
    """A file as `emotts say` writes it, which can only begin when all is there."""

    def __init__(self, ending: str, tags: Mapping[str, str]):
        self._ending, self._tags = ending, dict(tags)
        self._pieces: list[np.ndarray] = []

    def add(self, samples: np.ndarray) -> bytes:
        self._pieces.append(samples)
        return b""

    def end(self) -> bytes:
        samples = np.clip(np.concatenate(self._pieces), -1, 1)
        return encode_audio(samples, SAMPLE_RATE, self._ending, self._tags)


class _Sink:
    """A file that can only be written, whose bytes are taken away as they come."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        out = bytes(self._held)
        self._held.clear()
        return out


class Coded:
    """A compressed file, by PyAV."""

    def __init__(
        self, container: str, codec: str, bit_rate: int | None, options: dict[str, str],
        tags: Mapping[str, str],
    ):  # fmt: skip
        import av

        self._sink = _Sink()
        self._file = av.open(self._sink, "w", format=container, options=options)
        self._head = id3_head(tags) if container == "mp3" else b""
        self._file.metadata.update(tags)
        self._stream = self._file.add_stream(codec, rate=SAMPLE_RATE, layout="mono")
        self._stream.metadata.update(tags)
        if bit_rate is not None:
            self._stream.bit_rate = bit_rate
        self._done, self._begun = 0, False

    def add(self, samples: np.ndarray) -> bytes:
        import av

        whole = np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16)[None]
        if whole.size:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole), "s16", "mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, self._done
            self._done += whole.size
            self._file.mux(self._stream.encode(frame))
        return self._taken()

    def end(self) -> bytes:
        self._file.mux(self._stream.encode(None))
        self._file.close()
        return self._taken()

    def _taken(self) -> bytes:
        """What has been written, the first of it with its tags."""
        data = self._sink.taken()
        if data and not self._begun:
            self._begun = True
            return self._head + commented(data)
        return data
