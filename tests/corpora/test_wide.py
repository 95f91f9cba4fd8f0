"""Features at 44.1 kHz lie beside the 24 kHz ones, frame by frame those of the recordings."""

import shutil
import sys

import numpy as np
import pytest
from wideband import wide_corpus

from emotts.audio.mel_config import MEL_44K
from emotts.corpora.audio import read_clip
from emotts.corpora.store import FeatureStore
from emotts.corpora.wide import WideStore, main, wide_features, widen
from emotts.errors import EmottsError


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return wide_corpus(tmp_path_factory.getbasetemp() / "wideband")


@pytest.fixture(scope="module")
def wide(folders):
    with pytest.warns(UserWarning, match="1 of 6 recordings .* less than 44100 Hz"):
        return widen(*folders, "44k")


def test_features_are_those_of_the_mel(wide, folders):
    store = FeatureStore(folders[1])
    assert len(wide) == 5 and len(store) == 6
    for i, row in enumerate(wide.utterances):
        frames, mel = wide.frames[i], wide.mel(i)
        assert row == store.utterances[i]
        assert mel.shape == (frames, 128) and wide.audio(i).shape == (frames * 512,)
        seconds = store.frames[i] * 256 / 24000
        assert seconds - 2 * 512 / 44100 < frames * 512 / 44100 <= seconds
        gain = 10 ** (store.speakers[row.speaker].gain_db / 20)
        recorded = read_clip(folders[0], row.path, 44100)[: frames * 512] * gain
        np.testing.assert_allclose(mel, MEL_44K.log_mel(recorded).T, atol=0.01)
        np.testing.assert_allclose(wide.audio(i, 3, 5), recorded[3 * 512 : 5 * 512], atol=1e-3)


def test_pitch_keeps_its_time(wide, folders):
    store = FeatureStore(folders[1])
    for i in range(len(wide)):
        narrow, found = store.f0(i), wide.f0(i)
        assert abs((found > 0).mean() - (narrow > 0).mean()) < 0.05
        at = (np.arange(len(found)) + 0.5) * 512 / 44100 * 24000 / 256 - 0.5
        both = (found > 0) & (np.interp(at, np.arange(len(narrow)), narrow > 0) == 1)
        expected = np.interp(at, np.arange(len(narrow)), narrow)
        np.testing.assert_allclose(found[both], expected[both], rtol=0.01)


def test_a_second_run_makes_nothing_anew(wide, folders):
    shard = next(wide.folder.glob("shard-*")) / "mel.npy"
    before = shard.stat().st_mtime_ns
    with pytest.warns(UserWarning):
        widen(*folders, "44k")
    assert shard.stat().st_mtime_ns == before


def test_no_task_takes_them_for_24_khz_features(wide, folders, tmp_path):
    assert len(FeatureStore(folders[1])) == 6, "the prepared folder is still what it was"
    with pytest.raises(EmottsError, match="holds no features of the mel 44k; make them with"):
        WideStore(tmp_path, "44k")
    with pytest.raises(EmottsError, match="choose from 24k, 44k"):
        WideStore(folders[1], "96k")


def test_recordings_of_a_low_rate_are_no_wide_corpus(folders, tmp_path):
    from emotts.audio.io import write_audio

    low, prepared = tmp_path / "low", tmp_path / "data"
    shutil.copytree(folders[1], prepared, ignore=shutil.ignore_patterns("44k"))
    low.mkdir()
    for number in range(6):
        write_audio(low / f"{number}.wav", np.zeros(16000, np.float32), 16000)
    with pytest.raises(EmottsError, match="none of the recordings .* 44100 Hz or more"):
        widen(low, prepared, "44k")


def test_a_clip_shorter_than_its_features_ends_with_its_samples():
    made = wide_features(
        np.zeros(512 * 4 + 100, np.float32), 0.0, np.zeros(100, np.float32), MEL_44K
    )
    assert made.audio.shape == (2048,) and made.mel.shape == (4, 128) and not made.f0.any()


def test_the_command_widens_or_says_why_not(folders, wide, monkeypatch, capsys):
    monkeypatch.setattr("warnings.showwarning", None)
    monkeypatch.setattr(sys, "argv", ["wide", *map(str, folders)])
    assert main() == 0
    said = capsys.readouterr()
    assert f"{folders[1] / '44k'}: 5 clips" in said.out and "are left out" in said.err
    monkeypatch.setattr(sys, "argv", ["wide", *map(str, folders), "--mel", "12k"])
    assert main() == 2
    assert "there is no mel '12k'; choose from" in capsys.readouterr().err
