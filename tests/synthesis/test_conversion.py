import numpy as np
import pytest
import torch
from pipeline import made_speech

from emotts.synthesis.conversion import OWN_COLOUR, OWN_PITCH, Change, neutral_of
from emotts.synthesis.conversion_mel import KEPT_BANDS, smoothed
from emotts.synthesis.voices import Voice

VOICE = Voice(
    name="anna", sex="female", language="en-us", corpus="x", licence="x", minutes=1.0, log_f0=5.3,
    pitch_deviation=2.5, energy=10.0, tempo=0.0, mel_mean=[-4.0] * 80, embedding=[1.0, 0.0],
)  # fmt: skip


def change(pitch=0.0, colour=0.0, pairs=3):
    matrix = np.zeros((164, 1), np.float32)
    matrix[0], matrix[-160:] = pitch, colour
    return Change.of(matrix, np.ones((pairs, 1), np.float32))


def test_what_is_read_from_a_change():
    found = change(pitch=6.0, colour=0.5)
    assert found.pitch.tolist() == [6, 6, 6] and not found.tempo.any()
    assert np.allclose(found.level_db, 0.5 * 20 / np.log(10)) and len(found.level_db) == 6
    assert np.allclose(found.coloured(np.zeros(6, bool)), 0.5)


def test_an_emotional_recordings_neutral_lies_below_it():
    plain = neutral_of(VOICE, change(pitch=12.0, colour=1.0), np.ones(6, bool))
    assert plain.log_f0 == pytest.approx(5.3 - np.log(2))
    assert np.allclose(plain.spectrum(), -5.0)
    assert plain.energy == pytest.approx(10 - 20 / np.log(10))
    assert plain.embedding == VOICE.embedding
    same = neutral_of(VOICE, change(), np.ones(6, bool))
    assert same.log_f0 == VOICE.log_f0 and np.allclose(same.spectrum(), VOICE.spectrum())


def test_no_harmonics_are_left_in_what_is_kept():
    ripple = np.tile(np.sin(2 * np.pi * np.arange(80) / 4.5), (20, 1)).astype(np.float32)
    tilt = np.tile(np.linspace(-1, 1, 80), (20, 1)).astype(np.float32)
    kept = smoothed(ripple + tilt)
    inner = slice(KEPT_BANDS, 80 - KEPT_BANDS)
    assert np.abs(kept - tilt)[:, inner].max() < 0.05
    assert np.abs(smoothed(1000 * tilt)).max() <= 3.0


def test_somebody_speaks_or_the_recording_passes(converter):
    from emotts.synthesis.conversion import convert_window
    from emotts.synthesis.windows import Window

    noise = np.random.default_rng(0).normal(0, 0.01, 512 * 40).astype(np.float32)
    from emotts.synthesis.conversion_reading import open_recording

    with open_recording(made_speech(150, 2.0)) as recorded:
        wish = converter._wish(recorded, None, None, _options(), None)
    with torch.inference_mode():
        samples, before, after = convert_window(
            converter.conversion, Window(noise, 3, 4, 0), wish, 0
        )  # fmt: skip
    assert np.array_equal(samples, noise) and (before, after) == (3, 4)


def _options():
    from emotts.synthesis.conversion_options import ConversionOptions

    return ConversionOptions()


@pytest.fixture(scope="module")
def converter(trained, tmp_path_factory):
    from converting import converter_of

    return converter_of(trained.checkpoints, tmp_path_factory.getbasetemp() / "converting")


def test_a_speakers_own_voice_goes_only_part_of_the_way():
    old, new = change(pitch=1.0, colour=0.2), change(pitch=6.0, colour=1.2)
    held = new.held(old)
    assert np.allclose(held.pitch, 1 + 5 * OWN_PITCH)
    assert np.allclose(held.colour, 0.2 + 1.0 * OWN_COLOUR)
    assert np.array_equal(old.held(old).colour, old.colour)
    assert np.array_equal(held.tempo, new.tempo)
