"""TextGrids, read back by a small reader of Praat's format."""

import re

import pytest

from emotts.audio.speech import Segment
from emotts.dubbing.textgrid import format_textgrid, timeline_tiers, write_textgrid
from emotts.errors import EmottsError


def read_back(text: str) -> dict[str, list[tuple[float, float, str]]]:
    assert text.startswith('File type = "ooTextFile"\nObject class = "TextGrid"\n\n')
    tiers = {}
    for item in re.split(r"item \[\d+\]:\n", text)[1:]:
        assert 'class = "IntervalTier"' in item
        name = re.search(r'name = "((?:[^"]|"")*)"', item)[1]
        found = re.findall(r'xmin = (\S+)\n\s+xmax = (\S+)\n\s+text = "((?:[^"]|"")*)"', item)
        assert len(found) == int(re.search(r"intervals: size = (\d+)", item)[1])
        tiers[name.replace('""', '"')] = [
            (float(a), float(b), label.replace('""', '"')) for a, b, label in found
        ]
    assert len(tiers) == int(re.search(r"^size = (\d+)", text, re.M)[1])
    return tiers


def test_intervals_cover_all_of_the_time():
    words = [Segment('say "hˈɑː"', 0.5, 1.0), Segment("ɪt", 1.0, 1.25)]
    tiers = read_back(format_textgrid({"words": words, 'a "b"': []}, 2.0))
    assert tiers == {
        "words": [(0, 0.5, ""), (0.5, 1, 'say "hˈɑː"'), (1, 1.25, "ɪt"), (1.25, 2, "")],
        'a "b"': [(0, 2, "")],
    }


def test_segments_that_fill_the_time_leave_no_empty_intervals():
    segments = [Segment("a", 0.0, 1.0), Segment("b", 1.0, 2.0 + 1e-9)]
    assert read_back(format_textgrid({"x": segments}, 2.0))["x"] == [(0, 1, "a"), (1, 2, "b")]


@pytest.mark.parametrize(
    ("tiers", "seconds", "message"),
    [
        ({"x": [Segment("a", 0, 1), Segment("b", 0.5, 2)]}, 3.0, "'b' of the tier x begins"),
        ({"x": [Segment("a", 0, 4)]}, 3.0, "after the TextGrid's 3.000 s"),
        ({}, 3.0, "at least one tier"),
        ({"x": []}, 0.0, "more than 0 seconds"),
    ],
)
def test_what_praat_could_not_read_is_refused(tiers, seconds, message):
    with pytest.raises(EmottsError, match=message):
        format_textgrid(tiers, seconds)


def test_a_file_is_written_whole_and_leaves_nothing_else(tmp_path):
    path = write_textgrid(tmp_path / "x.TextGrid", {"x": [Segment("ə", 0, 1)]}, 1.0)
    assert read_back(path.read_text(encoding="utf-8")) == {"x": [(0, 1, "ə")]}
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(EmottsError, match="cannot be written"):
        write_textgrid(tmp_path / "no" / "x.TextGrid", {"x": []}, 1.0)


def test_a_track_has_tiers_by_character_and_further_ones_where_lines_overlap():
    def said(start, word, character="anna"):
        times = {"start": 0.1, "end": 0.9}
        return {
            "start": start, "character": character,
            "words": [{"text": word, **times}], "phonemes": [{"phone": "a", **times}],
            "visemes": [{"viseme": "aa", **times}, {"viseme": "sil", "start": 0.9, "end": 1.0}],
        }  # fmt: skip

    lines = [said(5.0, "three"), said(1.0, "one"), said(1.5, "two"), said(0, "x", "")]
    tiers = timeline_tiers(lines)
    labels = {name: [s.label for s in tier] for name, tier in tiers.items() if "words" in name}
    assert labels == {
        "speech words": ["x"], "anna words": ["one", "three"], "anna words 2": ["two"],
    }  # fmt: skip
    assert tiers["anna words"][1].start_seconds == pytest.approx(5.1)
    assert [s.label for s in tiers["anna visemes"]] == ["aa", "aa"]
    format_textgrid(tiers, 6.0)
