"""Jobs with originals: what is made of them, what is made anew, and what is told."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
import soundfile
from fake_studio import LINES, Tones, ToneStudio
from test_phrases import buzz, quiet

from emotts.audio.speech import Speech
from emotts.dubbing.job import DubOptions
from emotts.dubbing.originals import Original
from emotts.dubbing.script import Line
from emotts.dubbing.sounds import encode
from emotts.dubbing.studio import Models
from emotts.dubbing.worker import Failure, Maker, Task
from emotts.errors import EmottsError


class Echo:
    """Converts nothing, and leaves a line about it."""

    def __init__(self, marks):
        self.marks = marks

    def convert(self, audio, emotion=None, intensity=None, voice=None, neutral=None, **options):
        with open(self.marks / "made", "a") as file:
            heard = "known" if neutral is not None else "unknown"
            file.write(f"0\t{options['seed']}\t{emotion} {voice} {heard}\n")
        return Speech(audio, 24000, provenance={"voice": voice or "source"})


@dataclass(frozen=True)
class EchoStudio(ToneStudio):
    def converter(self):
        return Echo(self.marks)

    def open(self):
        return Tones(self.marks)


@pytest.fixture
def original(bench):
    """Five seconds of an actor who speaks in all slots of the usual lines."""
    bench.studio = EchoStudio(bench.folder / "marks")
    path = bench.folder / "original.wav"
    parts = [quiet(0.6), buzz(0.8), quiet(0.7), buzz(0.7), quiet(0.8), buzz(0.8), quiet(0.6)]
    soundfile.write(path, np.concatenate(parts), 24000)
    return path


def wishes(bench) -> list[str]:
    return [text for _, _, text in bench.made()]


def test_lines_are_converted_and_placed_in_their_slots(bench, original):
    job = bench.run(like=original, convert=True, rate=24000)
    assert job.counts["done"] == 3
    assert wishes(bench) == ["None kathleen unknown", "sad lj unknown", "None kathleen unknown"]
    assert [row.facts["samples"] for row in job.rows] == [24000, 21600, 36000]
    heard, _ = soundfile.read(original)
    track, _ = soundfile.read(bench.out / "track.wav")
    middle = slice(int(0.8 * 24000), int(1.2 * 24000))
    assert np.corrcoef(heard[middle], track[middle])[0, 1] > 0.999
    page = (bench.out / "report.html").read_text()
    assert "originals/" in page and "as the original" in page


def test_only_lines_whose_original_changed_are_made_again(bench, original):
    bench.run(like=original, convert=True)
    assert bench.run(like=original, convert=True).counts["done"] == 3
    assert len(bench.made()) == 3
    sound, rate = soundfile.read(original)
    sound[int(2.2 * rate) : int(2.4 * rate)] *= 0.5
    soundfile.write(original, sound, rate)
    bench.run(like=original, convert=True)
    assert wishes(bench)[3:] == ["sad lj unknown"]
    bench.run()  # and without originals they are spoken
    assert len(bench.made()) == 7


def test_a_line_without_an_original_is_told_and_fails_only_in_conversion(bench, original):
    later = [*LINES[:2], {"start": 50, "end": 51, "text": "Nobody said this."}]
    job = bench.run(later, like=original, convert=True)
    assert job.counts == {"done": 2, "failed": 1, "waiting": 0}
    assert "no original" in job.failed[0].reason
    assert any("line 3 (row 3 of the script) has no original" in w for w in job.warnings)


def test_conversion_needs_originals():
    with pytest.raises(EmottsError, match="name them with like"):
        DubOptions(convert=True)


def test_originals_that_are_not_there_are_named_before_anything_is_made(bench):
    with pytest.raises(EmottsError, match="no originals at"):
        bench.run(like=bench.folder / "nowhere")
    assert not bench.out.exists()


@pytest.fixture(scope="module")
def make():
    """Makes a line with the embedded set."""
    maker = Maker(Models())

    def made(task: Task):
        take = maker.make(task)
        assert not isinstance(take, Failure), take.reason
        return take

    return made


@pytest.mark.slow
def test_a_line_takes_time_and_emotion_from_its_original(make):
    sound = np.concatenate([quiet(0.5), buzz(1.0), quiet(0.6), buzz(1.1), quiet(0.4)])
    original = Original("key", None, encode(sound, 24000))
    line = Line(number=1, start=2, end=2 + len(sound) / 24000, text="We may all call, you may too.")
    asked = {"voice": "kathleen", "seed": 0}
    task = Task("key", line, asked, line.slot_seconds, (0.5, 2.0), original=original, felt=True)
    take = make(task)
    facts, timeline = take.details["facts"], take.details["timeline"]
    assert facts["samples"] == len(sound) and facts["phrases"] == 2
    assert facts["timing_error_seconds"] < 0.1 and facts["emotion_from"] == "original"
    words = timeline["words"]
    assert words[0]["start"] == pytest.approx(0.5, abs=0.08)
    assert words[-1]["end"] == pytest.approx(3.2, abs=0.12)
    gaps = [b["start"] - a["end"] for a, b in zip(words, words[1:], strict=False)]
    assert max(gaps) == pytest.approx(0.6, abs=0.15)
    assert timeline["emotion"][0]["emotion"] == "as heard"
    assert len(timeline["emotion_track"]["valence"]) > 10
    json.dumps(take.details)
    assert make(task).sound == take.sound


@pytest.mark.slow
def test_an_emotion_of_the_line_stays(make):
    sound = np.concatenate([quiet(0.2), buzz(1.6), quiet(0.2)])
    original = Original("key", None, encode(sound, 24000))
    line = Line(number=1, start=0, end=2, text="We may all call.", emotion="happy")
    asked = {"voice": "kathleen", "emotion": "happy", "seed": 0}
    take = make(Task("key", line, asked, 2.0, (0.5, 2.0), original=original))
    assert take.details["facts"]["emotion_from"] == "line"
    assert take.details["facts"]["provenance"]["emotion"] == "happy"


@pytest.mark.slow
def test_where_nobody_speaks_in_the_original_the_line_is_said_without_it(make):
    original = Original("key", None, encode(quiet(2.0), 24000))
    line = Line(number=1, start=0, end=2, text="We may all call.")
    take = make(
        Task("key", line, {"voice": "kathleen"}, 2.0, (0.5, 2.0), original=original, felt=True)
    )
    assert take.details["facts"]["samples"] == 48000
    assert any("nobody speaks" in w for w in take.details["facts"]["warnings"])
