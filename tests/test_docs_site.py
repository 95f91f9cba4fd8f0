"""The documentation's site: every page is in it, it builds strictly, and it loads nothing from
another host."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
CONFIG = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
ELSEWHERE = re.compile(r"^\s*([a-z]+:)?//", re.IGNORECASE)
LOADED = {"src", "srcset", "poster", "data", "background"}  # attributes that load what they name
LOADING_LINKS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch",
                 "manifest", "modulepreload"}  # fmt: skip


def pages_of(nav: object) -> Iterator[str]:
    """The files that a navigation names."""
    if isinstance(nav, str):
        yield nav
    for part in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from pages_of(part)


def test_the_navigation_names_every_page_once():
    named = sorted(pages_of(CONFIG["nav"]))
    assert named == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


def test_every_checkpoint_has_its_card_among_the_pages():
    text = (ROOT / "docs" / "models.md").read_text("utf-8")
    shown = set(re.findall(r'^--8<-- "(.+)"$', text, re.MULTILINE))
    cards = {path.relative_to(ROOT).as_posix() for path in (ROOT / "checkpoints").glob("*.md")}
    assert shown == cards


def test_every_file_of_the_extending_and_how_pages_exists():
    for page in ("extending", "how_it_works"):
        text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
        for path in re.findall(r"`((?:\w+/)+\w*(?:\.py|/)?)`", text):
            places = [ROOT / path, ROOT / "emotts" / path]
            assert any(place.exists() for place in places), f"{page}.md names {path}"


class Loads(HTMLParser):
    """What a page loads, and its content security policy."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.policy = ""
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [value for name, value in given.items() if name in LOADED]
        if tag == "link" and LOADING_LINKS & set(given.get("rel", "").split()):
            self.found.append(given.get("href", ""))
        if given.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = given["content"]
        self.found += styled(given.get("style", ""))
        self._style = tag == "style"

    def handle_data(self, data: str) -> None:
        if self._style:
            self.found += styled(data)


def styled(css: str) -> list[str]:
    """Addresses that a style sheet loads."""
    imported = re.findall(r"@import\s+[\"']([^\"']+)", css)
    return imported + re.findall(r"url\(\s*[\"']?([^\"')]+)", css)


def loads(html: str) -> Loads:
    parser = Loads()
    parser.feed(html)
    return parser


@pytest.mark.parametrize(
    "html",
    ['<script src="https://a.b/c.js"></script>', '<link rel="stylesheet" href="//a.b/c.css">',
     "<style>@import 'https://a.b/c';</style>", '<i style="background: url(http://a.b/c)"></i>'],
)  # fmt: skip
def test_what_comes_from_elsewhere_would_be_noticed(html):
    assert any(ELSEWHERE.match(address) for address in loads(html).found)
    assert not any(ELSEWHERE.match(a) for a in loads('<a href="https://a.b">c</a>').found)


@pytest.mark.slow
def test_the_site_builds_strictly_and_loads_nothing_from_elsewhere(tmp_path):
    for package in ("mkdocs", "material", "mkdocstrings"):
        pytest.importorskip(package)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > len(list((ROOT / "docs").glob("*.md")))
    for page in pages:
        parser = loads(page.read_text("utf-8"))
        outside = [address for address in parser.found if ELSEWHERE.match(address)]
        assert not outside, f"{page.name} loads {outside}"
        own = ("default-src 'self'", "default-src 'none'")  # none: the page of samples
        assert parser.policy.startswith(own) and "http" not in parser.policy
    for sheet in tmp_path.rglob("*.css"):
        assert not [a for a in styled(sheet.read_text("utf-8")) if ELSEWHERE.match(a)]
    api = (tmp_path / "api.html").read_text("utf-8")
    assert "emotts.synthesis.synthesizer.Synthesizer.synthesize" in api
    assert "licence of these weights" in (tmp_path / "models.html").read_text("utf-8")
