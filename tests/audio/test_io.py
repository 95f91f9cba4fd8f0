import os
import stat
import warnings

import numpy as np
import pytest
import soundfile

from emotts.audio.io import check_target, encode_audio, read_audio, write_audio
from emotts.errors import EmottsError

RATE = 24000


@pytest.fixture
def tone():
    """Half a second with a beginning, an end and a pitch, so that order and rate can be heard."""
    t = np.arange(RATE // 2) / RATE
    return (0.4 * np.sin(2 * np.pi * (200 + 800 * t) * t) * np.linspace(0.2, 1, t.size)).astype(
        np.float32
    )


def correlation(a, b):
    """The best correlation within the few milliseconds a codec may delay."""
    n = min(len(a), len(b)) - 1200
    middle = a[600 : 600 + n]
    return max(np.corrcoef(middle, b[shift : shift + n])[0, 1] for shift in range(0, 1201))


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3", "WAV"])
def test_what_is_written_is_read_back(tmp_path, tone, ending):
    path = tmp_path / f"tone.{ending}"
    write_audio(path, tone, RATE)
    read = read_audio(path)
    assert read.dtype == np.float32 and read.ndim == 1
    assert abs(len(read) - len(tone)) < 0.1 * RATE
    if ending.lower() in ("wav", "flac"):
        assert np.abs(read - tone).max() < 1 / 32000
    else:
        assert correlation(tone, read) > 0.98
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("ending, kind", [("wav", "WAV"), ("flac", "FLAC"), ("mp3", "MP3")])
def test_the_ending_decides_the_format(tmp_path, tone, ending, kind):
    write_audio(tmp_path / f"a.{ending}", tone, RATE)
    assert soundfile.info(tmp_path / f"a.{ending}").format == kind


def test_wav_has_16_bits_and_ogg_is_opus_where_opus_has_the_rate(tmp_path, tone):
    write_audio(tmp_path / "a.wav", tone, RATE)
    write_audio(tmp_path / "a.ogg", tone, RATE)
    write_audio(tmp_path / "b.ogg", tone, 22050)
    assert soundfile.info(tmp_path / "a.wav").subtype == "PCM_16"
    assert soundfile.info(tmp_path / "a.ogg").subtype == "OPUS"
    assert soundfile.info(tmp_path / "b.ogg").subtype == "VORBIS"


def test_minutes_of_vorbis_are_written(tmp_path):
    noise = np.random.default_rng(0).normal(0, 0.1, 22050 * 120).astype(np.float32)
    write_audio(tmp_path / "long.ogg", noise, 22050)
    assert soundfile.info(tmp_path / "long.ogg").duration == pytest.approx(120, abs=0.1)


def test_reading_resamples_and_averages_channels(tmp_path):
    t = np.arange(48000) / 48000
    left = 0.5 * np.sin(2 * np.pi * 440 * t)
    soundfile.write(tmp_path / "stereo.wav", np.stack([left, 0 * left], axis=1), 48000)
    mono = read_audio(tmp_path / "stereo.wav", rate=16000)
    assert len(mono) == 16000
    expected = 0.25 * np.sin(2 * np.pi * 440 * np.arange(16000) / 16000)
    assert np.abs(mono - expected)[200:-200].max() < 0.01


def test_tags_are_kept(tmp_path, tone):
    write_audio(tmp_path / "a.flac", tone, RATE, {"comment": "seed 7, łódź", "software": "emotts"})
    with soundfile.SoundFile(tmp_path / "a.flac") as file:
        assert file.comment == "seed 7, łódź"
    with pytest.raises(EmottsError, match="unknown audio tags mood.*comment"):
        write_audio(tmp_path / "b.flac", tone, RATE, {"mood": "x"})


def test_the_same_samples_give_the_same_wav_bytes(tone):
    assert encode_audio(tone, RATE) == encode_audio(tone.copy(), RATE)


def test_an_existing_file_is_replaced_and_keeps_its_permissions(tmp_path, tone):
    path = tmp_path / "a.wav"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_audio(path, tone, RATE)
    assert len(read_audio(path)) == len(tone)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_gets_the_usual_permissions(tmp_path, tone):
    write_audio(tmp_path / "a.wav", tone, RATE)
    (tmp_path / "plain").touch()
    assert (tmp_path / "a.wav").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_is_written_through(tmp_path, tone):
    (tmp_path / "link.wav").symlink_to(tmp_path / "real.wav")
    write_audio(tmp_path / "link.wav", tone, RATE)
    assert (tmp_path / "link.wav").is_symlink()
    assert len(read_audio(tmp_path / "real.wav")) == len(tone)


def test_what_goes_beyond_full_scale_is_clipped_aloud(tmp_path):
    loud = np.array([0.0, 2.0, -2.0, 0.5], dtype=np.float32)
    with pytest.warns(UserWarning, match="6.0 dB over full scale"):
        write_audio(tmp_path / "a.wav", loud, RATE)
    assert np.abs(read_audio(tmp_path / "a.wav") - [0, 1, -1, 0.5]).max() < 1e-4
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_audio(tmp_path / "b.wav", loud / 2, RATE)


@pytest.mark.parametrize(
    "samples, message",
    [
        ([0.0, np.nan], "NaN"),
        ([np.inf, 0.0], "infinite"),
        ([], "one row"),
        ([[0.0, 0.1]], "one row"),
    ],
)
def test_samples_that_are_no_audio_leave_no_file(tmp_path, samples, message):
    with pytest.raises(EmottsError, match=message):
        write_audio(tmp_path / "a.wav", np.array(samples, dtype=np.float32), RATE)
    assert os.listdir(tmp_path) == []


def test_a_failed_write_leaves_the_old_file_whole(tmp_path, tone, monkeypatch):
    path = tmp_path / "a.wav"
    write_audio(path, tone, RATE)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(EmottsError, match="No space left"):
        write_audio(path, -tone, RATE)
    assert np.abs(read_audio(path) - tone).max() < 1e-3
    assert os.listdir(tmp_path) == ["a.wav"]


@pytest.mark.parametrize("name", ["a.m4a", "a", "wav", "a.wav.bak"])
def test_an_unknown_ending_names_the_known(tmp_path, name):
    with pytest.raises(EmottsError, match=r"\.wav, \.flac, \.ogg, \.mp3"):
        check_target(tmp_path / name)


def test_targets_that_cannot_be_written(tmp_path):
    with pytest.raises(EmottsError, match="folder .*missing does not exist"):
        check_target(tmp_path / "missing" / "a.wav")
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(EmottsError, match="is a folder"):
        check_target(tmp_path / "folder.wav")
    (tmp_path / "kept.wav").touch()
    (tmp_path / "kept.wav").chmod(0o444)
    with pytest.raises(EmottsError, match="kept.wav is read-only"):
        check_target(tmp_path / "kept.wav")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0o555)
    with pytest.raises(EmottsError, match="closed is read-only"):
        check_target(tmp_path / "closed" / "a.wav")


