"""Every line at its sample, the bed beneath, and stems that add up to the track."""

import numpy as np
import pytest
import soundfile

from emotts.dubbing.mix import Clip, duck_gain, faded, lay, mix, place, read_bed, track_length
from emotts.dubbing.stems import write_sound, write_stems
from emotts.errors import EmottsError


def clip(folder, number, start, samples, end=None, character="Anna", overrun=0.0) -> Clip:
    path = folder / f"{number}.wav"
    soundfile.write(path, samples, 24000, subtype="FLOAT")
    return Clip(number, character, path, len(samples) / 24000, (start, end), overrun)


def click(at: int, length: int = 12000) -> np.ndarray:
    samples = np.zeros(length, np.float32)
    samples[at] = 0.5
    return samples


def noise(count: int, seed: int = 0) -> np.ndarray:
    return 0.05 * np.random.default_rng(seed).normal(size=count).astype(np.float32)


STARTS = (0.0, 1.0, 1.123456, 7.000021, 61.3)


def test_clicks_stand_at_their_samples(tmp_path):
    clips = [clip(tmp_path, n, s, click(5000 + n)) for n, s in enumerate(STARTS)]
    placed = place(clips, 24000, "overlap")
    track = lay(placed, track_length(placed, 24000), 24000)
    expected = [round(s * 24000) + 5000 + n for n, s in enumerate(STARTS)]
    assert np.flatnonzero(track).tolist() == expected
    np.testing.assert_array_equal(track[expected], 0.5)


def test_clicks_stand_at_their_samples_at_the_rate_of_films(tmp_path):
    clips = [clip(tmp_path, n, s, click(5000 + n)) for n, s in enumerate(STARTS)]
    placed = place(clips, 48000, "overlap")
    track = lay(placed, track_length(placed, 48000), 48000)
    for n, start in enumerate(STARTS):
        begin = round(start * 48000)
        loudest = begin + int(np.abs(track[begin : begin + 24000]).argmax())
        # 1.0 and 1.123456 overlap: each is looked for around its own place
        near = begin + 2 * (5000 + n)
        around = np.abs(track[near - 40 : near + 41])
        assert around.argmax() == 40 and loudest >= begin


def test_lines_that_overlap_add_up(tmp_path):
    one, other = noise(24000, 1), noise(24000, 2)
    placed = place(
        [clip(tmp_path, 1, 0, one), clip(tmp_path, 2, 0.5, other)], 24000, "overlap"
    )  # fmt: skip
    track = lay(placed, 36000, 24000)
    middle = slice(12200, 23800)
    np.testing.assert_allclose(track[middle], one[middle] + other[200:11800], atol=1e-6)


def test_lines_begin_and_end_at_nothing(tmp_path):
    out = faded(np.ones(24000, np.float32), 24000)
    assert out[0] < 0.001 and out[-1] < 0.001
    assert (out[120:-120] == 1).all() and (np.diff(out[:120]) > 0).all()
    assert len(faded(np.ones(3, np.float32), 24000)) == 3
    assert len(faded(np.ones(1, np.float32), 24000)) == 1


def test_overruns_move_what_follows(tmp_path):
    clips = [clip(tmp_path, 1, 0, noise(48000), end=1.0, overrun=1.0),
             clip(tmp_path, 2, 1.2, noise(24000), end=2.2),
             clip(tmp_path, 3, 9.0, noise(24000), end=10.0)]  # fmt: skip
    assert [p.start for p in place(clips, 24000, "shift")] == [0, 48000, 216000]
    assert [p.start for p in place(clips, 24000, "overlap")] == [0, 28800, 216000]


def test_silence_is_trimmed_only_where_a_line_is_too_long(tmp_path):
    samples = np.concatenate([np.zeros(4800), noise(24000), np.zeros(4800)]).astype(np.float32)
    clips = [clip(tmp_path, 1, 0, samples, end=1.1, overrun=0.3), clip(tmp_path, 2, 5, samples)]
    short, whole = place(clips, 24000, "trim-silence")
    assert sum(short.cut) == pytest.approx(7200, abs=1) and short.length + sum(short.cut) == 33600
    assert whole.cut == (0, 0) and whole.length == 33600
    track = lay([short], short.length, 24000)
    np.testing.assert_array_equal(track[4000:6000], samples[4000 + short.cut[0] :][:2000])


