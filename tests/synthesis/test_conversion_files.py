import json
import os

import numpy as np
import pytest
import soundfile
from pipeline import made_speech

from emotts.audio.provenance import read_provenance
from emotts.errors import EmottsError
from emotts.synthesis.conversion_files import convert_file, output_rate, plan
from emotts.synthesis.conversion_jobs import file_work, run_jobs
from emotts.synthesis.converter import Converted

RATE = 24000
TOLD = {"emotion": "sad", "emotts": "0.1.0"}


class Halver:
    """Halves every sample, and remembers what was asked."""

    def __init__(self, breaks_after=None):
        self.calls, self.breaks_after = [], breaks_after

    def stream(self, recorded, progress=None, **wishes):
        self.calls.append(wishes)
        return Converted(self._pieces(recorded), dict(TOLD), recorded.seconds)

    def _pieces(self, recorded):
        for number, block in enumerate(recorded.blocks()):
            if number == self.breaks_after:
                raise OSError(28, "No space left on device")
            yield 0.5 * block


@pytest.fixture
def clip(tmp_path):
    soundfile.write(tmp_path / "in.wav", made_speech(150, 2.0), RATE)
    return tmp_path / "in.wav"


@pytest.mark.parametrize("name", ["out.wav", "out.flac", "out.ogg", "out.mp3"])
def test_the_target_is_written_whole_and_says_how_it_was_made(clip, tmp_path, name):
    seconds, told = convert_file(Halver(), clip, tmp_path / name, emotion="sad")
    assert seconds == 2.0 and told == TOLD | {"converted": "in.wav"}
    found, rate = soundfile.read(tmp_path / name)
    level = made_speech(150, 2.0).std()
    assert rate == RATE and found.std() == pytest.approx(level / 2, rel=0.05)
    assert read_provenance(tmp_path / name) == told
    assert sorted(os.listdir(tmp_path)) == sorted(["in.wav", name])


def test_provenance_can_be_left_out(clip, tmp_path):
    convert_file(Halver(), clip, tmp_path / "out.wav", provenance=False)
    assert read_provenance(tmp_path / "out.wav") is None


def test_the_recordings_rate_is_kept(tmp_path):
    soundfile.write(tmp_path / "a.flac", np.zeros((44100, 2)), 44100)
    convert_file(Halver(), tmp_path / "a.flac", tmp_path / "b.wav")
    info = soundfile.info(tmp_path / "b.wav")
    assert (info.samplerate, info.channels) == (44100, 1)
    assert info.frames == pytest.approx(44100, abs=2)


@pytest.mark.parametrize(
    "name, rate, expected",
    [("a.wav", 8000, 24000), ("a.wav", 96000, 96000), ("a.ogg", 44100, 48000),
     ("a.mp3", 96000, 48000), ("a.mp3", 44100, 44100), ("a.ogg", 11025, 24000)],
)  # fmt: skip
def test_rates_that_formats_know(tmp_path, name, rate, expected):
    assert output_rate(tmp_path / name, rate) == expected


def test_the_input_is_never_written_over(clip, tmp_path):
    before = clip.read_bytes()
    os.symlink(clip, tmp_path / "link.wav")
    for target in (clip, tmp_path / "." / "in.wav", tmp_path / "link.wav"):
        with pytest.raises(EmottsError, match="is the recording itself"):
            convert_file(Halver(), clip, target)
    assert clip.read_bytes() == before


def test_a_full_disk_leaves_nothing_behind(clip, tmp_path):
    with pytest.raises(EmottsError, match="out.wav cannot be written: No space left"):
        convert_file(Halver(breaks_after=0), clip, tmp_path / "out.wav")
    assert os.listdir(tmp_path) == ["in.wav"]


def folder_of(tmp_path, names):
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(tmp_path / name, made_speech(150, 0.6), RATE)


def test_a_folder_keeps_its_places(tmp_path):
    folder_of(tmp_path / "in", ["a.wav", "sub/b.flac"])
    (tmp_path / "in" / "notes.txt").write_text("no audio")
    jobs = plan(tmp_path / "in", tmp_path / "out", "flac")
    targets = {j.target.relative_to(tmp_path).as_posix() for j in jobs}
    assert targets == {"out/a.flac", "out/sub/b.flac"}


def test_an_output_folder_inside_is_not_read_again(tmp_path):
    folder_of(tmp_path, ["a.wav", "out/a.wav"])
    assert [j.source.name for j in plan(tmp_path, tmp_path / "out")] == ["a.wav"]


def test_two_recordings_do_not_become_one(tmp_path):
    folder_of(tmp_path / "in", ["a.wav", "a.flac"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(EmottsError, match="would both become"):
        plan(tmp_path / "in", tmp_path / "out")
    with pytest.raises(EmottsError, match="no recordings in"):
        plan(tmp_path / "empty", tmp_path / "x")


def test_a_manifests_outputs_stay_below_the_folder(tmp_path):
    rows = [{"path": "a.wav", "output": "../../evil.wav"}, {"path": "b.wav", "emotion": "sad"}]
    (tmp_path / "m.jsonl").write_text("\n".join(map(json.dumps, rows)))
    first, second = plan(tmp_path / "m.jsonl", tmp_path / "out")
    assert first.target == tmp_path / "out" / "evil.wav"
    assert second.target == tmp_path / "out" / "b.wav" and second.wishes == {"emotion": "sad"}


def test_a_stopped_run_goes_on_and_a_broken_file_stops_no_other(tmp_path):
    folder_of(tmp_path / "in", ["a.wav", "c.wav"])
    (tmp_path / "in" / "b.wav").write_text("a letter")
    jobs = plan(tmp_path / "in", tmp_path / "out")
    halver = Halver()
    make = lambda: file_work(halver, {"emotion": "sad", "intensity": 0.5}, True)  # noqa: E731
    first = list(run_jobs(jobs, make, ()))
    assert [bool(d.problem) for d in first] == [False, True, False]
    assert "b.wav cannot be read" in first[1].problem
    again = list(run_jobs(jobs, make, ()))
    assert [d.skipped for d in again] == [True, True, False] and len(halver.calls) == 2
    assert all(not d.skipped for d in run_jobs(jobs, make, (), overwrite=True))


def test_a_rows_wishes_come_first(tmp_path):
    folder_of(tmp_path, ["a.wav", "b.wav"])
    (tmp_path / "m.csv").write_text("path,emotion\na.wav,angry\nb.wav,\n")
    halver = Halver()
    make = lambda: file_work(halver, {"emotion": "sad", "intensity": 0.5}, True)  # noqa: E731
    list(run_jobs(plan(tmp_path / "m.csv", tmp_path / "out"), make, ()))
    assert [(c["emotion"], c["intensity"]) for c in halver.calls] == [("angry", 0.5), ("sad", 0.5)]
