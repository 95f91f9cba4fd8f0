"""One sentence: what its wishes do to the samples."""

import numpy as np
import pytest
import torch

from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.synthesis.phrasing import Wish
from emotts.synthesis.sentence import F0_RANGE, Settings, speak
from emotts.text.phonemes import phonemize
from emotts.text.sequence import phone_sequence


@pytest.fixture(scope="module")
def say(synthesizer):
    """Speaks one sentence: say(wish, settings, track, seed) → Spoken."""
    models = synthesizer.models
    sequence = phone_sequence(phonemize("We all know a long way home.", "en-us"), "en-us")
    still = EmotionTrack.constant(np.zeros(models.space.dim))

    def said(wish=None, settings=None, track=None, seed=0, voice="kathleen"):
        with torch.inference_mode():
            return speak(
                models, sequence, models.voices[voice], track or still, wish or Wish(),
                settings or Settings(), seed,
            )  # fmt: skip

    return said


def test_everything_lies_on_one_grid_of_frames(say):
    spoken = say()
    frames = 2 * spoken.durations.sum()
    assert len(spoken.samples) == frames * 256
    assert spoken.mel.shape == (frames, 80)
    assert len(spoken.f0) == len(spoken.voiced) == frames
    assert spoken.voiced.dtype == bool and np.isfinite(spoken.samples).all()
    assert F0_RANGE[0] <= spoken.f0.min() and spoken.f0.max() <= F0_RANGE[1]


def test_an_octave_up_doubles_f0(say):
    low, high = say(), say(Wish(pitch=12.0))
    inside = (low.f0 > F0_RANGE[0]) & (high.f0 < F0_RANGE[1])
    assert inside.mean() > 0.5
    np.testing.assert_allclose(high.f0[inside], 2 * low.f0[inside], rtol=1e-4)
    np.testing.assert_array_equal(high.durations, low.durations)


def test_energy_in_decibels_scales_the_samples(say):
    plain, louder = say(), say(settings=Settings(energy_db=6.0))
    np.testing.assert_allclose(louder.samples, 10**0.3 * plain.samples, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(louder.mel, plain.mel)


def test_guidance_says_nothing_without_an_emotion(say, synthesizer):
    plain, pushed = say(), say(settings=Settings(guidance=3.0))
    np.testing.assert_array_equal(pushed.samples, plain.samples)
    happy = EmotionTrack.constant(synthesizer.models.space.vector(Emotion("happy")))
    one, three = (say(track=happy, settings=Settings(guidance=g)) for g in (1.0, 3.0))
    np.testing.assert_array_equal(one.f0, three.f0)
    assert not np.array_equal(one.mel, three.mel)


def test_a_track_moves_the_part_it_speaks_of(say, synthesizer):
    """Two tracks of one mean: the same prosody, but the colour is where the emotion is."""
    vector = synthesizer.models.space.vector(Emotion("angry"))
    places, here, gone = np.array([0.0, 0.5, 0.5, 1.0]), vector, np.zeros_like(vector)
    first = EmotionTrack(places, np.stack([here, here, gone, gone]))
    last = EmotionTrack(places, np.stack([gone, gone, here, here]))
    one, other = say(track=first), say(track=last)
    np.testing.assert_array_equal(one.durations, other.durations)
    np.testing.assert_allclose(one.f0, other.f0, rtol=1e-4)
    assert not np.allclose(one.mel, other.mel, atol=1e-3)


def test_steps_and_temperature_of_the_decoder_are_heard(say):
    plain = say()
    for settings in (Settings(steps=8), Settings(temperature=1.0)):
        other = say(settings=settings)
        np.testing.assert_array_equal(other.f0, plain.f0)
        assert not np.array_equal(other.mel, plain.mel)


def test_voices_differ_in_pitch_as_they_were_measured(say, synthesizer):
    voices = synthesizer.models.voices
    one, other = voices["kathleen"], voices["actor01"]
    neutral = {v.name: np.median(np.log(say(voice=v.name).f0)) for v in (one, other)}
    measured = other.log_f0 - one.log_f0
    assert neutral[other.name] - neutral[one.name] == pytest.approx(measured, abs=0.35)
