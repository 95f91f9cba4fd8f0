import numpy as np
import pytest
from pipeline import made_speech

from emotts.errors import EmottsError
from emotts.models.speaker import SpeakerEncoder
from emotts.synthesis.analysis import analyse, measure_voice, padded, speechlike

RATE = 24000


@pytest.fixture(scope="module")
def encoder():
    return SpeakerEncoder(dim=16, hidden=16, blocks=1, size=8).eval()


def chords(seconds=6.0):
    """Held chords, as an organ plays them."""
    t = np.arange(int(seconds * RATE)) / RATE
    out = np.zeros_like(t)
    notes_of = [(220, 277, 330), (196, 247, 294)] * 2
    for start, notes in zip(np.arange(0, seconds, 1.5), notes_of, strict=True):
        inside = (t >= start) & (t < start + 1.5)
        out[inside] += sum(np.sin(2 * np.pi * n * k * t[inside]) / k for n in notes for k in (1, 2))
    return (0.1 * out).astype(np.float32)


def test_speech_is_told_from_music_noise_and_silence():
    speech = np.concatenate([made_speech(150, 2.0, seed=i) for i in range(3)])
    assert speechlike(speech)
    assert not speechlike(chords())
    noise = np.random.default_rng(0).normal(0, 0.1, 4 * RATE).astype(np.float32)
    assert not speechlike(noise)
    assert not speechlike(np.zeros(RATE, np.float32)) and not speechlike(np.zeros(0, np.float32))


def test_frames_of_silence_hold_no_speech():
    assert not analyse(np.zeros(RATE // 512 * 512, np.float32)).spoken
    assert analyse(padded(made_speech(150))).spoken


def test_a_voice_does_not_depend_on_the_level(encoder):
    speech = made_speech(180, 3.0, seed=4)
    voice, gain = measure_voice([speech], encoder, "anna")
    quiet, louder = measure_voice([0.1 * speech], encoder, "anna")
    assert louder == pytest.approx(10 * gain, rel=1e-3)
    assert np.allclose(voice.spectrum(), quiet.spectrum(), atol=0.02)
    assert np.exp(voice.log_f0) == pytest.approx(180, rel=0.12)
    assert np.linalg.norm(voice.embedding) == pytest.approx(1, abs=1e-5)


def test_higher_speech_is_a_higher_voice(encoder):
    low, high = (measure_voice([made_speech(f, seed=1)], encoder)[0] for f in (130, 260))
    assert 12 / np.log(2) * (high.log_f0 - low.log_f0) == pytest.approx(12, abs=1.5)


def test_where_nobody_speaks_there_is_no_voice(encoder):
    with pytest.raises(EmottsError, match="nobody speaks"):
        measure_voice([chords()], encoder)
