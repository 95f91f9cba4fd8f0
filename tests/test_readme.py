"""The README's Python example does what it says."""

import re
from pathlib import Path

import pytest

from emotts.audio.io import read_audio

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / "checkpoints").exists(), reason="nothing has been trained yet")
def test_the_python_example_writes_speech(tmp_path, monkeypatch):
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})
    samples = read_audio(tmp_path / "out.wav")
    assert 0.3 * 24_000 < len(samples) < 5 * 24_000
    assert abs(samples).max() > 0.01
