import numpy as np
import pytest
import soundfile
from pipeline import made_speech

from emotts.errors import EmottsError
from emotts.synthesis.conversion_reading import open_recording

RATE = 24000


def read(path):
    with open_recording(path) as recorded:
        first = np.concatenate(list(recorded.blocks()))
        assert np.array_equal(first, np.concatenate(list(recorded.blocks())))  # again and again
        assert len(first) == recorded.samples
        return first, recorded


def correlation(one, other):
    n = min(len(one), len(other))
    return float(np.corrcoef(one[:n], other[:n])[0, 1])


@pytest.mark.parametrize("rate, channels", [(8000, 1), (44100, 2), (24000, 6), (48000, 1)])
def test_any_rate_and_number_of_channels(tmp_path, rate, channels):
    import soxr

    speech = made_speech(150, 25.0)
    other = soxr.resample(speech, RATE, rate)
    soundfile.write(tmp_path / "a.wav", np.stack([other] * channels, axis=1), rate)
    samples, recorded = read(tmp_path / "a.wav")
    assert recorded.rate == rate and len(samples) == pytest.approx(len(speech), abs=4)
    assert correlation(samples, speech) > (0.97 if rate == 8000 else 0.999)


def test_what_only_av_reads(tmp_path):
    import av

    speech = made_speech(150, 3.0)
    with av.open(str(tmp_path / "a.m4a"), "w") as file:
        stream = file.add_stream("aac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(speech[None], "fltp", "mono")
        frame.rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)
    samples, recorded = read(tmp_path / "a.m4a")
    assert recorded.seconds == pytest.approx(3.0, abs=0.15)
    part = speech[RATE : RATE + 4000]  # the encoder's delay is not known to every reader
    assert max(correlation(samples[RATE + lag :], part) for lag in range(-100, 2200)) > 0.95


def test_only_speech_is_taken_for_the_speaker():
    silence = np.zeros(20 * RATE, np.float32)
    speech = np.concatenate([made_speech(150, 2.0, seed=i) for i in range(10)])
    with open_recording(np.concatenate([silence, speech])) as recorded:
        assert sum(map(len, recorded.speech(60))) == len(speech)
        assert sum(map(len, recorded.speech(5))) == 10 * RATE


@pytest.mark.parametrize(
    "name, data, said",
    [
        ("text.wav", b"This is a letter and not a recording.\n" * 50, "text.wav cannot be read"),
        ("empty.wav", b"", "empty.wav cannot be read"),
        ("missing.wav", None, "there is no audio file"),
    ],
)
def test_files_that_are_no_audio(tmp_path, name, data, said):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(EmottsError, match=said):
        read(tmp_path / name)


def test_a_truncated_file_is_read_as_far_as_it_goes_or_refused(tmp_path):
    for ending in ("wav", "flac"):
        whole = tmp_path / f"a.{ending}"
        soundfile.write(whole, made_speech(150, 4.0), RATE)
        data = whole.read_bytes()
        whole.write_bytes(data[: len(data) // 2])
        try:
            samples, _ = read(whole)
        except EmottsError as error:
            assert "cannot be read" in str(error)
        else:
            assert RATE < len(samples) < 3 * RATE


@pytest.mark.parametrize(
    "samples, said",
    [
        (np.zeros(2400, np.float32), "shorter than 0.3 s"),
        (np.zeros((2, 24000), np.float32), "not of shape"),
        (np.full(24000, np.nan, np.float32), "not finite"),
    ],
)
def test_arrays_that_are_no_recording(samples, said):
    with pytest.raises(EmottsError, match=said):
        read(samples)
