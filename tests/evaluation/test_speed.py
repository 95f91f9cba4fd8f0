import itertools

import pytest

from emotts.errors import EmottsError
from emotts.evaluation import speed


def test_factors_are_work_over_speech(monkeypatch):
    clock = itertools.count(0.0, 2.0)  # every look at the clock is two seconds later
    monkeypatch.setattr(speed.time, "perf_counter", lambda: next(clock))
    said = []

    def speak(text):
        said.append(text)
        return 4.0

    assert speed.real_time_factors(speak, ["a", "b"]) == [2.0 / 8.0] * 5
    assert said == ["a"] + ["a", "b"] * 5  # one warm-up, then five passes


def test_few_runs_are_refused():
    with pytest.raises(EmottsError, match="5"):
        speed.real_time_factors(len, ["a"], runs=4)
    with pytest.raises(EmottsError):
        speed.real_time_factors(len, [])


def hungry_speaker(megabytes):
    """For `measure`: loads an array that fills memory."""
    import numpy as np

    weights = np.ones(megabytes * 125_000)
    return lambda text: float(weights[0]) + len(text)


@pytest.fixture
def importable(monkeypatch, tmp_path):
    import inspect

    source = inspect.getsource(hungry_speaker)
    (tmp_path / "speakers_for_speed.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "speakers_for_speed:hungry_speaker"


def test_a_fresh_process_is_measured_with_its_memory(importable):
    small = speed.measure(importable, ["a"], {"megabytes": 1})
    large = speed.measure(importable, ["a"], {"megabytes": 200})
    assert large.peak_megabytes - small.peak_megabytes == pytest.approx(199, abs=30)
    assert small.real_time_factor > 0
    assert small.runs == 5


def test_a_loader_that_fails_is_named(importable):
    with pytest.raises(EmottsError, match="hungry_speaker.*unexpected"):
        speed.measure(importable, ["a"], {"unexpected": 1})