def test_a_track_holds_all_slots_and_the_bed(tmp_path):
    placed = place([clip(tmp_path, 1, 0, noise(24000), end=3.5)], 24000, "shift")
    assert track_length(placed, 24000) == 84000
    assert track_length(placed, 24000, 100_000) == 100_000


def test_a_bed_is_lowered_under_lines_and_only_there(tmp_path):
    clips = [clip(tmp_path, 1, 2, noise(24000)), clip(tmp_path, 2, 3.3, noise(24000))]
    gain = duck_gain(place(clips, 24000, "overlap"), 240000, 24000, 12.0)
    at = {s: 20 * np.log10(gain[round(s * 24000)]) for s in (0, 1.8, 2.0, 2.9, 3.15, 4.25, 5, 9.9)}
    assert [round(float(at[s]), 2) for s in (0, 1.8, 5, 9.9)] == [0, 0, 0, 0]
    assert [round(float(at[s]), 2) for s in (2.0, 2.9, 3.15, 4.25)] == [-12, -12, -12, -12]
    assert np.abs(np.diff(gain)).max() < 0.001, "no clicks"


def test_stems_and_bed_add_up_to_the_track(tmp_path):
    clips = [clip(tmp_path, 1, 0.5, noise(48000, 1)),
             clip(tmp_path, 2, 1.5, noise(48000, 2), character="../../Ben"),
             clip(tmp_path, 3, 4.5, noise(24000, 3))]  # fmt: skip
    placed = place(clips, 48000, "overlap")
    bed = np.stack([noise(288000, 4), noise(288000, 5)], axis=1)
    made = mix(placed, 48000, bed=bed, duck_db=6)
    out = tmp_path / "out"
    out.mkdir()
    names = write_stems(out, placed, 48000, len(made.track), made.voice_gain_db, "wav")
    assert list(names.values()) == ["stems/01-Anna.wav", "stems/02-Ben.wav"]
    stems = [soundfile.read(out / name)[0] for name in names.values()]
    ducked = bed * duck_gain(placed, len(bed), 48000, 6)[:, None] * 10 ** (made.bed_gain_db / 20)
    assert made.true_peak_db < -2, "the limiter had nothing to do"
    np.testing.assert_allclose(sum(stems)[:, None] + ducked, made.track, atol=1e-5)


def test_stems_of_those_who_left_go(tmp_path):
    (tmp_path / "stems").mkdir()
    (tmp_path / "stems" / "09-Gone.wav").write_bytes(b"")
    placed = place([clip(tmp_path, 1, 0, noise(24000))], 24000)
    write_stems(tmp_path, placed, 24000, 24000, 0.0, "flac")
    assert [p.name for p in (tmp_path / "stems").iterdir()] == ["01-Anna.flac"]


@pytest.mark.parametrize("ending, subtype", [("wav", "PCM_24"), ("flac", "PCM_24")])
def test_24_bits_come_back(tmp_path, ending, subtype):
    samples = noise(30000)
    path = write_sound(tmp_path, f"a.{ending}", samples, 48000)
    assert soundfile.info(path).subtype == subtype
    np.testing.assert_allclose(soundfile.read(path)[0], samples, atol=2**-23)


def test_bad_beds_and_names(tmp_path):
    with pytest.raises(EmottsError, match="there is no bed"):
        read_bed(tmp_path / "x.wav", 48000)
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(EmottsError, match="cannot be read as audio"):
        read_bed(tmp_path / "text.wav", 48000)
    soundfile.write(tmp_path / "many.wav", np.zeros((100, 6)), 48000)
    with pytest.raises(EmottsError, match="one or two channels"):
        read_bed(tmp_path / "many.wav", 48000)
    with pytest.raises(EmottsError, match="wav or flac"):
        write_sound(tmp_path, "a.mp3", noise(10), 48000)


def test_a_bed_of_another_rate_keeps_its_length(tmp_path):
    soundfile.write(tmp_path / "bed.wav", np.zeros(44100), 44100)
    assert read_bed(tmp_path / "bed.wav", 48000).shape == (48000, 1)
