import pytest

from emotts.audio.io import write_audio
from emotts.evaluation import suite_bench
from emotts.evaluation.suite import Absent


def test_a_voice_is_heard_beside_its_own_neutral_clips_and_only_once(bench, make_bench, judges):
    neutral = bench.neutral(bench.voices)
    clips = neutral + bench.emotional(bench.voices, ["sad"])
    heard = bench.ser_b(clips, neutral)
    assert [max(p, key=p.get) for p in heard] == ["neutral"] * 4 + ["sad"] * 4
    for rows, relative in judges["ser_b"].calls:
        assert relative and len({clip.voice for clip in rows}) == 1
        assert {c.path for c in rows} >= {c.path for c in neutral if c.voice == rows[0].voice}
    before = len(judges["ser_b"].calls)
    assert make_bench().ser_b(clips, neutral) == heard
    assert len(judges["ser_b"].calls) == before
    bench.ser_b(clips, neutral, relative=False)
    assert [relative for _, relative in judges["ser_b"].calls[before:]] == [False, False]


def test_other_neutral_clips_are_another_reading(bench, judges):
    neutral = bench.neutral(["kathleen"])
    bench.ser_b(neutral, neutral)
    bench.ser_b(neutral, neutral[:1])
    assert len(judges["ser_b"].calls) == 2


def test_what_was_heard_is_kept_batch_by_batch(bench, make_bench, judges, monkeypatch):
    monkeypatch.setattr(suite_bench, "BATCH", 3)
    neutral = bench.neutral(["kathleen"])
    clips = bench.emotional(["kathleen"])
    listen, heard = judges["ser_b"].judge, []

    def dying(rows, relative):
        if len(heard) == 2:
            raise KeyboardInterrupt
        heard.append(rows)
        return listen(rows, relative)

    judges["ser_b"].judge = dying
    with pytest.raises(KeyboardInterrupt):
        bench.ser_b(clips, neutral)
    judges["ser_b"].judge = listen
    judges["ser_b"].calls.clear()
    make_bench().ser_b(clips, neutral)
    again = {c.path for rows, _ in judges["ser_b"].calls for c in rows} - {c.path for c in neutral}
    assert len(again) == len(clips) - 6


def test_prosody_is_in_semitones_decibels_and_seconds(bench, tmp_path):
    import numpy as np

    from emotts.evaluation.clips import Clip

    t = np.arange(24000) / 24000
    clips = []
    for name, hz, gain in (("a", 200, 0.1), ("b", 300, 0.2)):
        tone = gain * sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 9))
        write_audio(tmp_path / f"{name}.wav", tone, 24000)
        clips.append(Clip(str(tmp_path / f"{name}.wav"), "a", "x"))
    change = np.diff(bench.prosody(clips), axis=0)[0]
    assert change[0] == pytest.approx(12 * np.log2(1.5), abs=0.1)
    assert change[1] == pytest.approx(20 * np.log10(2), abs=0.1)
    assert change[2] == 0


def test_an_absent_judge_is_asked_for_once_and_says_why(bench):
    for _ in range(2):
        with pytest.raises(Absent, match="ser_a is absent: "):
            bench.judges["ser_a"]
    assert not bench.judges.has("ser_a")
    assert "ser" in bench.judges.absent["ser_a"]


def test_recordings_need_their_folder(bench):
    with pytest.raises(Absent, match="--data"):
        bench.recordings("ravdess")


def test_ser_b_ships_and_another_needs_its_folder(options, tmp_path):
    from dataclasses import replace

    from emotts.evaluation.suite_judges import Judges

    pytest.importorskip("opensmile")
    assert Judges(options).has("ser_b")
    assert "nowhere" in _reason(Judges(replace(options, ser_b=tmp_path / "nowhere")))


def _reason(judges):
    assert not judges.has("ser_b")
    return judges.absent["ser_b"]
