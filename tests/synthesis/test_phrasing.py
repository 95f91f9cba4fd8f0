"""Prosody of a sentence: whole pairs, pauses, and units shared with training."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.models.change import SCALARS, SIZE, GlobalChange
from emotts.synthesis import phrasing
from emotts.synthesis.course import Course
from emotts.synthesis.line import Delivery, Line
from emotts.text.phonemes import phonemize
from emotts.text.sequence import is_pause_symbol, phone_sequence
from emotts.training.acoustic import prosody_targets

lengths = st.lists(st.floats(0.01, 60), min_size=3, max_size=40)


def drawn_pauses(data, count: int) -> np.ndarray:
    pause = np.array([data.draw(st.booleans()) for _ in range(count)])
    pause[[0, -1]] = True
    return pause


@given(lengths, st.data())
def test_pairs_are_whole_and_phones_are_heard(sizes, data):
    sizes = np.array(sizes)
    pause = drawn_pauses(data, len(sizes))
    found = phrasing.whole_pairs(sizes, pause)
    assert found.dtype == np.int64
    assert (found[~pause] >= 1).all()
    assert (found[pause][sizes[pause] < 1] == 0).all()
    phones = ~pause & (sizes >= 1)
    assert (np.abs(found[phones] - sizes[phones]) <= 1 + 1e-9).all()


@given(lengths, st.data(), st.floats(0.4, 2.5))
def test_an_asked_length_is_met_exactly_and_every_phone_is_heard(sizes, data, factor):
    sizes = np.maximum(np.array(sizes), 1.0)
    pause = drawn_pauses(data, len(sizes))
    total = max(int(sizes.sum() * factor), int((~pause).sum()) + 1)
    found = phrasing.exact_pairs(sizes, pause, total)
    assert found.sum() == total and (found[~pause] >= 1).all() and (found >= 0).all()


def test_an_asked_length_keeps_proportions():
    sizes = np.array([3.0, 2.0, 4.0, 8.0, 2.0, 3.0])
    pause = np.array([True, False, False, False, False, True])
    found = phrasing.exact_pairs(sizes, pause, 220)
    np.testing.assert_allclose(found / 220, sizes / sizes.sum(), atol=0.01)


def test_rounding_errors_cancel():
    sizes = np.array([3.0] + [2.4] * 40 + [3.0])
    pause = np.zeros(42, bool)
    pause[[0, -1]] = True
    assert abs(phrasing.whole_pairs(sizes, pause)[1:-1].sum() - 96) <= 1


def test_training_and_synthesis_count_in_the_same_units():
    for name in ("DURATION_UNIT", "ENERGY_UNIT"):
        assert getattr(phrasing, name) == getattr(prosody_targets, name)
    assert phrasing.DURATION_OFFSET == prosody_targets.OFFSET


def said(models, delivery: dict = None, vector=None, seed: int = 0, variety: float = 0.6):
    """The prosody of one sentence of kathleen's."""
    text = "Well, we all know a long way home."
    sequence = phone_sequence(phonemize(text, "en-us"), "en-us")
    felt = np.zeros(models.space.dim) if vector is None else vector
    course = Course(EmotionTrack.constant(felt))
    asked = Delivery.plain(len(sequence), **(delivery or {}))
    line = Line(sequence, models.voices["kathleen"], (course,), asked)
    with torch.inference_mode():
        generator = torch.Generator().manual_seed(seed)
        sampled = phrasing.sample_prosody(models, line, generator, variety)
    return sequence, phrasing.realise(sampled)


def test_every_phone_is_heard_and_curves_fit_the_durations(synthesizer):
    sequence, found = said(synthesizer.models)
    pause = np.array([is_pause_symbol(i) for i in sequence.ids])
    assert (found.durations[~pause] >= 1).all()
    assert len(found.semitones) == len(found.energy) == 2 * found.durations.sum()
    assert np.isfinite(found.semitones).all() and np.isfinite(found.energy).all()


@pytest.mark.parametrize("rate", [1.0, 2.0])
def test_a_stressed_vowel_is_never_swallowed(synthesizer, rate):
    """However short the networks want it; in quick speech it shrinks with the rest."""
    hurried = replace(synthesizer.models, durations=synthesizer.models.durations - 5)
    sequence, found = said(hurried, dict(rate=rate))
    least = phrasing.SHORTEST_STRESSED / rate - 0.5  # half a pair may be owed to a neighbour
    assert (found.durations[sequence.stress == 1] >= np.floor(least)).all()
    assert (sequence.stress == 1).any()


