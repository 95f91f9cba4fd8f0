"""Lets torchaudio's Python parts import beside a torch without CUDA.

The published torchaudio wheels link CUDA, so their compiled extension cannot load next to a
CPU-only torch, and `import torchaudio` fails with it. Its transforms, models and pipelines need
none of the extension: an inert module under its name is enough for them and for what builds on
them (speechbrain, transformers' audio models). Import this module and call `install` before
anything imports torchaudio.
"""

from __future__ import annotations

import sys
from types import ModuleType

NAME = "torchaudio._extension"


def install() -> bool:
    """Put the inert module in place where torch has no CUDA; tell whether it stands there.

    Does nothing where torch has CUDA, where torchaudio's own extension is loaded already, or when
    called again.
    """
    import torch

    if torch.version.cuda is not None:
        return False
    present = sys.modules.get(NAME)
    if present is None:
        sys.modules[NAME] = present = _inert_module()
    return getattr(present, "stands_in", False)


def _inert_module() -> ModuleType:
    """Make a module with the names torchaudio reads from its extension, all switched off."""
    module = ModuleType(NAME, "Inert stand-in for torchaudio's compiled extension.")
    module.stands_in = True
    module._IS_TORCHAUDIO_EXT_AVAILABLE = False
    module._IS_ALIGN_AVAILABLE = False
    module.fail_if_no_align = _identity
    module._check_cuda_version = _nothing
    return module


def _identity(function):
    return function


def _nothing() -> None:
    return None
