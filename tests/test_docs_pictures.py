"""The pictures of the documentation: each is shown once, and none is large."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
MOST_PICTURE_BYTES, MOST_SCREEN_BYTES = 60_000, 150_000


def assert_pictures(page: str, most_bytes: int, pattern: str) -> None:
    """Every picture that a pattern finds is shown exactly once, and is no larger than that."""
    shown = re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", page)
    files = {path.name: path.stat().st_size for path in PICTURES.glob(pattern)}
    assert files and sorted(shown) == sorted(files)
    assert max(files.values()) <= most_bytes


def test_no_picture_is_shown_on_no_page():
    known = [*PICTURES.glob("*.png"), *PICTURES.glob("demo-*.jpg")]
    assert sorted(PICTURES.iterdir()) == sorted(known)


def test_the_app_has_a_picture_of_every_tab_and_of_a_phone():
    page = (ROOT / "docs" / "demo.md").read_text("utf-8")
    assert_pictures(page, MOST_SCREEN_BYTES, "demo-*.jpg")
    app = pytest.importorskip("emotts.demo.app", exc_type=ImportError)
    for title in (*app.TABS, "On a phone"):
        part = page.split(f"\n## {title}\n")[1].split("\n## ")[0]
        assert "](pictures/demo-" in part, title


def test_every_control_has_a_small_picture_and_a_link_to_its_figures():
    page = (ROOT / "docs" / "controls.md").read_text("utf-8")
    assert_pictures(page, MOST_PICTURE_BYTES, "*.png")
    for part in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        if "```sh" in part:
            assert "```python" in part and re.search(r"\]\((results|auto)\.md", part), part[:30]
