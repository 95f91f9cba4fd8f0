"""Timelines where their lines stand, and outputs that are made anew when they are gone."""

from pathlib import Path

import pytest

from emotts.dubbing.finish import placed_timeline
from emotts.dubbing.mix import Clip, Placed

LINE = {"number": 7, "character": "Ben", "start": 2.0, "end": 3.0}
TAKE = {
    "number": 1, "character": "Anna", "start": 0.0, "end": 1.4, "seconds": 1.4, "slot": None,
    "words": [{"text": "so", "start": 0.2, "end": 0.5}, {"text": "it", "start": 0.5, "end": 1.3}],
    "phonemes": [], "visemes": [{"viseme": "sil", "start": 0.0, "end": 0.1}],
    "emotion": [{"emotion": "sad", "start": 0.0, "end": 1.4}],
    "curves": {"step": 0.1, "level": list(range(14))},
}  # fmt: skip


def placed(start: int, length: int, cut=(0, 0)) -> Placed:
    return Placed(Clip(7, "Ben", Path("x.wav"), 1.4, (2.0, 3.0)), start, length, cut)


def test_a_timeline_stands_where_its_line_does():
    made = placed_timeline(TAKE, LINE, placed(60000, 33600), 24000)
    assert (made["number"], made["character"], made["slot"]) == (7, "Ben", [2.0, 3.0])
    assert (made["start"], made["end"], made["seconds"]) == (2.5, 3.9, 1.4)
    assert made["words"] == TAKE["words"] and made["curves"] == TAKE["curves"]


def test_what_was_cut_is_cut_from_the_timeline():
    made = placed_timeline(TAKE, LINE, placed(48000, 28800, (2400, 2400)), 24000)
    assert (made["start"], made["end"], made["seconds"]) == (2.0, 3.2, 1.2)
    assert [(w["start"], w["end"]) for w in made["words"]] == [(0.1, 0.4), (0.4, 1.2)]
    assert made["visemes"] == [] and made["emotion"][0]["end"] == 1.2
    assert made["curves"]["level"] == list(range(1, 13))


@pytest.mark.parametrize(
    "name", ["track.wav", "report.html", "timeline/0002.json", "spoken.srt", "track.TextGrid"]
)
def test_outputs_that_are_gone_are_made_anew_without_a_line(bench, name):
    bench.run()
    kept = (bench.out / name).read_bytes()
    (bench.out / name).unlink()
    bench.run()
    assert (bench.out / name).read_bytes() == kept and len(bench.made()) == 3


def test_timelines_of_lines_that_went_go(bench):
    bench.run()
    bench.run(lines=[dict(start=0, character="Anna", text="Alone now.")])
    assert [p.name for p in (bench.out / "timeline").iterdir()] == ["0001.json"]
