"""Vocoders behind one call: our own, Griffin-Lim without weights, and those of others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from emotts.checkpoints import load_checkpoint
from emotts.errors import EmottsError
from emotts.models.vocoder import Vocoder
from emotts.synthesis.griffin_lim import griffin_lim
from emotts.synthesis.networks import build

# mel (1, frames, 80), f0 in Hz without gaps (1, frames), voiced (1, frames), noise (1, samples)
# -> samples (1, frames * 256)
Sound = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]


def load_vocoder(folder: Path, device: str = "cpu", name: str | None = None) -> Sound:
    """The vocoder of a checkpoint set, or another by name.

    name: None (the set's own), "griffin-lim", a folder that `emotts import-vocoder` wrote, or a
    file with a published HiFi-GAN generator of the same mel settings. Raises EmottsError if there
    is no such vocoder.
    """
    if name == "griffin-lim":
        return _griffin_lim
    if name is None:
        return _own(folder, device)
    if not Path(name).exists():
        raise EmottsError(
            f"there is no vocoder {name!r}; use griffin-lim, or a path to a HiFi-GAN generator or "
            "to what emotts import-vocoder wrote"
        )
    if Path(name).is_dir():
        from emotts.synthesis.foreign_vocoders import foreign_sound

        return foreign_sound(name, device)
    from emotts.models.hifigan import load_hifigan

    generator = load_hifigan(name).to(device)
    return lambda mel, f0, voiced, noise: generator(mel.transpose(1, 2))


def _own(folder: Path, device: str) -> Sound:
    stored = load_checkpoint(folder, "vocoder")
    model = build(Vocoder, stored.config, stored.tensors).to(device)
    return lambda mel, f0, voiced, noise: model(mel, f0, voiced, noise=noise)


def _griffin_lim(mel: Tensor, f0: Tensor, voiced: Tensor, noise: Tensor) -> Tensor:
    return torch.from_numpy(griffin_lim(mel[0].T.cpu().numpy()))[None]
