import numpy as np
import pytest
import soundfile

from emotts.audio.io import write_audio
from emotts.audio.provenance import provenance_tags, read_provenance
from emotts.audio.speech import Speech
from emotts.errors import EmottsError

TOLD = {"emotts": "0.1.0", "voice": "kathleen", "emotion": "zły 😠", "intensity": 0.9}
TONE = 0.1 * np.sin(np.arange(24000) / 10)


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
def test_what_is_written_is_read(tmp_path, ending):
    path = write_audio(tmp_path / f"a.{ending}", TONE, 24000, provenance_tags(TOLD))
    assert read_provenance(path) == TOLD


def test_speech_carries_its_own(tmp_path):
    Speech(TONE, 24000, provenance=TOLD).save(tmp_path / "a.wav")
    assert read_provenance(tmp_path / "a.wav") == TOLD


def test_others_files_say_nothing(tmp_path):
    soundfile.write(tmp_path / "a.wav", TONE, 24000)
    assert read_provenance(tmp_path / "a.wav") is None
    write_audio(tmp_path / "b.flac", TONE, 24000, {"software": "else", "comment": "{}"})
    assert read_provenance(tmp_path / "b.flac") is None


def test_a_comment_that_somebody_changed_is_no_provenance(tmp_path):
    write_audio(tmp_path / "a.flac", TONE, 24000, {"software": "emotts", "comment": "{broken"})
    assert read_provenance(tmp_path / "a.flac") is None


def test_files_that_are_no_audio(tmp_path):
    (tmp_path / "a.wav").write_text("a letter")
    with pytest.raises(EmottsError, match="a.wav cannot be read as audio"):
        read_provenance(tmp_path / "a.wav")
    with pytest.raises(EmottsError, match="there is no audio file"):
        read_provenance(tmp_path / "b.wav")
