"""The tiny set and its export: see tests/exporting.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from exporting import by_torch, exported, tiny  # noqa: E402, F401
