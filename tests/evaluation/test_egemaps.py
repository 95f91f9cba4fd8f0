import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation import egemaps

pytest.importorskip("opensmile")


def voice(f0_hz=120.0, seconds=1.0, peak=0.1):
    """A made vowel (n,): harmonics that fall by 1/k, with a slow vibrato."""
    t = np.arange(int(egemaps.RATE * seconds)) / egemaps.RATE
    phase = 2 * np.pi * f0_hz * (t + 0.004 * np.sin(2 * np.pi * 3 * t))
    wave = sum(np.sin(k * phase) / k for k in range(1, int(5000 / f0_hz)))
    return (peak * wave / np.abs(wave).max()).astype(np.float32)


def named(values):
    return dict(zip(egemaps.feature_names(), values, strict=True))


def test_a_planted_octave_is_twelve_semitones():
    low, high = (named(egemaps.functionals(voice(f0))) for f0 in (120.0, 240.0))
    key = "F0semitoneFrom27.5Hz_sma3nz_amean"
    assert high[key] - low[key] == pytest.approx(12, abs=0.5)


def test_a_louder_clip_is_louder_and_one_gain_keeps_that():
    quiet, loud = voice(peak=0.05), voice(peak=0.2)
    gain_db = egemaps.neutral_gain_db([quiet])
    assert egemaps.level_dbfs(quiet) + gain_db == pytest.approx(egemaps.NEUTRAL_DBFS, abs=1e-3)
    soft, strong = (named(egemaps.functionals(clip, gain_db)) for clip in (quiet, loud))
    key = "equivalentSoundLevel_dBp"
    assert strong[key] - soft[key] == pytest.approx(20 * np.log10(4), abs=0.2)
    # A voice recorded 12 dB louder as a whole reads the same.
    other = egemaps.neutral_gain_db([4 * quiet])
    np.testing.assert_allclose(
        egemaps.functionals(4 * loud, other),
        egemaps.functionals(loud, gain_db),
        rtol=0.02,
        atol=0.02,
    )


def test_too_much_gain_is_limited_and_does_not_wrap():
    values = named(egemaps.functionals(voice(peak=0.5), gain_db=20))
    assert (
        values["loudness_sma3_amean"]
        > named(egemaps.functionals(voice(peak=0.5)))["loudness_sma3_amean"]
    )


def test_relative_to_neutral_takes_each_voice_from_its_own_neutral():
    features = np.array([[1.0, 5.0], [3.0, 5.0], [4.0, 9.0], [10.0, 0.0], [11.0, 1.0]])
    voices = ["a", "a", "a", "b", "b"]
    out = egemaps.relative_to_neutral(features, voices, [True, True, False, True, False])
    np.testing.assert_allclose(out, [[-1, 0], [1, 0], [2, 4], [0, 0], [1, 1]])
    with pytest.raises(EmottsError, match="b"):
        egemaps.relative_to_neutral(features, voices, [True, True, False, False, False])


def test_conditioning_undoes_means_that_cross_zero():
    names = ["mfcc1_sma3_amean", "mfcc1_sma3_stddevNorm", "loudness_sma3_amean"]
    raw = np.array([[0.5, 4.0, 1.0], [-0.5, -4.0, 2.0]])  # one deviation, 2, about two means
    out = egemaps.condition(raw, names)
    np.testing.assert_allclose(out[:, 1], [2, 2])
    assert out[1, 2] - out[0, 2] == pytest.approx(np.log(2), abs=1e-3)
    np.testing.assert_array_equal(raw[:, 1], [4, -4])


@pytest.mark.parametrize(
    "samples", [np.zeros(100), np.full(24000, np.nan), np.zeros((2, 24000)), np.zeros(0)]
)
def test_what_is_no_speech_is_refused(samples):
    with pytest.raises(EmottsError):
        egemaps.functionals(samples)


def test_silence_gives_finite_numbers():
    assert np.isfinite(egemaps.functionals(np.zeros(24000, dtype=np.float32))).all()
    with pytest.raises(EmottsError, match="neutral"):
        egemaps.neutral_gain_db([])