def test_a_wish_for_pitch_moves_pitch_and_nothing_else(synthesizer):
    _, plain = said(synthesizer.models)
    _, higher = said(synthesizer.models, dict(pitch=3.0))
    np.testing.assert_allclose(higher.semitones, plain.semitones + 3, atol=1e-4)
    np.testing.assert_array_equal(higher.durations, plain.durations)
    np.testing.assert_array_equal(higher.energy, plain.energy)


def test_a_wish_for_range_widens_the_melody_about_its_mean(synthesizer):
    _, plain = said(synthesizer.models)
    _, flat = said(synthesizer.models, dict(pitch_range=0.0))
    _, wide = said(synthesizer.models, dict(pitch_range=2.0))
    np.testing.assert_allclose(flat.semitones, 0.0, atol=1e-6)
    np.testing.assert_allclose(wide.semitones, 2 * plain.semitones, atol=1e-4)


def test_the_change_of_an_emotion_is_applied_as_it_was_measured(synthesizer, monkeypatch):
    """With networks that hear no emotion, only what was measured is left."""
    models = synthesizer.models
    vector = models.space.vector(Emotion("happy"))
    change = GlobalChange.from_vector(models.change_matrix(models.voices["kathleen"]) @ vector)
    _, plain = said(models)
    monkeypatch.setattr(phrasing, "emotion_input", lambda m, v: torch.zeros(1, 1, m.space.dim))
    _, happy = said(models, vector=vector)
    if np.array_equal(plain.durations, happy.durations):
        wanted = np.exp(change.pitch_range) * plain.semitones + change.pitch
        np.testing.assert_allclose(happy.semitones, wanted, atol=1e-3)
    mean = happy.semitones.mean() - plain.semitones.mean() * np.exp(change.pitch_range)
    assert mean == pytest.approx(change.pitch, abs=0.5)


def test_no_offset_hurries_or_drags_speech_beyond_what_emotions_do(synthesizer, monkeypatch):
    models = synthesizer.models
    monkeypatch.setattr(phrasing, "emotion_input", lambda m, v: torch.zeros(1, 1, m.space.dim))
    matrix = np.zeros((SIZE, models.space.dim), np.float32)
    matrix[SCALARS.index("tempo"), 0] = 1.0
    monkeypatch.setitem(models.changes, "ravdess", matrix)
    unit = np.eye(models.space.dim)[0]
    lengths = {x: said(models, vector=x * unit)[1].durations for x in (-5, -0.3, -0.1, 0.7, 5)}
    assert np.array_equal(lengths[-5], lengths[-0.3]) and np.array_equal(lengths[5], lengths[0.7])
    assert lengths[-0.3].sum() < lengths[-0.1].sum() < lengths[0.7].sum()


def test_takes_vary_with_the_seed_and_not_without_variety(synthesizer):
    models = synthesizer.models
    one, other = (said(models, seed=s)[1].semitones for s in (0, 1))
    assert one.shape != other.shape or not np.allclose(one, other)
    one, other = (said(models, seed=s, variety=0.0)[1].semitones for s in (0, 1))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("rate", [0.5, 2.0])
def test_tempo_scales_the_length(synthesizer, rate):
    _, plain = said(synthesizer.models)
    _, other = said(synthesizer.models, dict(rate=rate))
    share = other.durations.sum() / plain.durations.sum()
    assert 0.7 < share * rate < 1.5


def test_velocities_mix_linearly_about_neutral():
    def told(x, t, emotion):
        return x + emotion.sum()

    x, t = torch.ones(1, 2, 3), torch.zeros(1)
    one, two = torch.full((1, 1, 2), 1.0), torch.full((1, 1, 2), -3.0)
    alone = phrasing.mixed_velocity(told, [1.0], [one])(x, t)
    torch.testing.assert_close(alone, x + 2)
    mixed = phrasing.mixed_velocity(told, [0.5, 0.25], [one, two])(x, t)
    torch.testing.assert_close(mixed, x + 0.5 * 2 - 0.25 * 6)
