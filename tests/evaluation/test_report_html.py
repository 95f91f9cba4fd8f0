import base64
import hashlib
import io
import json
import re
from functools import partial
from html.parser import HTMLParser

import numpy as np
import pytest
import soundfile

from emotts.audio.io import write_audio
from emotts.errors import EmottsError
from emotts.evaluation.report_html import write_html

pytest.importorskip("matplotlib")

RATE = 24000
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)> & {{ 7*7 }}"
VOID = {"meta", "img", "input", "br", "link", "hr"}
SERIES = {"name": "happy", "x": [0, 0.5, 1], "y": [0.125, 0.375, 0.875],
          "low": [0.1, 0.3, 0.8], "high": [0.15, 0.45, 0.95]}  # fmt: skip


class Page(HTMLParser):
    """Elements with their attributes and text; complains of what is not closed."""

    def __init__(self, path):
        super().__init__()
        self.elements, self._open = [], []
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append({"tag": tag, "text": "", **dict(attrs)})
        if tag not in VOID:
            self._open.append((tag, self.elements[-1]))

    def handle_startendtag(self, tag, attrs):
        self.elements.append({"tag": tag, "text": "", **dict(attrs)})

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        for _, element in self._open:
            element["text"] += data

    def all(self, tag, **attributes):
        return [
            e
            for e in self.elements
            if e["tag"] == tag and all(e.get(k) == v for k, v in attributes.items())
        ]

    def urls(self):
        names = ("src", "href", "data-play", "action", "poster", "srcset", "xlink:href", "data")
        return [e[name] for e in self.elements for name in names if e.get(name)]


def tone(path, seconds=0.3):
    t = np.arange(int(seconds * RATE)) / RATE
    write_audio(path, (0.2 * np.sin(2 * np.pi * 200 * t)).astype("f4"), RATE)


def report(**entries):
    return {"format": 1, "checkpoint": "abc123", "seed": 0, "seeds": [0, 1, 2], "machine": "a CPU",
            "versions": {"torch": "2"}, "hashes": {"acoustic": "9f"},
            "judges": {"used": ["ser_b"], "absent": {"utmos": "not installed"}},
            "entries": entries}  # fmt: skip


def write_page(folder, content, rows=None, **options):
    (folder / "report.json").write_text(json.dumps(content), encoding="utf-8")
    if rows is not None:
        lines = "\n".join(json.dumps(row) for row in rows)
        (folder / "rows.jsonl").write_text(lines, encoding="utf-8")
    assert write_html(folder, **options) == folder / "report.html"
    return Page(folder / "report.html")


