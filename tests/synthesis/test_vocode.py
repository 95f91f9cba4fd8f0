import numpy as np
from pipeline import made_speech

from emotts.synthesis.vocode import resynthesize


def test_resynthesis_keeps_length_and_level_and_repeats(trained):
    speech = made_speech(170, 1.0, seed=3)
    made = resynthesize(speech, trained.checkpoints)
    assert made.shape == (len(speech) // 256 * 256,) and np.isfinite(made).all()
    np.testing.assert_array_equal(resynthesize(speech, trained.checkpoints), made)
    quiet = resynthesize(0.05 * speech, trained.checkpoints)
    np.testing.assert_allclose(20 * quiet, made, rtol=0.02, atol=0.02 * np.abs(made).max())
    assert not np.array_equal(resynthesize(speech, trained.checkpoints, seed=1), made)
