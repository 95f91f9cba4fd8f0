import pytest

from emotts.errors import EmottsError
from emotts.evaluation.clips import Clip, by_voice, neutral_of, read_clips, write_clips


def test_a_list_of_clips_survives_moving_its_folder(tmp_path):
    first = tmp_path / "here"
    first.mkdir()
    inside = Clip(str(first / "a.wav"), "Żółw says “hi”.", "kathleen", "happy", 0.6, 3, "pl")
    outside = Clip("/elsewhere/b.wav", "b", "lj")
    write_clips(first / "clips.jsonl", [inside, outside])
    second = first.rename(tmp_path / "there")
    moved, kept = read_clips(second / "clips.jsonl")
    assert moved == Clip(str(second / "a.wav"), *list(vars(inside).values())[1:])
    assert kept == outside


@pytest.mark.parametrize("line", ["{", '{"path": "a.wav", "words": "x"}', '{"text": "a"}'])
def test_a_bad_line_is_named(tmp_path, line):
    good = '{"path": "a.wav", "text": "a", "voice": "v"}'
    (tmp_path / "clips.jsonl").write_text(f"{good}\n{line}\n")
    with pytest.raises(EmottsError, match="Line 2"):
        read_clips(tmp_path / "clips.jsonl")


def test_intensity_zero_is_neutral():
    clips = [
        Clip("a", "a", "x", "neutral"),
        Clip("b", "b", "x", "angry", 0.0),
        Clip("c", "c", "x", "angry", 0.5),
        Clip("d", "d", "y", "sad"),
    ]
    assert [clip.path for clip in neutral_of(clips)] == ["a", "b"]
    assert {voice: len(rows) for voice, rows in by_voice(clips).items()} == {"x": 3, "y": 1}
