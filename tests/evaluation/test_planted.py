import numpy as np
import pytest

from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError
from emotts.evaluation import planted

pytest.importorskip("pyworld")


@pytest.fixture(scope="module")
def spoken():
    """A made vowel (n,) whose F0 glides from 110 to 150 Hz."""
    t = np.arange(int(planted.RATE * 1.2)) / planted.RATE
    phase = 2 * np.pi * np.cumsum(np.linspace(110, 150, len(t))) / planted.RATE
    wave = sum(np.sin(k * phase) / k for k in range(1, 30))
    return (0.1 * wave).astype(np.float32)


def log_f0(samples):
    f0 = planted.analyze(samples).f0
    return 12 * np.log2(f0[f0 > 0])


@pytest.mark.parametrize("emotion", ["neutral", "happy", "fearful", "disgust"])
def test_the_shift_that_was_planted_is_found(spoken, emotion):
    shift = planted.SHIFTS[emotion]
    moved = planted.plant(planted.analyze(spoken), shift)
    before, after = log_f0(spoken), log_f0(moved)
    assert np.median(after) - np.median(before) == pytest.approx(shift.f0_semitones, abs=0.4)
    assert after.std() / before.std() == pytest.approx(shift.f0_range, abs=0.15)
    assert len(moved) / len(spoken) == pytest.approx(shift.duration, abs=0.02)


def test_every_clip_is_moved_to_every_emotion(spoken):
    moved, emotions = planted.planted_set([spoken[:12000]] * 2)
    assert sorted(emotions) == sorted(list(CATEGORIES) * 2)
    assert all(np.isfinite(clip).all() and clip.dtype == np.float32 for clip in moved)
    np.testing.assert_array_equal(moved[0], moved[len(CATEGORIES)])


def test_speech_without_voice_stays_without():
    noise = 0.01 * np.random.default_rng(0).normal(size=12000)
    speech = planted.analyze(noise)._replace(f0=np.zeros_like(planted.analyze(noise).f0))
    assert np.isfinite(planted.plant(speech, planted.SHIFTS["fearful"])).all()


def test_an_impossible_shift_is_refused(spoken):
    with pytest.raises(EmottsError):
        planted.plant(planted.analyze(spoken), planted.Shift(duration=0))
