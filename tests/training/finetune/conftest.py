"""The tiny corpus and what is trained on it: see tests/pipeline.py."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline import prepared, store, synthesizer, trained  # noqa: E402, F401


@pytest.fixture
def base(trained, tmp_path):  # noqa: F811
    """The tiny set with an ear for content that was never trained."""
    from converting import SIZE

    from emotts.checkpoints import save_checkpoint
    from emotts.models.recording import RecordingContent

    shutil.copytree(trained.checkpoints, tmp_path / "base")
    save_checkpoint(
        tmp_path / "base", "recording", RecordingContent(**SIZE).state_dict(),
        {"kind": "recording", **SIZE}, {"corpora": [], "command": "none"},
    )  # fmt: skip
    return tmp_path / "base"
