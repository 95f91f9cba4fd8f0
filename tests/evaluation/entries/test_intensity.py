import numpy as np
import pytest
from scipy.stats import spearmanr

from emotts.evaluation.entries import intensity
from emotts.evaluation.entries.intensity import LEVELS, Ladder


def ladder(heard, emotion="angry", **others):
    heard = np.asarray(heard, dtype=float)
    given = {"heard_a": None, "arousal": None, "f0": heard, "level": heard} | others
    return Ladder(emotion, "x", heard, **given)


def test_rank_correlation_over_all_clips_is_scipys():
    heard = np.random.default_rng(0).random((5, 6)) + np.array(LEVELS)
    assert intensity.rho(heard) == pytest.approx(spearmanr(np.tile(LEVELS, 5), heard.ravel())[0])


def test_levels_shuffled_give_no_correlation_and_half_of_the_pairs():
    rng = np.random.default_rng(1)
    heard = rng.permuted(np.tile(LEVELS, (400, 1)), axis=1)
    assert intensity.rho(heard) == pytest.approx(0, abs=0.05)
    assert intensity.pairs_in_order(heard) == pytest.approx(0.5, abs=0.05)


def test_a_straight_rise_is_perfect_and_spans_are_ends():
    rise = np.array(LEVELS)[None] * np.ones((3, 1))
    figures = intensity.ladder_figures(ladder(0.1 + 0.5 * rise, f0=80 + 4 * rise, level=-30 + rise))
    assert figures["pairs_in_order"] == 1 and figures["rho"] == pytest.approx(1)
    assert figures["calibration_error"] == pytest.approx(0)
    assert figures["f0_span_semitones"] == pytest.approx(5)
    assert figures["level_span_db"] == pytest.approx(1.25)
    assert np.isnan(figures["rho_ser_a"]) and np.isnan(figures["rho_arousal"])


def test_arousal_should_fall_where_the_emotion_is_a_calm_one():
    falling = -np.array(LEVELS)[None]
    assert intensity.ladder_figures(ladder(falling, "sad", arousal=falling))["rho_arousal"] == 1
    assert intensity.ladder_figures(ladder(falling, "angry", arousal=falling))["rho_arousal"] == -1


def test_an_entry_of_a_synthesizer_that_does_what_it_is_told(bench):
    entry = intensity.run(bench)
    assert entry.figures["rho"] == pytest.approx(1)
    assert entry.figures["pairs_in_order"] == 1
    assert entry.figures["rho_ser_a"] is None
    zero = {row["path"] for row in entry.rows if row["intensity"] == 0}
    assert len(zero) == 2  # level 0 of every emotion is the voice's neutral clip
    assert len(entry.rows) == 7 * 2 * 6 and len(entry.curves[0]["series"]) == 7
