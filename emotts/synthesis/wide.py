"""Recordings made again at another rate than 24 kHz, by a vocoder of the task `vocoder_wide`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emotts.audio.constants import NEUTRAL_LEVEL_DBFS
from emotts.audio.f0 import fill_gaps, track_f0
from emotts.audio.frames import f0_at
from emotts.checkpoints import load_checkpoint
from emotts.errors import EmottsError


def resynthesize_wide(
    samples: np.ndarray, folder: str | Path, name: str = "vocoder_44k", seed: int = 0
) -> np.ndarray:
    """Analyse speech with the vocoder's own mel and make it again.

    samples: (n,) at the rate of that mel, of any level; folder, name: of the checkpoint. Returns
    (n // hop · hop,). Raises EmottsError for a checkpoint of another kind.
    """
    import torch

    from emotts.models.vocoder import Vocoder
    from emotts.synthesis.networks import build

    stored = load_checkpoint(folder, name)
    if stored.config.get("kind") != "vocoder_wide":
        kind = stored.config.get("kind")
        raise EmottsError(f"{name} of {folder} is of the kind {kind!r}, not a vocoder_wide")
    model = build(Vocoder, stored.config, stored.tensors)
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))) + 1e-9)
    gain = np.float32(10 ** (NEUTRAL_LEVEL_DBFS / 20) / rms)
    scaled = np.asarray(samples, dtype=np.float32) * gain
    frames = len(scaled) // model.mel.hop_length
    f0 = f0_at(track_f0(scaled, model.mel.sample_rate)[0], model.mel, frames)
    voiced = f0 > 0
    filled = np.exp(fill_gaps(np.log(np.maximum(f0, 1.0)), voiced, np.log(150.0)))
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(1, frames * model.mel.hop_length, generator=generator)
    given = model.mel.log_mel(scaled).T, filled.astype(np.float32), voiced.astype(np.float32)
    with torch.inference_mode():
        made = model(*(torch.from_numpy(np.ascontiguousarray(x))[None] for x in given), noise=noise)
    return made[0].numpy() / gain
