"""Recording to mel and F0 and back: what the vocoder keeps."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.audio.constants import HOP_LENGTH, NEUTRAL_LEVEL_DBFS
from emotts.audio.f0 import SURMISE, fill_gaps, track_f0
from emotts.audio.mel import log_mel
from emotts.checkpoints import resolve

if TYPE_CHECKING:
    from emotts.synthesis.vocoders import Sound


@lru_cache(maxsize=2)
def _vocoder(source: str | None):
    from emotts.synthesis.vocoders import load_vocoder

    return load_vocoder(resolve(source))


def resynthesize(
    samples: np.ndarray, source: str | Path | None = None, seed: int = 0
) -> np.ndarray:
    """Analyse speech and make it again with the vocoder of a set (None: the embedded one).

    samples: (n,) at 24 kHz. Returns (n // 256 * 256,); see `made_again`.
    """
    return made_again(_vocoder(None if source is None else str(source)), samples, seed)


def made_again(vocoder: Sound, samples: np.ndarray, seed: int = 0) -> np.ndarray:
    """Analyse speech and make it again with a vocoder.

    samples: (n,) at 24 kHz, of any level; the vocoder hears them at the shared level and the gain
    is undone. Where the tracker only surmises a pitch the vocoder is given one, since it decides
    for every bin how much of it is noise: rough onsets came out hoarse when they were called
    unvoiced. The pitch wavers as the speaker's own pulses do. Returns (n // 256 * 256,).
    """
    import torch

    from emotts.models.phase_lock import wavering

    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))) + 1e-9)
    gain = 10 ** (NEUTRAL_LEVEL_DBFS / 20) / rms
    scaled = np.asarray(samples, dtype=np.float32) * np.float32(gain)
    f0, voiced = track_f0(scaled, confidence=SURMISE)
    filled = np.exp(fill_gaps(np.log(np.maximum(f0, 1.0)), voiced, np.log(150.0)))
    filled = filled * wavering(scaled[: len(f0) * HOP_LENGTH], filled, voiced)
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(1, len(f0) * HOP_LENGTH, generator=generator)
    with torch.inference_mode():
        made = vocoder(
            torch.from_numpy(log_mel(scaled).T.copy())[None],
            torch.from_numpy(filled.astype(np.float32))[None],
            torch.from_numpy(voiced.astype(np.float32))[None],
            noise,
        )
    return made[0].numpy() / np.float32(gain)
