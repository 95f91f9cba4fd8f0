"""Lines as the bytes of sound files, which go between processes and into the job's folder."""

from __future__ import annotations

import io

import numpy as np

SUBTYPE = "PCM_24"


def encode(samples: np.ndarray, rate: int) -> bytes:
    """Samples (n,) as the bytes of a wav file of 24 bits."""
    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, np.clip(samples, -1, 1), rate, subtype=SUBTYPE, format="WAV")
    return buffer.getvalue()


def decode(sound: bytes) -> np.ndarray:
    """Samples (n,) float32 of what `encode` made."""
    import soundfile

    return soundfile.read(io.BytesIO(sound), dtype="float32")[0]
