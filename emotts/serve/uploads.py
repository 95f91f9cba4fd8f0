"""Uploaded recordings: decoded in memory, up to a length, and never by their names."""

from __future__ import annotations

import io

import numpy as np

from emotts.audio.constants import SAMPLE_RATE
from emotts.errors import EmottsError

# Containers that hold their own sound. Playlists and the like, which make a reader open other
# files or addresses, are left out.
CONTAINERS = "wav,w64,flac,ogg,mp3,aac,aiff,au,caf,amr,mov,mp4,matroska,webm,asf"


def decode_upload(data: bytes, most_seconds: float) -> np.ndarray:
    """Samples (n,) float32 at 24 kHz mono of an audio file's bytes.

    Raises EmottsError for what is no audio, is broken, has no finite samples, or lasts longer than
    most_seconds, which is noticed while decoding, whatever its header says.
    """
    import av

    if not data:
        raise EmottsError("the uploaded file is empty; send a recording")
    parts: list[np.ndarray] = []
    try:
        with av.open(
            io.BytesIO(data), options={"format_whitelist": CONTAINERS, "protocol_whitelist": ""}
        ) as container:
            if not container.streams.audio:
                raise EmottsError("the uploaded file holds no audio; send a recording")
            _read(container, parts, most_seconds)
    except (av.FFmpegError, OSError, ValueError, MemoryError) as error:
        if isinstance(error, EmottsError):
            raise
        raise EmottsError(
            "the uploaded file cannot be read as audio; wav, flac, ogg, opus, mp3, m4a, aac and "
            "webm can"
        ) from error
    samples = np.concatenate([np.zeros(0, np.float32), *parts])
    if not np.isfinite(samples).all():
        raise EmottsError("the uploaded file holds samples that are not finite numbers")
    return samples


def _read(container, parts: list[np.ndarray], most_seconds: float) -> None:
    import av

    stream, count = container.streams.audio[0], 0
    resampler = av.AudioResampler("fltp", "mono", SAMPLE_RATE)
    for frame in container.decode(stream):
        frame.pts = None
        for made in resampler.resample(frame):
            parts.append(made.to_ndarray()[0])
            count += made.samples
        if count > most_seconds * SAMPLE_RATE:
            raise EmottsError(
                f"the uploaded recording is longer than {most_seconds:g} s; cut it into parts"
            )
    parts.extend(made.to_ndarray()[0] for made in resampler.resample(None))
