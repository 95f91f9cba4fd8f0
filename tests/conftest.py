"""What every test may ask for."""

from pathlib import Path

import pytest
from hypothesis import settings

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

# A busy machine is no failure: no time limit on a single example, and no surprises between runs.
settings.register_profile("emotts", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("emotts")


def pytest_collection_modifyitems(items):
    """Mark what uses real speech, and leave it out where there is none."""
    missing = not (SHARED_DATA / "manifest.tsv").is_file()
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker("needs_data")
        if missing and item.get_closest_marker("needs_data"):
            item.add_marker(pytest.mark.skip(reason="no recordings in ../shared/data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings beside the checkout (manifest.tsv and one folder a corpus)."""
    return SHARED_DATA
