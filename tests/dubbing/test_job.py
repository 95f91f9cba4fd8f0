"""Jobs that are run again, corrected, and asked for what cannot be."""

import json

import numpy as np
import pytest
import soundfile
from fake_studio import LINES, ToneStudio

from emotts.dubbing.job import DubOptions, read_numbers
from emotts.dubbing.store import JobStore
from emotts.errors import EmottsError


def changed(number: int, **values) -> list[dict]:
    """The usual lines with one that is different."""
    return [line | (values if n == number else {}) for n, line in enumerate(LINES, 1)]


def written(folder) -> dict[str, int]:
    return {p.name: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()
            and not p.name.startswith("job.")}  # fmt: skip


def test_a_script_becomes_a_track(bench):
    job = bench.run()
    assert job.counts == {"done": 3, "failed": 0, "waiting": 0}
    assert job.mix["lufs"] == pytest.approx(-23, abs=0.1) and job.mix["true_peak_db"] <= -1
    info = soundfile.info(bench.out / "track.wav")
    assert (info.samplerate, info.subtype, info.channels) == (48000, "PCM_24", 1)
    timeline = json.loads((bench.out / "timeline" / "0002.json").read_text())
    assert timeline["character"] == "Ben" and timeline["start"] == 2.0
    assert "We all know" in (bench.out / "spoken.srt").read_text()
    assert '"Anna words"' in (bench.out / "track.TextGrid").read_text()


def test_lines_are_as_long_as_their_slots_to_the_sample(bench):
    rows = bench.run().rows
    assert [row.facts["samples"] for row in rows[:2]] == [24000, 21600]
    assert rows[2].facts["asked_seconds"] is None


def test_the_second_time_nothing_is_done(bench):
    bench.run(stems=True)
    before, made = written(bench.out), bench.made()
    bench.run(stems=True)
    assert bench.made() == made and written(bench.out) == before


@pytest.mark.parametrize(
    "values", [dict(text="Other words."), dict(emotion="happy"), dict(rate=1.1), dict(voice="lj"),
               dict(end=1.6), dict(seed=3), dict(steps=3)]
)  # fmt: skip
def test_only_what_changed_is_made_again(bench, values):
    bench.run()
    bench.run(changed(1, **values))
    texts = [text for _, _, text in bench.made()]
    assert len(texts) == 4 and texts[3] == values.get("text", LINES[0]["text"])


def test_a_line_that_moved_is_not_made_again(bench):
    bench.run()
    moved = bench.run([dict(start=0, text="New.")] + changed(2, start=2.5, end=3.4))
    assert len(bench.made()) == 4
    assert moved.mix["starts"]["3"] == 2.5
    assert json.loads((bench.out / "timeline" / "0003.json").read_text())["start"] == 2.5


def test_what_was_undone_is_still_there(bench):
    bench.run()
    track = (bench.out / "track.wav").read_bytes()
    bench.run(changed(1, text="Other words."))
    assert (bench.out / "track.wav").read_bytes() != track
    bench.run()
    assert len(bench.made()) == 4 and (bench.out / "track.wav").read_bytes() == track


def test_other_checkpoints_make_all_lines_again(bench):
    bench.run()
    bench.run(studio=ToneStudio(bench.folder / "marks", mark="retrained"))
    assert len(bench.made()) == 6


def test_output_options_need_no_line_again(bench):
    bench.run()
    job = bench.run(loudness=-16.0, rate=24000, format="flac", stems=True)
    assert len(bench.made()) == 3 and job.mix["lufs"] == pytest.approx(-16, abs=0.1)
    assert soundfile.info(bench.out / "track.flac").subtype == "PCM_24"
    stems = sorted(p.name for p in (bench.out / "stems").iterdir())
    assert stems == ["01-Anna.flac", "02-Ben.flac"]


def test_only_some_lines(bench):
    job = bench.run(only=frozenset({2}))
    assert job.counts == {"done": 1, "failed": 0, "waiting": 2}
    assert bench.run().counts["done"] == 3 and len(bench.made()) == 3


def test_a_retake_stays_until_its_line_changes(bench):
    bench.run()
    first = bench.run().rows[0].key
    assert bench.run(retake=frozenset({1}), seed=7).rows[0].key != first
    assert bench.made()[-1][1:] == (7, LINES[0]["text"]) and len(bench.made()) == 4
    bench.run()
    assert len(bench.made()) == 4
    bench.run(changed(1, text="Other words."))
    assert bench.made()[-1][1] == 0


def test_a_retake_without_a_seed_takes_the_next(bench):
    bench.run()
    for seed in (1, 2):
        bench.run(retake=frozenset({2}))
        assert bench.made()[-1][1] == seed


def test_a_seed_for_all_lines_that_have_none(bench):
    bench.run(changed(2, seed=5), seed=9)
    assert sorted(seed for _, seed, _ in bench.made()) == [5, 9, 9]


def test_a_line_that_fails_leaves_the_others(bench):
    job = bench.run(changed(1, text="This is unpronounceable."))
    assert job.counts == {"done": 2, "failed": 1, "waiting": 0}
    (sentence,) = [s for s in job.sentences() if "failed:" in s]
    assert sentence == "line 1 (row 1 of the script) failed: nothing in the text can be pronounced"
    assert bench.run().counts["failed"] == 0


