"""Imported vocoders at work: speaking for our voices, and recordings made again."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.audio.mel_config import MEL_24K, MelConfig
from emotts.checkpoints.foreign_vocoder import load_imported
from emotts.errors import EmottsError
from emotts.synthesis.vocoders import Sound

# Without these two mels do not even have the same shape, or the sound another pitch and length.
NEEDED = ("n_mels", "sample_rate", "hop_length")


def foreign_sound(folder: str | Path, device: str = "cpu") -> Sound:
    """An imported vocoder in the place of our own, as `emotts.synthesis.vocoders.load_vocoder`.

    folder: what `import_vocoder` wrote. F0, voicing and noise are not looked at. Raises EmottsError
    where its mel has other bands or frames than ours, warns of lesser differences.
    """
    model, mel = load_imported(folder)
    differences = mel.differences(MEL_24K)
    told = f"the vocoder {folder} was trained for other mels ({', '.join(differences)})"
    if any(getattr(mel, name) != getattr(MEL_24K, name) for name in NEEDED):
        raise EmottsError(f"{told}: it cannot speak what our voices make")
    if differences:
        warnings.warn(f"{told}: expect a shifted or dull voice", stacklevel=2)
    model.to(device)
    return lambda given, f0, voiced, noise: _on_our_frames(model, mel, given.transpose(1, 2))


def resynthesize_with(samples: np.ndarray, folder: str | Path) -> np.ndarray:
    """Analyse speech with the mel that an imported vocoder was trained on, and make it again.

    samples: (n,) at the rate of that mel (`load_imported(folder)[1].sample_rate`). Returns
    (n // hop · hop,).
    """
    model, mel = load_imported(folder)
    given = torch.from_numpy(mel.log_mel(samples))[None]
    with torch.inference_mode():
        return model(given)[0].numpy()


def _on_our_frames(model: nn.Module, mel: MelConfig, given: Tensor) -> Tensor:
    """(batch, bands, frames), a frame centred on every hop, to (batch, frames · hop).

    A vocoder with frames at the multiples of the hop gets one more at either end, and what it makes
    is read half a hop later.
    """
    if mel.padding == "same":
        return model(given)
    samples = model(F.pad(given, (1, 1), mode="replicate"))
    start = mel.hop_length // 2
    return samples[:, start : start + given.shape[2] * mel.hop_length]
