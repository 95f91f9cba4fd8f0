"""F0 moved to the frames of another mel keeps its time and its voicing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emotts.audio.frames import f0_at
from emotts.audio.mel_config import MEL_24K, MEL_44K, MelConfig


def test_the_same_frames_give_the_same_curve():
    f0 = np.array([0, 110, 120, 0, 0, 130, 0], np.float32)
    np.testing.assert_allclose(f0_at(f0, MEL_24K, 7), f0, rtol=1e-6)


def test_a_glide_is_read_at_the_centres_of_the_other_frames():
    times = (np.arange(94) + 0.5) * 256 / 24000
    found = f0_at((100 * 2**times).astype(np.float32), MEL_44K, 86)
    np.testing.assert_allclose(found, 100 * 2 ** ((np.arange(86) + 0.5) * 512 / 44100), rtol=1e-3)


def test_centred_frames_begin_at_zero():
    f0 = np.linspace(100, 200, 50).astype(np.float32)
    found = f0_at(f0, MelConfig(padding="center"), 50)
    between = np.sqrt(f0[1:] * f0[:-1])
    np.testing.assert_allclose(found[1:], between, rtol=1e-3)


@given(st.lists(st.sampled_from([0.0, 90.0, 400.0]), min_size=1, max_size=60), st.integers(0, 70))
def test_every_frame_is_silent_or_within_the_curve(values, frames):
    f0 = np.array(values, np.float32)
    found = f0_at(f0, MEL_44K, frames)
    assert found.shape == (frames,) and found.dtype == np.float32
    voiced = found[found > 0]
    assert not len(voiced) or (voiced.min() > 89.9 and voiced.max() < 400.1)
    assert f0.any() or not found.any()