def test_a_mistake_in_the_code_is_one_failed_line(bench):
    job = bench.run(changed(3, text="A bug."))
    assert job.failed[0].reason == "unexpected ValueError: an accident in two lines"


def test_nothing_but_failures_is_no_track(bench):
    job = bench.run([dict(start=0, text="unpronounceable")])
    assert job.counts["failed"] == 1 and not (bench.out / "track.wav").exists()
    assert (bench.out / "report.html").exists()


LONG = dict(start=2.0, end=2.4, character="Ben", text="Far more words than ever fit in there.")


def test_an_overrun_is_named_and_moves_what_follows(bench):
    job = bench.run(changed(2, **LONG) + [dict(start=2.5, end=3.4, text="Next in line, at once.")])
    named = [s for s in job.sentences() if s.startswith("line 2")]
    assert "0.82 s more than its slot of 0.40 s; cut about" in named[0]
    assert job.mix["starts"]["4"] > 2.5
    assert any("line 4" in s and "late" in s for s in job.sentences())


def test_overruns_fail_where_that_is_asked_and_takes_stay(bench):
    bench.run(changed(2, **LONG))
    made = len(bench.made())
    job = bench.run(changed(2, **LONG), overflow="fail")
    assert job.failed[0].number == 2 and "cut about" in job.failed[0].reason
    assert bench.run(changed(2, **LONG), overflow="overlap").counts["done"] == 3
    assert len(bench.made()) == made


def test_names_that_climb_out_stay_inside(bench):
    cast = "characters:\n  ../../x: kathleen\n  /etc/y: lj\n"
    from emotts.dubbing.job import dub

    (bench.folder / "evil.yaml").write_text(cast)
    script = bench.write([dict(start=0, character="../../x", text="One."),
                          dict(start=1, character="/etc/y", text="Two.")])  # fmt: skip
    before = set(bench.folder.rglob("*"))
    dub(script, bench.out, bench.folder / "evil.yaml", DubOptions(stems=True), bench.studio)
    new = set(bench.folder.rglob("*")) - before - {bench.out, bench.folder / "marks" / "made"}
    assert new and all(path.is_relative_to(bench.out) for path in new)
    assert sorted(p.name for p in (bench.out / "stems").iterdir()) == ["01-x.wav", "02-etc_y.wav"]


def test_two_runs_on_one_folder(bench):
    with JobStore.open(bench.out):
        with pytest.raises(EmottsError, match="another run is at work"):
            bench.run()


@pytest.mark.parametrize(
    "options, named",
    [
        (dict(engine="slurm"), "unknown engine 'slurm'; choose from local, ray"),
        (dict(overflow="cut"), "unknown overflow 'cut'; choose from"),
        (dict(format="mp3"), "unknown format 'mp3'; choose from wav, flac"),
        (dict(rate=8000), "unknown sample rate 8000; choose from"),
        (dict(workers=0), "workers is 0"),
        (dict(loudness=3.0), "loudness is 3"),
        (dict(duck=-1.0), "duck is -1"),
        (dict(seed=-1), "seed is -1"),
        (dict(retake=frozenset({9})), "there is no line 9; the script has the numbers 1-3"),
        (dict(only=frozenset({2, 4})), "there is no line 4"),
    ],
)
def test_what_cannot_be_asked(bench, options, named):
    with pytest.raises(EmottsError, match=named):
        bench.run(**options)
    assert not bench.made()


def test_what_is_missing_is_known_before_anything_is_made(bench):
    for name, place in (("bed", "music.wav"), ("video", "in.mp4")):
        with pytest.raises(EmottsError, match=place):
            bench.run(**{name: bench.folder / place})
    with pytest.raises(EmottsError, match="unknown voice 'nobody'"):
        bench.run(changed(1, voice="nobody"))
    assert not bench.made() and not bench.out.exists()


def test_numbers():
    assert read_numbers("12, 40-42,7") == {7, 12, 40, 41, 42}
    for wrong in ("", "0", "a", "5-3", "1,,2", "1-", "-3", "1.5", "1-99999999"):
        with pytest.raises(EmottsError, match="write such as 12,40-55"):
            read_numbers(wrong)


def test_a_bed_makes_room(bench):
    seconds = np.arange(6 * 48000) / 48000
    music = 0.1 * np.sin(2 * np.pi * 3000 * seconds)
    soundfile.write(bench.folder / "music.wav", np.stack([music, 0.5 * music], axis=1), 48000)
    job = bench.run(bed=bench.folder / "music.wav", duck=20)
    track, _ = soundfile.read(bench.out / "track.wav")
    assert track.shape == (6 * 48000, 2) and job.mix["lufs"] == pytest.approx(-23, abs=0.1)

    def level(start, channel=0):
        piece = track[int(start * 48000) :][:4800, channel] * np.hanning(4800)
        return 20 * np.log10(np.abs(np.fft.rfft(piece)[300]))

    assert level(5.5) - level(1.0) == pytest.approx(20, abs=0.5)
    assert level(5.5) - level(5.5, 1) == pytest.approx(6.02, abs=0.1)
