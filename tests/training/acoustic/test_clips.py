import numpy as np
import pytest

from emotts.training.acoustic.clips import AcousticClips, energy_db, label_intensity


@pytest.fixture(scope="module")
def clips(store):
    return AcousticClips(store, None)


def test_energy_is_the_power_of_all_bands_in_decibels():
    mel = np.log(np.full((3, 80), 0.1))
    np.testing.assert_allclose(energy_db(mel), 10 * np.log10(80 * 0.01), atol=1e-6)
    np.testing.assert_allclose(energy_db(mel + np.log(2)) - energy_db(mel), 6.0206, atol=1e-3)
    assert energy_db(np.full((1, 80), -60.0)) == pytest.approx(-90)


@pytest.mark.parametrize(
    "emotion, level, expected",
    [("neutral", "normal", 0), ("neutral", "", 0), ("happy", "strong", 1), ("sad", "normal", 0.6),
     ("angry", "", 0.8), ("angry", None, 0.8)],
)  # fmt: skip
def test_acted_levels_as_intensities(emotion, level, expected):
    assert label_intensity(emotion, level) == expected


def test_clips_lie_on_the_pairs_of_their_alignment(clips):
    for i in clips.train[:5] + clips.dev[:2]:
        clip = clips.clip(i)
        frames = 2 * clip.tokens.durations.sum()
        assert clip.mel.shape == (frames, 80)
        assert len(clip.semitones) == len(clip.voiced) == len(clip.energy) == frames
        assert all(np.isfinite(x).all() for x in (clip.mel, clip.semitones, clip.energy))


def test_pitch_and_energy_count_from_the_speakers_neutral(clips, store):
    mine = [i for i in clips.train if store.utterances[i].speaker == "kathleen"]
    parts = [clips.clip(i) for i in mine]
    pitch = np.concatenate([c.semitones[c.voiced] for c in parts])
    assert np.median(pitch) == pytest.approx(0, abs=0.3)
    i, clip = mine[0], parts[0]
    semitones, voiced = store.semitones(i)
    np.testing.assert_allclose(clip.semitones[voiced], semitones[voiced], atol=1e-4)
    np.testing.assert_allclose(
        clip.energy + clips.energy_mean["kathleen"], energy_db(store.mel(i)), atol=1e-3
    )


def test_train_and_dev_are_the_splits(clips, store):
    assert set(clips.train) <= set(store.select("train"))
    assert set(clips.dev) <= set(store.select("dev"))
    only = AcousticClips(store, ["nemo"])
    assert {store.utterances[i].corpus for i in only.train + only.dev} == {"nemo"}
