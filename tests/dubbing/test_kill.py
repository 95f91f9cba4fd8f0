"""Killed at any moment, a job loses nothing, leaves no half file, and ends the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).with_name("kill_check.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs children that can be killed")
@pytest.mark.parametrize("moments", [5, pytest.param(50, marks=pytest.mark.slow)])
def test_kills(tmp_path, moments):
    one = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    result = subprocess.run(
        [sys.executable, CHECK, tmp_path, str(moments), "1"],
        env=os.environ | one, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
