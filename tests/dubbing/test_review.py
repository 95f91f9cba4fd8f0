"""The page for those who listen: all of a line, nothing of anybody else's."""

import re
from html.parser import HTMLParser

from fake_studio import LINES

from emotts.dubbing.report import Summary
from emotts.dubbing.review import COLUMNS, review
from emotts.dubbing.store import Row


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.rows, self.links, self.tags = [], [], set()
        self._cell = None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.add(tag)
        self.links += [given[k] for k in ("src", "href", "data-play") if given.get(k)]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._cell = [given.get("data-sort", ""), ""]
            self.rows[-1].append(self._cell)

    def handle_data(self, data):
        if self._cell is not None:
            self._cell[1] += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._cell = None


def page(bench) -> tuple[str, Page]:
    html = (bench.out / "report.html").read_text(encoding="utf-8")
    return html, Page(html)


def test_a_row_a_line(bench):
    bench.run()
    _, seen = page(bench)
    head, first, second, third = ([text for _, text in row] for row in seen.rows)
    assert head[1:] == list(COLUMNS)
    assert first[1:6] == ["1", "0.50", "Anna", LINES[0]["text"], "done"]
    assert dict(zip(head, second, strict=True))["asked"] == "sad"
    assert dict(zip(head, second, strict=True))["heard"] == "happy 80%"
    assert dict(zip(head, second, strict=True))["as asked"] == "no"
    assert dict(zip(head, third, strict=True))["slot s"] == "–"


def test_numbers_can_be_sorted(bench):
    bench.run()
    _, seen = page(bench)
    sort = {
        name: [float(row[COLUMNS.index(name) + 1][0]) for row in seen.rows[1:]]
        for name in ("line", "start s", "length s", "stretch", "late s", "LUFS")
    }
    assert sort["line"] == [1, 2, 3] and sort["start s"] == [0.5, 2.0, 3.5]


def test_players_link_to_files_beside_the_page(bench):
    bench.run()
    html, seen = page(bench)
    sounds = [link for link in seen.links if not link.startswith("#")]
    assert len(sounds) == 4
    assert all((bench.out / link).is_file() for link in sounds)
    assert not re.search(r"https?://|//\w", html.split("<script>")[0])
    assert "default-src 'none'" in html


def test_texts_are_shown_and_never_run():
    nasty = '<img src=x onerror=alert(1)></td><script>alert("&")</script>'
    line = {"start": 0.0, "end": None, "character": nasty, "text": nasty, "emotion": nasty,
            "intensity": None}  # fmt: skip
    html = review(Summary((Row(1, line, "key", "failed", nasty),), {}, (nasty,)))
    assert "<img" not in html and html.count("<script>") == 1
    assert [text for _, text in Page(html).rows[1]].count(nasty) == 4


def test_failures_and_warnings_stand_there(bench):
    bench.run([dict(start=0, end=0.3, text="Much too long for its slot."),
               dict(start=4, text="unpronounceable")])  # fmt: skip
    _, seen = page(bench)
    assert "more than its slot" in seen.rows[1][-1][1] and "cut about" in seen.rows[1][-1][1]
    assert seen.rows[2][-1][1] == "nothing in the text can be pronounced"
