import numpy as np
import pytest
from pipeline import made_speech

from emotts.audio.io import write_audio
from emotts.errors import EmottsError
from emotts.synthesis.recognizer import Recognizer


@pytest.fixture(scope="module")
def recognizer(trained):
    return Recognizer.from_pretrained(trained.checkpoints)


@pytest.fixture(scope="module")
def speech():
    return made_speech(200, 1.2, seed=1), made_speech(180, 1.2, seed=2)


def close(one, other, atol: float = 0.02) -> bool:
    a, b = list(one.probabilities.values()), list(other.probabilities.values())
    return np.allclose(a, b, atol=atol)


def test_answers_are_probabilities_intensity_and_affect(recognizer, speech):
    found = recognizer.recognize(speech[0])
    assert sum(found.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert found.emotion == max(found.probabilities, key=found.probabilities.get)
    assert 0 <= found.intensity <= 1
    assert set(found.affect) == {"valence", "arousal", "dominance"}
    assert all(-1 <= v <= 1 for v in found.affect.values())
    assert recognizer.recognize(speech[0]) == found


def test_a_file_and_its_samples_sound_the_same(recognizer, speech, tmp_path):
    write_audio(tmp_path / "clip.wav", speech[0], 24000)
    assert close(recognizer.recognize(tmp_path / "clip.wav"), recognizer.recognize(speech[0]))


def test_without_a_neutral_level_says_nothing(recognizer, speech):
    assert close(recognizer.recognize(0.1 * speech[0]), recognizer.recognize(speech[0]))


def test_against_a_neutral_the_recording_level_cancels(recognizer, speech):
    clip, neutral = speech
    near = recognizer.recognize(clip, neutral)
    assert close(recognizer.recognize(0.2 * clip, 0.2 * neutral), near)


def test_a_speakers_neutral_is_measured_once_for_many(recognizer, speech):
    clip, neutral = speech
    known = recognizer.hear_neutral([neutral])
    assert np.exp(known.log_f0) == pytest.approx(180, rel=0.12)
    assert recognizer.recognize(clip, known) == recognizer.recognize(clip, neutral)
    assert recognizer.recognize(clip, [neutral]) == recognizer.recognize(clip, neutral)


def test_a_neutral_is_no_offset_from_itself(recognizer, speech):
    """What it answers for its own neutral is what the heads say at the origin."""
    import torch

    neutral = speech[1]
    found = recognizer.recognize(neutral, neutral)
    with torch.inference_mode():
        origin = recognizer.heads(torch.zeros(1, len(recognizer.centre)))["category"]
    np.testing.assert_allclose(list(found.probabilities.values()), origin.softmax(-1)[0], atol=1e-5)


@pytest.mark.parametrize(
    "samples, message",
    [
        (np.zeros(24000), "the recording is silent"),
        (np.zeros(0), "shorter than 0.3 s"),
        (np.ones(7000) * 0.1, "shorter than 0.3 s"),
        (np.full(24000, np.nan), "not finite"),
        (np.r_[np.ones(9000), np.inf], "not finite"),
    ],
)
def test_what_cannot_be_heard_is_explained(recognizer, speech, samples, message):
    with pytest.raises(EmottsError, match=message):
        recognizer.recognize(samples)
    with pytest.raises(EmottsError, match=message):
        recognizer.recognize(speech[0], neutral=samples)


def test_a_silent_file_is_named(recognizer, tmp_path):
    write_audio(tmp_path / "quiet.wav", np.zeros(24000, np.float32), 24000)
    with pytest.raises(EmottsError, match="quiet.wav is silent"):
        recognizer.recognize(tmp_path / "quiet.wav")
    with pytest.raises(EmottsError, match="absent.wav"):
        recognizer.recognize(tmp_path / "absent.wav")
