"""The tab Learn, with the tiny checkpoints."""

import numpy as np
import pytest
from pipeline import made_speech

from emotts.audio.io import read_audio, write_audio
from emotts.demo.learn import MOST_SECONDS, discard, learn, try_out
from emotts.emotion.learned import read_emotion
from emotts.errors import EmottsError

TEXT = "No one knew."


@pytest.fixture
def clips(tmp_path):
    return [
        str(write_audio(tmp_path / f"{n}.wav", made_speech(140 + 30 * n, seed=n), 24000))
        for n in range(2)
    ]


def test_a_learnt_emotion_is_tried_and_kept_as_a_file_only(studio, clips):
    before = dict(studio.synthesizer.learned)
    lesson, said, file = learn(studio, None, clips, None, "Smug smile")
    vector, facts = read_emotion(file)
    assert facts.clips == 2 and np.array_equal(vector, lesson.vector)
    assert "smug-smile" in said and lesson.file.is_relative_to(studio.folder)
    without, spoken = try_out(studio, lesson, TEXT, studio.voices[0], 1.0)
    assert not np.array_equal(read_audio(without), read_audio(spoken))
    same, none = try_out(studio, lesson, TEXT, studio.voices[0], 0.0)
    assert np.array_equal(read_audio(same), read_audio(none))
    assert studio.synthesizer.learned == before  # one visitor's emotion is nobody else's
    discard(lesson)
    assert not lesson.file.exists()


def test_learning_anew_deletes_what_was_learnt_before(studio, clips):
    first = learn(studio, None, clips, None, "smug")[0]
    second = learn(studio, first, clips[:1], clips[1:], "smug")[0]
    assert not first.file.exists() and second.file.exists()
    assert read_emotion(second.file)[1].neutral == "1 neutral recordings"


@pytest.mark.parametrize("name", ["happy", "", "../../etc/passwd", "<b>bold</b>"])
def test_names_that_cannot_be_are_refused(studio, clips, name):
    with pytest.raises(EmottsError, match="name"):
        learn(studio, None, clips, None, name)


def test_too_few_too_many_and_too_long_recordings_are_refused(studio, clips, tmp_path):
    with pytest.raises(EmottsError, match="upload at least one"):
        learn(studio, None, None, None, "smug")
    with pytest.raises(EmottsError, match="51 files"):
        learn(studio, None, clips[:1] * 51, None, "smug")
    long = str(write_audio(tmp_path / "long.wav", np.zeros(24000 * 59, np.float32) + 0.01, 24000))
    with pytest.raises(EmottsError, match=f"takes {MOST_SECONDS:g} s"):
        learn(studio, None, [long] * 6, None, "smug")


def test_nothing_is_tried_before_something_is_learnt(studio):
    with pytest.raises(EmottsError, match="no emotion has been learnt yet"):
        try_out(studio, None, TEXT, studio.voices[0], 1.0)
