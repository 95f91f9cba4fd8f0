"""One sentence: what its wishes do to the samples."""

import numpy as np
import pytest
import torch

from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.synthesis.course import Course
from emotts.synthesis.line import Delivery, Line
from emotts.synthesis.sentence import F0_RANGE, Settings, speak
from emotts.text.phonemes import phonemize
from emotts.text.sequence import phone_sequence


@pytest.fixture(scope="module")
def say(synthesizer):
    """Speaks one sentence: say(wish, settings, track, seed) → Spoken."""
    models = synthesizer.models
    sequence = phone_sequence(phonemize("We all know a long way home.", "en-us"), "en-us")
    still = EmotionTrack.constant(np.zeros(models.space.dim))

    def said(wish=None, settings=None, track=None, seed=0, voice="kathleen", pairs=None):
        course = Course(track or still)
        asked = Delivery.plain(len(sequence), **(wish or {}))
        line = Line(sequence, models.voices[voice], (course,), asked)
        with torch.inference_mode():
            return speak(models, line, settings or Settings(), seed, pairs)

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
    low, high = say(), say(dict(pitch=12.0))
    inside = (low.f0 > F0_RANGE[0]) & (high.f0 < F0_RANGE[1])
    assert inside.mean() > 0.5
    np.testing.assert_allclose(high.f0[inside], 2 * low.f0[inside], rtol=1e-4)
    np.testing.assert_array_equal(high.durations, low.durations)


def test_energy_in_decibels_scales_the_samples(say):
    plain, louder = say(), say(dict(energy=6.0))
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
    """What is felt in the first half is heard in the first half."""
    vector = synthesizer.models.space.vector(Emotion("angry"))
    places, here, gone = np.array([0.0, 0.5, 0.5, 1.0]), vector, np.zeros_like(vector)
    first = EmotionTrack(places, np.stack([here, here, gone, gone]))
    plain, one = say(pairs=90), say(track=first, pairs=90)
    assert np.abs(one.f0 / plain.f0 - 1)[:40].max() > 0.02
    matrix = synthesizer.models.change_matrix(synthesizer.models.voices["kathleen"])
    colour = (matrix[-160:] @ vector).reshape(2, 80)
    moved = (one.mel - one.plain) - (plain.mel - plain.plain)
    floor = (one.mel > np.log(1e-5) + 0.1).all(1) & (plain.mel > np.log(1e-5) + 0.1).all(1)
    voiced = floor[:60] & one.voiced[:60]
    np.testing.assert_allclose(moved[:60][voiced], np.tile(colour[0], (voiced.sum(), 1)), atol=1e-3)
    np.testing.assert_allclose(moved[-60:][floor[-60:]], 0.0, atol=1e-4)


def test_an_asked_number_of_pairs_is_met(say):
    for pairs in (60, 77, 140):
        spoken = say(pairs=pairs)
        assert spoken.durations.sum() == pairs and len(spoken.samples) == pairs * 512


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
