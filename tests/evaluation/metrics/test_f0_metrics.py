import numpy as np
import pytest

from emotts.evaluation.metrics import f0_metrics

RATE = 24000


def harmonics(f0):
    """Samples of a buzz that follows f0 (n,) in Hz, of eight harmonics."""
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    return (0.05 * sum(np.sin(k * phase) / k for k in range(1, 9))).astype(np.float32)


def test_errors_match_scipy_and_arithmetic():
    from scipy.stats import pearsonr

    rng = np.random.default_rng(1)
    reference = 150 * np.exp(0.2 * rng.normal(size=200))
    f0 = reference * np.exp(0.1 * rng.normal(size=200))
    f0[:30], reference[20:60] = 0, 0
    found = f0_metrics.f0_errors(f0, reference)
    x, y = f0[60:], reference[60:]
    assert found["f0rmse"] == pytest.approx(np.linalg.norm(x - y) / np.sqrt(140))
    assert found["log_f0_rmse"] == pytest.approx(np.linalg.norm(np.log(x / y)) / np.sqrt(140))
    assert found["f0corr"] == pytest.approx(pearsonr(x, y).statistic)
    assert found["log_f0_corr"] == pytest.approx(pearsonr(np.log(x), np.log(y)).statistic)
    assert found["vuv_error"] == (20 + 30) / 200


def test_an_octave_is_the_logarithm_of_two():
    reference = np.linspace(100, 200, 50)
    found = f0_metrics.f0_errors(2 * reference, reference)
    assert found["log_f0_rmse"] == pytest.approx(np.log(2))
    assert found["log_f0_corr"] == pytest.approx(1) and found["vuv_error"] == 0


@pytest.mark.parametrize("reference", [np.zeros(9), np.full(9, 100.0), np.zeros(0)])
def test_what_cannot_be_known_is_none(reference):
    found = f0_metrics.f0_errors(np.full(len(reference), 120.0), reference)
    assert found["f0corr"] is None and found["log_f0_corr"] is None
    assert (found["f0rmse"] is None) == (not reference.any())


def test_statistics_are_in_semitones_above_27_5_hz():
    f0 = np.array([0, 110, 220, 0])  # two and three octaves above 27.5 Hz
    found = f0_metrics.pitch_statistics(f0)
    assert found["f0_mean_semitones"] == 30 and found["f0_spread_semitones"] == 6
    assert found["f0_span_semitones"] == pytest.approx(0.9 * 12)
    assert found["voiced_share"] == 0.5
    silent = f0_metrics.pitch_statistics(np.zeros(5))
    assert silent["f0_mean_semitones"] is None and silent["voiced_share"] == 0


def test_a_planted_pitch_shift_is_measured():
    pytest.importorskip("librosa")
    pytest.importorskip("pyworld")
    from emotts.audio.f0 import track_f0

    curve = 160 * 2 ** (np.sin(np.linspace(0, 9, RATE)) / 6)
    plain, raised = harmonics(curve), harmonics(curve * 2 ** (4 / 12))
    means = [
        f0_metrics.pitch_statistics(track_f0(x)[0])["f0_mean_semitones"] for x in (plain, raised)
    ]
    assert means[1] - means[0] == pytest.approx(4, abs=0.2)
    same = f0_metrics.against_reference(plain, plain)
    assert same["mcd"] == same["f0rmse"] == same["vuv_error"] == 0
    found = f0_metrics.against_reference(raised, plain)
    assert found["log_f0_rmse"] == pytest.approx(4 / 12 * np.log(2), rel=0.02)
    assert found["f0rmse"] > 20


@pytest.mark.slow
def test_world_s_own_shift_of_real_speech_is_measured(shared_data):
    pytest.importorskip("librosa")
    pytest.importorskip("pyworld")
    from emotts.audio.io import read_audio
    from emotts.evaluation.planted import Shift, analyze, plant
    from emotts.evaluation.sets import recorded

    speech = analyze(read_audio(recorded(shared_data, "kathleen")[1].path))
    plain = plant(speech, Shift())
    raised = f0_metrics.against_reference(plant(speech, Shift(5.0)), plain)
    slower = f0_metrics.against_reference(plant(speech, Shift(duration=1.25)), plain)
    assert raised["log_f0_rmse"] == pytest.approx(5 / 12 * np.log(2), rel=0.02)
    assert raised["log_f0_corr"] > 0.99
    assert slower["mcd"] < 3.5 and slower["log_f0_rmse"] < 0.02
