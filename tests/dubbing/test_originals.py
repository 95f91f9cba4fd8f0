"""The actors' lines: found by number, or cut out of one recording to the sample."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from emotts.dubbing.cast import Cast
from emotts.dubbing.originals import check_originals, cut, file_number, gather, spans_of
from emotts.dubbing.script import Line
from emotts.dubbing.store import JobStore
from emotts.errors import EmottsError


def line(number, start, end=None, character="Ben") -> Line:
    return Line(number=number, start=start, end=end, character=character, text="Yes.")


def ramp(seconds: float) -> np.ndarray:
    return np.linspace(-0.5, 0.5, round(seconds * 24000), dtype=np.float32)


def write(path: Path, samples) -> Path:
    soundfile.write(path, samples, 24000, subtype="FLOAT")
    return path


@pytest.mark.parametrize(
    "name, number",
    [("12.wav", 12), ("0012.flac", 12), ("line_12.wav", 12), ("Take 7.ogg", 7),
     ("0003-anna.wav", 3), ("3 anna 2.wav", 3), ("12.txt", None), ("anna.wav", None),
     ("12th.wav", None), ("scene4take2.wav", None)],
)  # fmt: skip
def test_files_are_known_by_their_numbers(name, number):
    assert file_number(Path(name)) == number


def test_slots_cut_a_recording_to_the_sample(tmp_path):
    whole = ramp(31.0)  # read in several blocks
    path = write(tmp_path / "all.wav", whole)
    spans = [(1, 0.5, 1.25), (2, 1.0, 12.0), (3, 9.9999, 10.0001), (4, 29.0, None), (5, 40.0, 41)]
    found = dict(cut(path, spans))
    assert set(found) == {1, 2, 3, 4}
    for number, start, end in spans[:4]:
        last = None if end is None else round(end * 24000)
        assert np.array_equal(found[number], whole[round(start * 24000) : last]), number


def test_lines_without_an_end_reach_to_the_next():
    lines = [line(3, 4.0), line(1, 0.0), line(2, 0.0, 3.0)]
    assert spans_of(lines) == [(1, 0.0, 4.0), (2, 0.0, 3.0), (3, 4.0, None)]


def test_a_folder_of_originals(tmp_path):
    folder = tmp_path / "lines"
    folder.mkdir()
    first = write(folder / "0001-ben.wav", ramp(1.0))
    soundfile.write(folder / "2.wav", np.zeros((48000, 2)), 48000)
    (folder / "notes.txt").write_text("no sound")
    with JobStore.open(tmp_path / "out") as store:
        lines = [line(1, 0.0, 1.0), line(2, 2.0, 3.0), line(7, 4.0, 5.0)]
        found = gather(store, folder, lines, None)
        assert set(found.lines) == {1, 2}
        assert np.allclose(found.lines[1].samples(), ramp(1.0), atol=1e-6)
        assert len(found.lines[2].samples()) == 24000
        assert "line 7" in found.warnings[0] and "has no original" in found.warnings[0]
        again = gather(store, folder, lines, None)
        assert again.keys == found.keys
        write(first, ramp(1.1))
        changed = gather(store, folder, lines, None)
        assert changed.lines[1].key != found.lines[1].key
        assert changed.lines[2].key == found.lines[2].key
        store.keep("originals", changed.keys)
        assert store.clean() == 1 and changed.lines[1].path.is_file()


def test_a_worker_gets_the_sound_itself(tmp_path):
    path = write(tmp_path / "all.wav", ramp(2.0))
    with JobStore.open(tmp_path / "out") as store:
        original = gather(store, path, [line(1, 0.0, 1.0)], None).lines[1]
    packed = original.packed()
    original.path.unlink()
    assert len(packed.samples()) == 24000
    with pytest.raises(EmottsError, match="cannot be read"):
        original.packed()


def test_actors_in_neutral_come_from_the_cast(tmp_path):
    write(tmp_path / "plain.wav", ramp(1.5))
    (tmp_path / "cast.yaml").write_text(
        "characters:\n  Ben: {voice: lj, neutral: plain.wav}\n  Eve: {voice: lj, neutral: no.wav}\n"
    )
    cast = Cast.load(tmp_path / "cast.yaml")
    path = write(tmp_path / "all.wav", ramp(2.0))
    with pytest.raises(EmottsError, match="no.wav, the neutral of Eve"):
        check_originals(path, cast)
    with JobStore.open(tmp_path / "out") as store:
        found = gather(store, path, [line(1, 0.0, 1.0)], cast)
    assert set(found.neutral) == {"Ben"} and len(found.neutral["Ben"].samples()) == 36000


def test_what_cannot_be_used_is_named(tmp_path):
    folder = tmp_path / "lines"
    folder.mkdir()
    with pytest.raises(EmottsError, match="no originals at"):
        check_originals(tmp_path / "nowhere", None)
    with JobStore.open(tmp_path / "out") as store:
        with pytest.raises(EmottsError, match="holds the original of no line"):
            gather(store, folder, [line(1, 0.0, 1.0)], None)
        write(folder / "1.wav", ramp(1.0))
        write(folder / "01.wav", ramp(1.0))
        with pytest.raises(EmottsError, match="two originals of line 1: 01.wav and 1.wav"):
            gather(store, folder, [line(1, 0.0, 1.0)], None)
        (folder / "01.wav").unlink()
        (folder / "1.wav").write_text("no sound")
        with pytest.raises(EmottsError, match="cannot be read as audio"):
            gather(store, folder, [line(1, 0.0, 1.0)], None)
