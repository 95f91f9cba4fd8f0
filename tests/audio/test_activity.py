import numpy as np
import pytest

from emotts.audio.activity import level_dbfs, spans, speech_activity

RATE = 24000


def syllables(seconds: float, pitch_hz: float = 140, seed: int = 0) -> np.ndarray:
    """Harmonics that swell and fade four times a second, peak near −10 dBFS."""
    t = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.cos(2 * np.pi * k * pitch_hz * t + k) / k for k in range(1, 20))
    return (0.12 * tone * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t))).astype(np.float32)


def planted(noise_db: float, seed: int = 0) -> np.ndarray:
    """1 s background, 1.5 s speech, 0.8 s background, 1 s speech, 0.7 s background."""
    quiet = [np.zeros(int(s * RATE), np.float32) for s in (1.0, 0.8, 0.7)]
    signal = np.concatenate([quiet[0], syllables(1.5), quiet[1], syllables(1.0, 220), quiet[2]])
    noise = np.random.default_rng(seed).normal(size=len(signal))
    level = 10 ** (noise_db / 20) * np.sqrt(np.mean(syllables(1.5) ** 2))
    return (signal + level * noise).astype(np.float32)


@pytest.mark.parametrize("noise_db", [-90, -40, -20, -10])
@pytest.mark.parametrize("gain", [1.0, 0.02])
def test_planted_silence_is_found(noise_db, gain):
    found = spans(speech_activity(gain * planted(noise_db)))
    assert np.shape(found) == (2, 2)
    np.testing.assert_allclose(found, [(1.0, 2.5), (3.3, 4.3)], atol=0.13)


@pytest.mark.parametrize(
    "nothing",
    [np.zeros(RATE), np.full(RATE, 0.3), np.zeros(0), np.zeros(100),
     1e-5 * np.random.default_rng(0).normal(size=RATE),
     0.1 * np.random.default_rng(0).normal(size=2 * RATE)],
    ids=["silence", "offset", "empty", "short", "faint noise", "loud noise"],
)  # fmt: skip
def test_nobody_speaks(nothing):
    active = speech_activity(nothing.astype(np.float32))
    assert active.dtype == bool and active.shape == (len(nothing) // 256,)
    assert not active.any()


def test_a_click_is_no_speech_and_a_closure_is():
    signal = planted(-60)
    signal[int(0.4 * RATE) : int(0.41 * RATE)] = 0.9
    signal[int(1.6 * RATE) : int(1.7 * RATE)] *= 1e-4  # a stop consonant's 0.1 s
    found = spans(speech_activity(signal))
    np.testing.assert_allclose(found, [(1.0, 2.5), (3.3, 4.3)], atol=0.13)


def test_any_rate_has_the_same_frames():
    import soxr

    signal = planted(-40)
    other = soxr.resample(signal, RATE, 16000)
    at_24, at_16 = speech_activity(signal), speech_activity(other, 16000)
    assert abs(len(at_24) - len(at_16)) <= 1
    n = min(len(at_24), len(at_16))
    assert (at_24[:n] == at_16[:n]).mean() > 0.97


def test_level_is_root_mean_square():
    t = np.arange(RATE) / RATE
    level = level_dbfs(0.5 * np.sin(2 * np.pi * 1000 * t))
    np.testing.assert_allclose(level[3:-3], 20 * np.log10(0.5 / np.sqrt(2)), atol=0.02)
    assert level_dbfs(np.zeros(RATE)).max() == -120
    assert level_dbfs(np.zeros(0)).shape == (0,)


def test_known_voicing_is_taken_as_given():
    """Noise is speech where somebody says that it is voiced."""
    noise = 0.1 * np.random.default_rng(0).normal(size=2 * RATE).astype(np.float32)
    voiced = np.zeros(2 * RATE // 256, dtype=bool)
    voiced[40:90] = True
    ((start, end),) = spans(speech_activity(noise, voiced=voiced))
    assert (start, end) == (40 / 93.75, 90 / 93.75)
