import numpy as np
import pytest
from pipeline import made_speech

from emotts.audio.mel import log_mel
from emotts.synthesis.griffin_lim import griffin_lim


@pytest.fixture(scope="module")
def mel():
    return log_mel(made_speech(170, 1.0, seed=3))


def test_the_mel_comes_back(mel):
    """What is loud enough to be heard, and better the longer it is searched for."""
    loud = mel > mel.max() - 5
    rough, fine = (np.abs(log_mel(griffin_lim(mel, n)) - mel)[loud].mean() for n in (1, 32))
    assert fine < 0.25 and fine < 0.6 * rough


def test_it_has_a_sample_for_every_hop_and_repeats(mel):
    made = griffin_lim(mel, 2)
    assert made.shape == (256 * mel.shape[1],) and made.dtype == np.float32
    np.testing.assert_array_equal(griffin_lim(mel, 2), made)
    assert not np.array_equal(griffin_lim(mel, 2, seed=1), made)


def test_silence_stays_silent():
    made = griffin_lim(np.full((80, 30), np.log(1e-5), np.float32), 4)
    assert np.abs(made).max() < 1e-3
