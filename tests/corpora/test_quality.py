"""Measures of a clip against what was planted in it."""

import numpy as np
import pytest
from pipeline import made_speech

from emotts.audio.io import write_audio
from emotts.corpora.quality import (
    Quality,
    clipped_share,
    findings,
    measure,
    phones_in,
    signal_to_noise_db,
    typical_pace,
)
from emotts.errors import EmottsError

RATE = 24000
TEXT = "We may all call."
GOOD = Quality(
    rate=24000, seconds=2.0, clipped=0.0, level=-26.0, snr=40.0, lead=0.1, tail=0.1, speech=1.8,
    phone_seconds=0.09,
)  # fmt: skip


def changed(**values):
    return findings("a.wav", Quality(**{**vars(GOOD), **values}))


def test_a_good_clip_has_no_findings():
    assert changed() == []


@pytest.mark.parametrize(
    "change, what, fatal",
    [
        ({"rate": 8000}, "8000 Hz", True),
        ({"rate": 16000}, "16000 Hz: dull", False),
        ({"clipped": 0.05}, "5.0% clipped", True),
        ({"clipped": 0.001}, "0.10% clipped", False),
        ({"level": -60.0}, "quiet, -60 dBFS", False),
        ({"snr": 5.0}, "noisy, 5 dB", True),
        ({"snr": 15.0}, "some noise", False),
        ({"tail": 2.0}, "silence of", False),
        ({"seconds": 0.3}, "short", True),
        ({"seconds": 30.0}, "long", False),
        ({"phone_seconds": 0.02}, "text longer than speech", True),
        ({"phone_seconds": 0.5}, "speech longer than text", True),
        ({"phone_seconds": float("nan")}, "cannot be pronounced", True),
        ({"speech": 0.0}, "no speech", True),
    ],
)
def test_each_fault_is_named_with_what_to_do(change, what, fatal):
    (found,) = changed(**change)
    assert what in found.what and found.fatal is fatal and found.advice


def test_a_pace_unlike_the_speakers_own_is_pointed_out():
    (found,) = findings("a.wav", GOOD, typical=0.2)
    assert "usually 0.200" in found.what and not found.fatal
    assert findings("a.wav", GOOD, typical=0.1) == []
    slow, fast = Quality(**{**vars(GOOD), "phone_seconds": 0.2}), GOOD
    assert typical_pace(["a"] * 5 + ["b"], [fast] * 5 + [slow]) == {"a": 0.09}


def test_flat_tops_are_clipping_and_peaks_are_not():
    t = np.arange(RATE) / RATE
    sine = np.sin(2 * np.pi * 220 * t)
    assert clipped_share(sine) == 0
    flat = np.clip(2 * sine, -1, 1)
    # |2 sin| ≥ 1 for two thirds of the time
    assert clipped_share(flat) == pytest.approx(2 / 3, abs=0.02)
    assert clipped_share(0.7 * flat) == pytest.approx(2 / 3, abs=0.02)
    assert clipped_share(0.01 * flat) == 0


@pytest.mark.parametrize("snr", [10, 20, 30])
def test_planted_noise_is_read_back(snr):
    generator = np.random.default_rng(0)
    active = np.repeat([False, True, False], 94)
    speech = np.zeros(94 * 3 * 256)
    speech[94 * 256 : 2 * 94 * 256] = 0.1 * generator.normal(size=94 * 256)
    noise = 0.1 * 10 ** (-snr / 20) * generator.normal(size=len(speech))
    found = signal_to_noise_db(speech + noise, active)
    assert found == pytest.approx(snr, abs=1.0)


def test_the_clip_itself_is_measured(tmp_path):
    quiet = np.zeros(RATE)
    write_audio(tmp_path / "a.wav", np.concatenate([quiet, made_speech(200, 1.8)]), RATE)
    q = measure(tmp_path, "a.wav", TEXT, "en-us")
    assert q.rate == RATE and q.seconds == pytest.approx(2.8, abs=0.01) and q.clipped == 0
    assert q.lead == pytest.approx(1.15, abs=0.15)
    assert q.phone_seconds == pytest.approx(q.speech / phones_in(TEXT, "en-us"))
    assert any("silence" in f.what for f in findings("a.wav", q))
    write_audio(tmp_path / "b.wav", np.zeros(RATE), RATE)
    (found,) = findings("b.wav", measure(tmp_path, "b.wav", TEXT, "en-us"))
    assert found.what == "no speech found"
    with pytest.raises(EmottsError, match="no audio file"):
        measure(tmp_path, "c.wav", TEXT, "en-us")


def test_phones_are_counted_without_marks_and_nothing_has_none():
    assert phones_in("Mama!", "pl") == 4
    assert phones_in("…", "en-us") == 0
