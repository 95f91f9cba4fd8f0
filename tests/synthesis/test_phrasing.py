"""Prosody of a sentence: whole pairs, pauses, and units shared with training."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from emotts.models.change import GlobalChange
from emotts.synthesis import phrasing
from emotts.synthesis.phrasing import Wish, phrase
from emotts.text.phonemes import phonemize
from emotts.text.sequence import is_pause_symbol, phone_sequence
from emotts.training.acoustic import prosody_targets

lengths = st.lists(st.floats(0.01, 60), min_size=3, max_size=40)


@given(lengths, st.data(), st.sampled_from([0.5, 1.0, 2.0]))
def test_pairs_are_whole_phones_are_heard_and_the_sum_is_kept(sizes, data, rate):
    sizes = np.array(sizes)
    pause = np.array([data.draw(st.booleans()) for _ in sizes])
    pause[[0, -1]] = True
    found = phrasing._whole_pairs(sizes.copy(), pause, rate)
    assert found.dtype == np.int64
    assert (found[~pause] >= 1).all() and (found[[0, -1]] >= phrasing.EDGE_PAIRS[0] - 1).all()
    assert found.max() <= phrasing.LONGEST_PAUSE + 1
    assert (found[pause][1:-1][sizes[pause][1:-1] < 1 / rate] == 0).all()
    phones = ~pause & (sizes >= 1) & (sizes <= phrasing.LONGEST_PHONE)
    assert (np.abs(found[phones] - sizes[phones]) <= 1 + 1e-9).all()


def test_rounding_errors_cancel():
    sizes = np.array([3.0] + [2.4] * 40 + [3.0])
    pause = np.zeros(42, bool)
    pause[[0, -1]] = True
    assert abs(phrasing._whole_pairs(sizes, pause, 1.0)[1:-1].sum() - 96) <= 1


def test_training_and_synthesis_count_in_the_same_units():
    for name in ("DURATION_UNIT", "ENERGY_UNIT"):
        assert getattr(phrasing, name) == getattr(prosody_targets, name)
    assert phrasing.DURATION_OFFSET == prosody_targets.OFFSET


def said(models, wish: Wish, change: GlobalChange = None, seed: int = 0):
    """The prosody of one sentence of kathleen's."""
    text = "Well, we all know a long way home."
    sequence = phone_sequence(phonemize(text, "en-us"), "en-us")
    emotion = torch.zeros(1, 1, models.space.dim)
    with torch.inference_mode():
        return sequence, phrase(
            models, sequence, models.voices["kathleen"], emotion, change or GlobalChange(), wish,
            torch.Generator().manual_seed(seed),
        )  # fmt: skip


def test_every_phone_is_heard_and_curves_fit_the_durations(synthesizer):
    sequence, found = said(synthesizer.models, Wish())
    pause = np.array([is_pause_symbol(i) for i in sequence.ids])
    assert (found.durations[~pause] >= 1).all()
    assert len(found.semitones) == len(found.energy) == 2 * found.durations.sum()
    assert np.isfinite(found.semitones).all() and np.isfinite(found.energy).all()


def test_a_wish_for_pitch_moves_pitch_and_nothing_else(synthesizer):
    _, plain = said(synthesizer.models, Wish())
    _, higher = said(synthesizer.models, Wish(pitch=3.0))
    np.testing.assert_allclose(higher.semitones, plain.semitones + 3, atol=1e-4)
    np.testing.assert_array_equal(higher.durations, plain.durations)
    np.testing.assert_array_equal(higher.energy, plain.energy)


def test_the_change_of_an_emotion_is_applied_as_it_was_measured(synthesizer):
    _, plain = said(synthesizer.models, Wish())
    _, wider = said(synthesizer.models, Wish(), GlobalChange(pitch=2.0, pitch_range=np.log(1.5)))
    np.testing.assert_allclose(wider.semitones, 1.5 * plain.semitones + 2, atol=1e-3)
    _, slower = said(synthesizer.models, Wish(), GlobalChange(tempo=np.log(1.6)))
    assert slower.durations.sum() > 1.2 * plain.durations.sum()


def test_takes_vary_with_the_seed_and_not_without_temperature(synthesizer):
    models = synthesizer.models
    one, other = (said(models, Wish(), seed=s)[1].semitones for s in (0, 1))
    assert one.shape != other.shape or not np.allclose(one, other)
    one, other = (said(models, Wish(temperature=0.0), seed=s)[1].semitones for s in (0, 1))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("rate", [0.5, 2.0])
def test_tempo_scales_the_length(synthesizer, rate):
    _, plain = said(synthesizer.models, Wish())
    _, other = said(synthesizer.models, Wish(rate=rate))
    share = other.durations.sum() / plain.durations.sum()
    assert 0.7 < share * rate < 1.5