@pytest.fixture
def page_of(tmp_path):
    """Writes a folder and reads its page: page_of(report, rows)."""
    return partial(write_page, tmp_path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A report with one of everything."""
    folder = tmp_path_factory.mktemp("whole")
    for name in ("a.wav", "b.wav", "c.wav"):
        tone(folder / name)
    entry = {
        "title": "Emotion", "about": "Asked against heard.",
        "figures": {"uar": 0.5125, "uar_low": 0.4, "uar_high": 0.6, "none": None, "slow": 1},
        "tables": [{"title": "By voice", "head": ["voice", "uar"], "rows": [["lj", 0.625]]}],
        "curves": [{"title": "Curve", "x_label": "asked", "y_label": "heard", "series": [SERIES]}],
        "matrices": [{"title": "M", "classes": ["sad", "happy"], "counts": [[3, 1], [0, 2]]}],
        "examples": [{"title": "One", "clips": [{"path": "a.wav", "label": "plain"},
                                                 {"path": "b.wav", "label": "happy"}]}],
    }  # fmt: skip
    rows = [
        {"entry": "emotion", "path": p, "text": f"Text {p}", "voice": "lj", "wer": w,
         "ser_b_probability": {"sad": 0.25}}
        for p, w in (("a.wav", 0.125), ("c.wav", None))
    ]  # fmt: skip
    return write_page(folder, report(emotion=entry), rows)


def texts(elements):
    return [" ".join(e["text"].split()) for e in elements]


def test_figures_intervals_and_tables_are_there(whole):
    pairs = dict(zip(texts(whole.all("dt")), texts(whole.all("dd")), strict=True))
    assert pairs["uar"] == "0.5125 [0.4, 0.6]" and pairs["none"] == "–" and pairs["slow"] == "1"
    assert "uar_low" not in pairs
    assert pairs["checkpoint"] == "abc123" and pairs["seeds"] == "0, 1, 2"
    assert pairs["utmos"] == "absent: not installed" and pairs["ser_b"] == "used"
    assert "0.625" in texts(whole.all("td"))


def test_the_matrix_is_shaded_by_its_shares(whole):
    cells = [e for e in whole.all("td") if "--share" in e.get("style", "")]
    assert [c["style"] for c in cells] == [f"--share:{n}" for n in (75, 25, 0, 100)]
    assert texts(cells) == ["3 75 %", "1 25 %", "0 0 %", "2 100 %"]
    assert [c.get("class") for c in cells] == ["right", None, None, "right"]


def test_the_chart_holds_its_numbers_and_says_them(whole):
    labels = [e["text"] for e in whole.all("title") if "happy:" in e["text"]]
    assert labels == [
        "happy: 0.125 [0.1, 0.15] at 0", "happy: 0.375 [0.3, 0.45] at 0.5",
        "happy: 0.875 [0.8, 0.95] at 1",
    ]  # fmt: skip
    assert len(whole.all("circle")) == 3 and len(whole.all("polygon")) == 1
    for svg in whole.all("svg", role="img"):
        named = [whole.all(tag, id=i) for tag, i in zip(
            ("title", "desc"), svg["aria-labelledby"].split(), strict=True)]  # fmt: skip
        assert all(len(found) == 1 and found[0]["text"].strip() for found in named)


def test_embedded_clips_decode_to_their_length(whole):
    uris = [url for url in whole.urls() if url.startswith("data:audio")]
    assert len(uris) == 3  # a.wav is in an example and in a row, and embedded once
    for uri in uris:
        samples, rate = soundfile.read(io.BytesIO(base64.b64decode(uri.split(",")[1])))
        assert len(samples) / rate == pytest.approx(0.3, abs=0.01)
    (again,) = [e for e in whole.all("button") if e.get("data-play-id")]
    assert whole.all("audio", id=again["data-play-id"])[0]["aria-label"] == "plain"


def test_no_other_host_is_asked(whole):
    for url in whole.urls():
        assert re.match(r"data:|#", url), url[:80]
    assert not re.findall(r"https?://|@import|url\(", whole.source)
    assert not whole.all("link") and not whole.all("iframe")
    (policy,) = [m["content"] for m in whole.all("meta") if "http-equiv" in m]
    assert "default-src 'none'" in policy and "http" not in policy


def test_only_its_own_script_runs(whole):
    (script,) = whole.all("script")
    digest = base64.b64encode(hashlib.sha256(script["text"].encode()).digest()).decode()
    (policy,) = [m["content"] for m in whole.all("meta") if "http-equiv" in m]
    assert f"script-src 'sha256-{digest}'" in policy and "unsafe-eval" not in policy


def test_it_can_be_read_without_eyes_or_mouse(whole):
    (html,) = whole.all("html")
    assert html["lang"] == "en"
    assert any(m.get("name") == "viewport" for m in whole.all("meta"))
    assert len(whole.all("img")) == 2 and all("spectrogram" in i["alt"] for i in whole.all("img"))
    assert all(th.get("scope") in ("col", "row") for th in whole.all("th"))
    named = whole.all("audio") + whole.all("button")
    assert named and all(e.get("aria-label") for e in named)
    assert all(e["tabindex"] == "0" for e in whole.all("div") if "scroll" in e.get("class", ""))
    ids = [e["id"] for e in whole.elements if "id" in e]
    assert len(ids) == len(set(ids))
    targets = {e["href"][1:] for e in whole.all("a") if e["href"].startswith("#")}
    assert targets <= set(ids)


def test_hostile_texts_stay_texts(page_of, tmp_path):
    tone(tmp_path / "a.wav")
    series = {**SERIES, "name": HOSTILE}
    entry = {
        "title": HOSTILE, "about": HOSTILE, "figures": {HOSTILE: HOSTILE},
        "tables": [{"title": HOSTILE, "head": [HOSTILE], "rows": [[HOSTILE]]}],
        "curves": [{"title": HOSTILE, "x_label": HOSTILE, "y_label": HOSTILE, "series": [series]}],
        "matrices": [{"title": HOSTILE, "classes": [HOSTILE], "counts": [[1]]}],
        "examples": [{"title": HOSTILE, "clips": [{"path": "a.wav", "label": HOSTILE}]}],
    }  # fmt: skip
    content = report(**{HOSTILE: entry}) | {"checkpoint": HOSTILE, "versions": {HOSTILE: HOSTILE}}
    content |= {"notes": {HOSTILE: [HOSTILE]}, "skipped": {"b": HOSTILE}}
    content["judges"] = {"used": [HOSTILE], "absent": {HOSTILE: HOSTILE}}
    rows = [
        {"path": "a.wav", "text": HOSTILE, HOSTILE: HOSTILE},
        {"path": HOSTILE, "text": HOSTILE},
    ]
    page = page_of(content, rows)
    assert len(page.all("script")) == 1 and "alert" not in page.all("script")[0]["text"]
    assert not [e for e in page.elements if any(name.startswith("on") for name in e)]
    assert [i["src"][:5] for i in page.all("img")] == ["data:"]
    assert page.all("h2")[0]["text"] == HOSTILE  # shown as it is, no braces filled in


def test_the_limit_holds_and_the_rest_is_linked(page_of, tmp_path):
    rows = []
    for i in range(6):
        tone(tmp_path / f"{i}.wav")
        rows.append({"path": f"{i}.wav", "text": str(i)})
    sizes = [len(u) for u in page_of(report(), rows).urls() if u.startswith("data:audio")]
    assert len(sizes) == 6
    limit = sum(sizes[:3]) + sizes[3] // 2
    page = page_of(report(), rows, limit_megabytes=limit / 1e6)
    embedded = [u for u in page.urls() if u.startswith("data:")]
    assert len(embedded) == 3 and sum(map(len, embedded)) <= limit
    links = [e["data-play"] for e in page.all("button") if not e["data-play"].startswith("data:")]
    assert links == ["3.wav", "4.wav", "5.wav"]
    assert any("3 clips beyond the limit" in note for note in texts(page.all("li")))


def test_rows_are_sortable_and_capped(whole, page_of):
    cells = whole.all("td", **{"data-sort": "0.125"})
    assert texts(cells) == ["0.125"]
    heads = [e["data-name"] for e in whole.all("th") if "data-name" in e]
    assert heads == ["entry", "voice", "text", "wer", "ser_b_probability"]
    assert "sad 0.25" in texts(whole.all("td"))
    page = page_of(report(), [{"text": f"row {i}"} for i in range(9)], row_limit=4)
    assert [t for t in texts(page.all("td")) if t.startswith("row")] == [
        f"row {i}" for i in range(4)
    ]
    assert any("first 4 of 9 rows" in note for note in texts(page.all("li")))


def test_missing_parts_are_no_obstacle(page_of):
    page = page_of({"format": 1, "entries": {"words": {}}})
    assert texts(page.all("h2")) == ["words"]
    assert any("no rows.jsonl" in note for note in texts(page.all("li")))
    empty = {"curves": [{"title": "Flat", "series": [{"x": [0], "y": [None]}]}]}
    page = page_of(report(x=empty), [])
    assert "Flat: no values to draw" in texts(page.all("p"))
    assert page_of({"format": 1})


def test_missing_audio_and_torn_rows_are_named(page_of, tmp_path):
    example = {"title": "E", "clips": [{"path": "gone.wav", "label": "x"}]}
    content = report(e={"examples": [example]}) | {
        "skipped": {"speed": "no Piper"}, "notes": {"e": ["few voices"]},
        "problems": [{"rows": [3], "what": "c.wav", "why": "silent", "left_out": True}],
    }  # fmt: skip
    (tmp_path / "rows.jsonl").write_text('{"text": "whole"}\n[1]\n{"text": "to', encoding="utf-8")
    notes = texts(page_of(content).all("li"))
    expected = ["there is no audio file", "line 2 of rows.jsonl", "line 3 of rows.jsonl"]
    expected += ["speed was skipped: no Piper", "e: few voices", "c.wav (row 3): silent"]
    for said in expected:
        assert any(said in note for note in notes), said


def test_values_that_are_no_numbers_are_dashes(page_of, tmp_path):
    page = page_of(report(e={"figures": {"x": float("nan")}}), [{"wer": float("inf"), "ok": True}])
    assert "–" in texts(page.all("dd")) and "–" in texts(page.all("td"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no .*report.json"),
        ("{", "is no JSON"),
        ("[]", "no report of format 1"),
        ('{"format": 2}', "its format is 2"),
        ('{"format": 1, "entries": []}', "must be an object"),
        ('{"format": 1, "entries": {"a": {"tables": 1}}}', "entries.a.tables"),
        (
            json.dumps(report(a={"matrices": [{"classes": ["x"], "counts": [[1, 2]]}]})),
            "no square over the 1 classes",
        ),
        (
            json.dumps(report(a={"curves": [{"series": [{"x": [1], "y": []}]}]})),
            "differ in length",
        ),
    ],
)
def test_what_is_no_report_is_refused_and_nothing_written(tmp_path, content, said):
    if content is not None:
        (tmp_path / "report.json").write_text(content, encoding="utf-8")
    with pytest.raises(EmottsError, match=said):
        write_html(tmp_path)
    assert not (tmp_path / "report.html").exists()
