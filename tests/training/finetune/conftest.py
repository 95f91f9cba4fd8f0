"""The tiny corpus and what is trained on it: see tests/pipeline.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline import prepared, store, synthesizer, trained  # noqa: E402, F401
