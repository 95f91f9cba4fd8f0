"""The tab Listen in, with the tiny checkpoints."""

import csv
import json

import pytest
from pipeline import made_speech

from emotts.audio.io import write_audio
from emotts.demo.listen_in import listen
from emotts.errors import EmottsError


def test_a_recording_gives_a_sentence_a_picture_shares_and_files(studio, tmp_path):
    path = write_audio(tmp_path / "a.wav", made_speech(150, 2.5), 24000)
    said, picture, shares, (told, table) = listen(studio, str(path), None)
    assert "valence" in said and "Hz" in said
    assert open(picture, "rb").read(4) == b"\x89PNG"
    assert sum(shares.values()) == pytest.approx(1, abs=1e-4)
    assert json.load(open(told, encoding="utf-8"))["relative_to"] == "everybody's neutral"
    rows = list(csv.DictReader(open(table, encoding="utf-8")))
    assert float(rows[-1]["end"]) == pytest.approx(2.5, abs=0.01)


def test_a_neutral_recording_is_listened_against(studio, tmp_path):
    path = write_audio(tmp_path / "a.wav", made_speech(150), 24000)
    plain = write_audio(tmp_path / "b.wav", made_speech(120, seed=1), 24000)
    told = listen(studio, str(path), str(plain))[3][0]
    assert json.load(open(told, encoding="utf-8"))["relative_to"] != "everybody's neutral"


def test_no_recording_and_no_audio_are_refused(studio, tmp_path):
    with pytest.raises(EmottsError, match="there is no recording yet"):
        listen(studio, None, None)
    bad = tmp_path / "a.wav"
    bad.write_bytes(b"\0" * 5000)
    with pytest.raises(EmottsError, match="cannot be read as audio"):
        listen(studio, str(bad), None)
