import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation.metrics import mcd

RATE = 24000
ANGLES = np.pi * np.arange(513) / 512


def vowels(f0=140.0, seconds=0.25, formants=((700, 1200), (300, 2300), (400, 800))):
    """A row of vowels: pulses at f0 through two resonances each."""
    from scipy.signal import lfilter

    parts = []
    for pair in formants:
        pulses = np.zeros(int(seconds * RATE))
        pulses[:: int(RATE / f0)] = 1.0
        for centre in (*pair, 3500):
            radius = np.exp(-np.pi * 90 / RATE)
            poles = [1, -2 * radius * np.cos(2 * np.pi * centre / RATE), radius**2]
            pulses = lfilter([1 - radius], poles, pulses)
        parts.append(pulses)
    samples = np.concatenate(parts)
    return (0.3 * samples / np.abs(samples).max()).astype(np.float32)


def test_the_mel_cepstrum_is_sptk_s():
    power = np.exp(np.sin(3 * ANGLES) + 0.5 * np.cos(7 * ANGLES))
    # pysptk 1.0.1: sp2mc(power, 6, 0.466)
    known = [0.17655955, 0.19771055, -0.0436179, -0.14536521, 0.28667393, -0.17691014, -0.03996111]
    np.testing.assert_allclose(mcd.mel_cepstrum(power, 6, 0.466)[0], known, atol=1e-8)


def test_a_mel_cepstrum_rebuilds_its_spectrum_on_the_warped_axis():
    power = np.exp(np.cos(ANGLES) - 0.7 * np.cos(4 * ANGLES))
    cepstrum = mcd.mel_cepstrum(power, 120, 0.466)[0]
    z = np.exp(-1j * ANGLES)
    warped = -np.unwrap(np.angle((z - 0.466) / (1 - 0.466 * z)))
    rebuilt = np.cos(np.outer(warped, np.arange(121))) @ cepstrum
    np.testing.assert_allclose(rebuilt, 0.5 * np.log(power), atol=1e-6)


def test_a_gain_moves_the_zeroth_coefficient_alone():
    power = np.exp(np.cos(ANGLES))
    change = mcd.mel_cepstrum(100 * power)[0] - mcd.mel_cepstrum(power)[0]
    np.testing.assert_allclose(change, [np.log(10), *np.zeros(mcd.ORDER)], atol=1e-9)


def test_distortion_is_the_published_formula():
    first, second = np.zeros((2, 3)), np.array([[9.0, 3.0, 4.0], [9.0, 0.0, 0.0]])
    # Kubichek: 10/ln 10 · sqrt(2 · 25) in one frame and 0 in the other; c_0 does not count.
    assert mcd.distortion(first, second) == pytest.approx(10 / np.log(10) * np.sqrt(50) / 2)


def test_warping_undoes_repeated_frames():
    pytest.importorskip("librosa")
    cepstra = np.cumsum(np.random.default_rng(0).normal(size=(20, 35)), axis=0)
    times = np.repeat(np.arange(20), np.r_[np.full(10, 1), np.full(10, 3)])
    i, j = mcd.align(
        mcd.SpokenFrames(cepstra, np.ones(20)), mcd.SpokenFrames(cepstra[times], np.ones(40))
    )
    np.testing.assert_array_equal(i, times[j])
    assert (np.diff(i) >= 0).all() and (np.diff(j) >= 0).all()


def test_an_endless_recording_is_refused():
    many = np.zeros((7000, 35))
    with pytest.raises(EmottsError, match="minute"):
        mcd.align(mcd.SpokenFrames(many, many[:, 0]), mcd.SpokenFrames(many, many[:, 0]))


def test_identical_is_zero_and_level_and_tempo_hardly_count():
    pytest.importorskip("librosa")
    pytest.importorskip("pyworld")
    speech, slower = vowels(), vowels(seconds=0.4)
    other = vowels(formants=((300, 800), (700, 1700), (500, 1500)))
    assert mcd.mel_cepstral_distortion(speech, speech) == 0
    different = mcd.mel_cepstral_distortion(speech, other)
    assert mcd.mel_cepstral_distortion(speech, 0.25 * speech) < 0.1
    assert mcd.mel_cepstral_distortion(slower, speech) < 0.3 * different
    assert mcd.mel_cepstral_distortion(other, speech) == pytest.approx(different)


@pytest.mark.parametrize("samples", [np.zeros(RATE), np.full(700, 0.1)])
def test_silence_and_shreds_are_refused(samples):
    pytest.importorskip("pyworld")
    with pytest.raises(EmottsError, match="silent or too short"):
        mcd.spoken_frames(samples.astype(np.float32))
