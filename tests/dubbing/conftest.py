"""A job of tones in a temporary folder."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fake_studio import Bench, Here, bench_in  # noqa: E402
from pipeline import synthesizer, trained  # noqa: E402, F401

# What binds the pitch tracker when it is first imported must not do so while it is replaced.
import emotts.audio.activity  # noqa: E402
import emotts.synthesis.recognizer  # noqa: E402, F401


@pytest.fixture
def bench(tmp_path, monkeypatch) -> Bench:
    """With an engine that works in this process, no pitch tracks, and a disk that is not waited
    for (a killed process loses nothing by that), so that a test takes no second."""
    import os

    import numpy as np

    from emotts.dubbing import job

    monkeypatch.setattr(os, "fsync", lambda handle: None)
    monkeypatch.setattr("emotts.audio.f0.track_f0", lambda x, rate: (np.zeros(1), np.zeros(1)))
    monkeypatch.setattr(job, "_engine", lambda studio, options: Here(studio))
    return bench_in(tmp_path)


@pytest.fixture
def real_bench(tmp_path) -> Bench:
    """With worker processes."""
    return bench_in(tmp_path)
