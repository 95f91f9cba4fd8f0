"""A converter of the tiny corpus' checkpoints, with an ear for content that was never trained."""

import shutil
from functools import cache
from pathlib import Path

import torch

from emotts.checkpoints import save_checkpoint
from emotts.models.recording import RecordingContent

SIZE = {"dim": 32, "hidden": 48, "blocks": 2, "kernel": 5, "dropout": 0.0}


@cache
def converter_of(checkpoints: Path, folder: Path):
    from emotts.synthesis.converter import Converter

    shutil.copytree(checkpoints, folder)
    torch.manual_seed(0)
    save_checkpoint(
        folder, "recording", RecordingContent(**SIZE).state_dict(),
        {"kind": "recording", **SIZE}, {"corpora": [], "command": "none"},
    )  # fmt: skip
    return Converter.from_pretrained(folder)
