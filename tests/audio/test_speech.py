import io
import json
import sys

import numpy as np
import pytest
import soundfile

from emotts.audio.speech import Segment, Speech
from emotts.errors import EmottsError

RAMP = np.linspace(-0.5, 0.5, 12000, dtype=np.float32)


def test_speech_knows_its_length_and_keeps_float32():
    speech = Speech(RAMP.astype(np.float64), 24000)
    assert speech.seconds == 0.5
    assert speech.samples.dtype == np.float32


def test_saving_and_loading(tmp_path):
    Speech(RAMP, 24000, provenance={"seed": 7, "emotion": "happy:0.8"}).save(tmp_path / "a.flac")
    assert np.abs(Speech.load(tmp_path / "a.flac").samples - RAMP).max() < 1e-4
    with soundfile.SoundFile(tmp_path / "a.flac") as file:
        assert json.loads(file.comment) == {"seed": 7, "emotion": "happy:0.8"}


@pytest.mark.parametrize("format, kind", [(None, "WAV"), ("flac", "FLAC"), (".ogg", "OGG")])
def test_standard_output_gets_a_whole_file(monkeypatch, format, kind):
    class Output:
        buffer = io.BytesIO()

    monkeypatch.setattr(sys, "stdout", Output)
    Speech(RAMP, 24000).save("-", format)
    monkeypatch.undo()
    Output.buffer.seek(0)
    with soundfile.SoundFile(Output.buffer) as file:
        assert (file.format, file.frames) == (kind, len(RAMP))


def test_a_format_that_contradicts_the_name_is_refused(tmp_path):
    with pytest.raises(EmottsError, match="does not agree"):
        Speech(RAMP, 24000).save(tmp_path / "a.wav", format="mp3")
    with pytest.raises(EmottsError, match="unknown audio format 'aac'.*wav, flac, ogg, mp3"):
        Speech(RAMP, 24000).save("-", format="aac")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "samples, rate", [([0.0, np.nan], 24000), ([[0.0]], 24000), (0.0, 24000), ([0.0], 0)]
)
def test_what_is_no_speech_is_refused(samples, rate):
    with pytest.raises(EmottsError):
        Speech(np.array(samples, dtype=np.float32), rate)


@pytest.mark.parametrize("start, end", [(-1, 0), (2, 1), (0, float("nan")), (0, float("inf"))])
def test_a_segment_runs_forward(start, end):
    with pytest.raises(EmottsError, match="segment 'word'"):
        Segment("word", start, end)


def test_empty_speech_exists_but_is_not_written(tmp_path):
    silence = Speech(np.zeros(0), 24000)
    assert silence.seconds == 0
    with pytest.raises(EmottsError):
        silence.save(tmp_path / "a.wav")
    assert not (tmp_path / "a.wav").exists()
