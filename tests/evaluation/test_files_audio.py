import numpy as np
import pytest
import soundfile

from emotts.errors import EmottsError
from emotts.evaluation.files_audio import examine, odd_rates

RATE = 24000
TONE = 0.5 * np.sin(2 * np.pi * 220 * np.arange(RATE) / RATE)


@pytest.fixture
def sound(tmp_path):
    """Examines samples written to a file, cut to a share of its bytes."""

    def write(samples, name="a.wav", rate=RATE, share=1.0):
        path = tmp_path / name
        soundfile.write(path, samples, rate)
        data = path.read_bytes()
        path.write_bytes(data[: int(share * len(data))])
        return examine(path)

    return write


def test_a_good_file_has_no_flag(sound):
    for name in ("a.wav", "a.flac", "a.ogg", "a.mp3"):
        found = sound(TONE, name)
        assert found.flags == () and not found.silent
        assert found.seconds == pytest.approx(1, abs=0.1) and found.rate == RATE


def test_silence_clipping_and_channels_are_flagged(sound):
    assert sound(np.zeros(RATE)).flags == ("silent",) and sound(np.zeros(RATE)).silent
    assert sound(1e-4 * TONE).silent and not sound(0.01 * TONE).silent
    (clipped,) = sound(np.clip(3 * TONE, -1, 1), rate=44100).flags
    assert clipped.startswith("clipped (5")  # 1 − 2/π · asin(2/3) = 53.5 %
    assert sound(np.stack([TONE, TONE], axis=1)).flags == ("2 channels, averaged",)


@pytest.mark.parametrize("name", ["a.wav", "a.ogg"])
def test_a_truncated_file_is_flagged_and_still_read(sound, name):
    noise = 0.1 * np.random.default_rng(0).normal(size=4 * RATE)
    found = sound(noise, name, share=0.6)
    assert "truncated" in found.flags
    assert 1 < found.seconds < 3.5


def test_a_truncated_flac_is_flagged_or_refused(sound):
    noise = 0.1 * np.random.default_rng(0).normal(size=4 * RATE)
    try:
        assert "truncated" in sound(noise, "a.flac", share=0.6).flags
    except EmottsError as error:
        assert "a.flac" in str(error)


def test_what_holds_no_sound_is_refused(sound, tmp_path):
    with pytest.raises(EmottsError, match="no audio samples"):
        sound(np.zeros(0))
    with pytest.raises(EmottsError, match="least"):
        sound(TONE[:1000])
    (tmp_path / "text.wav").write_text("hello")
    with pytest.raises(EmottsError, match="cannot be read"):
        examine(tmp_path / "text.wav")


def test_rates_unlike_most_are_named():
    assert odd_rates([24000, 16000, 24000]) == [
        None, "16000 Hz, where most files have 24000 Hz", None,
    ]  # fmt: skip
    assert odd_rates([44100, 44100]) == [None, None] and odd_rates([]) == []
