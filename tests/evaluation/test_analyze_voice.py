import numpy as np
import pytest

from emotts.audio.activity import level_dbfs, speech_activity
from emotts.audio.f0 import track_f0
from emotts.errors import EmottsError
from emotts.evaluation.analyze_voice import measure_voice, syllable_nuclei

pytest.importorskip("opensmile")
RATE = 24000


def voice(f0_hz, seconds=2.0, jitter=0.0, shimmer=0.0, gain=0.3, seed=0):
    """A train of decaying resonances, one a period, whose periods and heights may vary at random.

    f0_hz: of time in seconds.
    """
    rng = np.random.default_rng(seed)
    out = np.zeros(int((seconds + 0.1) * RATE))
    t = np.arange(int(0.04 * RATE)) / RATE
    time = 0.01
    while time < seconds:
        at = time * RATE
        delay = t - (at % 1) / RATE
        decay = -np.pi * np.maximum(delay, 0)
        ring = sum(
            a * np.exp(b * decay) * np.sin(2 * np.pi * f * delay)
            for f, b, a in ((600, 80, 1.0), (1500, 100, 0.5), (2500, 140, 0.25))
        )
        first = int(at)
        out[first : first + len(t)] += ring * (1 + shimmer * rng.normal())
        time += (1 + jitter * rng.normal()) / f0_hz(time)
    out = out[: int(seconds * RATE)]
    return (gain * out / np.abs(out).max()).astype(np.float32)


def measured(samples):
    f0, voiced = track_f0(samples)
    return measure_voice(samples, f0, voiced, speech_activity(samples, voiced=voiced))


def padded(samples, seconds=0.5):
    quiet = np.zeros(int(seconds * RATE), np.float32)
    return np.concatenate([quiet, samples, quiet])


def test_pitch_of_a_known_glide():
    """F0 climbs from 150 to 250 Hz in a straight line: uniform between them."""
    found = measured(padded(voice(lambda t: 150 + 50 * t)))
    assert found.f0_mean_hz == pytest.approx(200, rel=0.02)
    assert found.f0_std_hz == pytest.approx(100 / 12**0.5, rel=0.1)
    assert found.f0_p05_hz == pytest.approx(155, rel=0.04)
    assert found.f0_p50_hz == pytest.approx(200, rel=0.03)
    assert found.f0_p95_hz == pytest.approx(245, rel=0.04)
    assert found.f0_range_semitones == pytest.approx(12 * np.log2(245 / 155), rel=0.12)
    assert found.f0_min_hz <= found.f0_p05_hz <= found.f0_p95_hz <= found.f0_max_hz
    assert found.seconds == pytest.approx(3.0)
    assert found.speech_ratio == pytest.approx(2 / 3, abs=0.06)
    assert found.speech_seconds == pytest.approx(3 * found.speech_ratio, rel=0.01)


def test_planted_jitter_and_shimmer_are_heard():
    steady = measured(voice(lambda t: 120))
    rough = measured(voice(lambda t: 120, jitter=0.02))
    uneven = measured(voice(lambda t: 120, shimmer=0.15))
    # Mean |difference| of two normal values is 2/√π of their deviation.
    assert steady.jitter < 0.004
    assert rough.jitter == pytest.approx(0.02 * 2 / np.pi**0.5, rel=0.5)
    assert uneven.shimmer_db > steady.shimmer_db + 0.5
    assert uneven.jitter < rough.jitter
    assert rough.hnr_db < steady.hnr_db


def test_level_follows_gain_and_loudness_does_not():
    loud = measured(voice(lambda t: 140, gain=0.5))
    soft = measured(voice(lambda t: 140, gain=0.05))
    assert loud.level_dbfs - soft.level_dbfs == pytest.approx(20, abs=0.1)
    assert loud.peak_dbfs == pytest.approx(20 * np.log10(0.5), abs=0.1)
    assert loud.loudness == pytest.approx(soft.loudness, rel=0.05)


@pytest.mark.parametrize("rate", [2.5, 4.0, 6.0])
def test_as_many_nuclei_as_syllables_were_planted(rate):
    samples = voice(lambda t: 150, seconds=3.0)
    t = np.arange(len(samples)) / RATE
    swelling = samples * (0.5 - 0.5 * np.cos(2 * np.pi * rate * t)) ** 2
    found = measured(padded(swelling.astype(np.float32)))
    assert found.syllables == pytest.approx(3 * rate, abs=1)
    assert found.speaking_rate == pytest.approx(found.syllables / 4.0)
    assert found.articulation_rate > found.speaking_rate


def test_nuclei_are_voiced_and_inside_speech():
    t = np.arange(300) / 93.75
    level = -20 - 15 * np.cos(2 * np.pi * 4 * t)
    everywhere = np.ones(300, dtype=bool)
    nuclei = syllable_nuclei(level, everywhere, everywhere)
    np.testing.assert_allclose(np.diff(nuclei) / 93.75, 0.25, atol=0.011)
    half = np.arange(300) < 150
    assert len(syllable_nuclei(level, half, everywhere)) == (nuclei < 150).sum()
    assert len(syllable_nuclei(level, everywhere, ~half)) == (nuclei >= 150).sum()
    assert len(syllable_nuclei(level * 0, everywhere, everywhere)) == 0
    assert len(syllable_nuclei(level[:0], everywhere[:0], everywhere[:0])) == 0


def test_what_is_not_voiced_has_neither_pitch_nor_sex():
    rng = np.random.default_rng(0)
    t = np.arange(2 * RATE) / RATE
    whisper = 0.1 * rng.normal(size=len(t)) * (np.sin(2 * np.pi * 2 * t) > 0)
    whisper = whisper.astype(np.float32)
    f0, voiced = np.zeros(len(t) // 256, np.float32), np.zeros(len(t) // 256, dtype=bool)
    found = measure_voice(whisper, f0, voiced, level_dbfs(whisper) > -40)
    row = found.row()
    assert all(row[name] is None for name in row if name.startswith("f0"))
    assert (found.sex, found.sex_probability, found.jitter, found.syllables) == (None,) * 3 + (0,)
    assert found.speech_ratio == pytest.approx(0.5, abs=0.08)


def test_silence_is_not_measured():
    nothing = np.zeros(93, dtype=bool)
    with pytest.raises(EmottsError, match="only where somebody speaks"):
        measure_voice(np.zeros(RATE, np.float32), np.zeros(93), nothing, nothing)


def test_a_missing_package_is_named(monkeypatch):
    samples = voice(lambda t: 120, seconds=0.6)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EmottsError, match="needs openSMILE: pip install"):
        measured(samples)