def test_mp3_refuses_rates_it_does_not_have(tmp_path, tone):
    with pytest.raises(EmottsError, match="22050, 24000"):
        write_audio(tmp_path / "a.mp3", tone, 96000)
    assert os.listdir(tmp_path) == []


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(EmottsError, match="no audio file"):
        read_audio(tmp_path / "missing.wav")
    with pytest.raises(EmottsError, match="no audio file"):
        read_audio(tmp_path)
    (tmp_path / "text.wav").write_text("no audio")
    with pytest.raises(EmottsError, match="text.wav cannot be read as audio"):
        read_audio(tmp_path / "text.wav")
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    with pytest.raises(EmottsError, match="no audio samples"):
        read_audio(tmp_path / "empty.wav")
    soundfile.write(tmp_path / "nan.wav", np.array([0, np.nan]), RATE, subtype="FLOAT")
    with pytest.raises(EmottsError, match="not finite"):
        read_audio(tmp_path / "nan.wav")


def test_a_real_clip_is_read_at_24_khz(shared_data):
    clip = next((shared_data / "kathleen").rglob("*.opus"))
    samples = read_audio(clip)
    assert len(samples) / RATE == pytest.approx(soundfile.info(clip).duration, abs=0.02)
    assert 0.01 < np.abs(samples).max() < 1.5
