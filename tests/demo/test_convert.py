"""The tab Convert, with the tiny checkpoints."""

import numpy as np
import pytest
from converting import converter_of
from pipeline import made_speech

from emotts.audio.io import read_audio, write_audio
from emotts.demo.convert import convert
from emotts.demo.studio import Studio
from emotts.errors import EmottsError


@pytest.fixture(scope="module")
def converting(trained, tmp_path_factory):
    """A studio whose checkpoints can convert."""
    folder = tmp_path_factory.mktemp("converting") / "checkpoints"
    converter_of(trained.checkpoints, folder)
    made = Studio(folder)
    yield made
    made.close()


@pytest.fixture
def recording(tmp_path):
    return str(write_audio(tmp_path / "a.wav", made_speech(150), 24000))


def test_before_and_after_are_heard_and_drawn(converting, recording):
    before, first, after, second, picture = convert(converting, recording, "angry", 1.0, "", False)
    assert before == recording and len(read_audio(after)) == len(read_audio(before))
    assert sum(first.values()) == pytest.approx(1, abs=1e-4) and set(first) == set(second)
    assert open(picture, "rb").read(4) == b"\x89PNG"


def test_emotion_and_voice_change_the_sound(converting, recording):
    def sound(emotion, voice):
        return read_audio(convert(converting, recording, emotion, 1.0, voice, False)[2])

    kept, angry, other = sound("", ""), sound("angry", ""), sound("", converting.voices[-1])
    assert not np.array_equal(kept, angry) and not np.array_equal(kept, other)


def test_what_is_no_recording_is_refused(converting, tmp_path):
    with pytest.raises(EmottsError, match="there is no recording yet"):
        convert(converting, None, "", 1.0, "", False)
    long = write_audio(tmp_path / "long.wav", np.full(24000 * 61, 0.01, np.float32), 24000)
    with pytest.raises(EmottsError, match="takes 60 s"):
        convert(converting, str(long), "", 1.0, "", False)
    with pytest.raises(EmottsError, match="1.5"):
        short = write_audio(tmp_path / "short.wav", made_speech(150), 24000)
        convert(converting, str(short), "angry", 9.0, "", False)
