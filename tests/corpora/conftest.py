"""The tiny corpus and what is trained on it: see tests/pipeline.py; sharding.py lies here."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

from pipeline import prepared, store, synthesizer, trained  # noqa: E402, F401
