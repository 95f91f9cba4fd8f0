import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation.metrics import level

RATE = 24000
TIME = np.arange(RATE) / RATE


def test_a_sine_lies_three_decibels_below_its_peak():
    found = level.level_statistics(0.5 * np.sin(2 * np.pi * 200 * TIME), RATE)
    assert found["peak_dbfs"] == pytest.approx(20 * np.log10(0.5), abs=0.01)
    assert found["level_dbfs"] == pytest.approx(found["peak_dbfs"] - 3.01, abs=0.01)
    assert found["level_span_db"] == pytest.approx(0, abs=0.01)


def test_pauses_do_not_count_and_steps_span():
    tone = np.sin(2 * np.pi * 200 * TIME)
    alone = level.level_statistics(tone, RATE)["level_dbfs"]
    paused = level.level_statistics(np.concatenate([tone, 1e-4 * tone]), RATE)
    assert paused["level_dbfs"] == pytest.approx(alone, abs=0.01)
    steps = level.level_statistics(np.concatenate([tone, 0.1 * tone]), RATE)
    assert steps["level_span_db"] == pytest.approx(20, abs=0.01)


def test_silence_has_a_floor_and_nothing_is_refused():
    assert level.level_statistics(np.zeros(100), RATE)["level_dbfs"] == level.QUIETEST_DBFS
    with pytest.raises(EmottsError):
        level.level_statistics(np.zeros(0), RATE)


def test_only_runs_at_full_scale_are_clipped():
    samples = np.zeros(100)
    samples[[10, 20, 21]] = 1.0
    assert level.clipped_share(samples) == 0
    samples[30:35], samples[35:38] = 1.0, -1.0
    assert level.clipped_share(samples) == pytest.approx(0.08)
    sine = 3 * np.sin(2 * np.pi * 200 * TIME)
    above = np.mean(np.abs(sine) > level.FULL_SCALE)
    assert level.clipped_share(np.clip(sine, -1, 1)) == pytest.approx(above, abs=0.001)
    assert level.clipped_share(np.zeros(0)) == 0
