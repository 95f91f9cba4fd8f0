"""Preparing: resumable, exact, and deaf to what is held out."""

import json
import shutil

import numpy as np
import pytest
from pipeline import made_speech, write_manifest

from emotts.audio.io import read_audio, write_audio
from emotts.corpora import prepare as preparing
from emotts.corpora.packed import read_packed
from emotts.corpora.prepare import prepare
from emotts.corpora.store import FeatureStore
from emotts.errors import EmottsError

CLIPS = [  # speaker, split, held_out, emotion, level of the recording
    ("anna", "train", "", "neutral", 1.0), ("anna", "train", "", "happy", 3.0),
    ("anna", "dev", "sentence", "neutral", 1.0), ("anna", "test", "sentence", "happy", 1.0),
    ("bert", "test", "speaker", "neutral", 0.5), ("bert", "test", "speaker", "angry", 0.5),
]  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Six made clips of a training and a held-out speaker."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = []
    for number, (speaker, split, held_out, emotion, level) in enumerate(CLIPS):
        path = f"{number}.wav"
        pitch = 200 if speaker == "anna" else 120
        write_audio(folder / path, level * made_speech(pitch, 0.9, seed=number), 24000)
        rows.append(dict(
            path=path, corpus="made", speaker=speaker, sex="female", age="", language="en-us",
            emotion=emotion, level="", text=f"Sentence {number}.", seconds="0.9", split=split,
            held_out=held_out,
        ))  # fmt: skip
    write_manifest(folder, rows)
    return folder


@pytest.fixture(scope="module")
def features(corpus, tmp_path_factory):
    """The six clips in three shards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparing, "SHARD_CLIPS", 2)
        return prepare(corpus, tmp_path_factory.mktemp("features"), workers=1)


def arrays(store: FeatureStore) -> list[np.ndarray]:
    return [f(i) for i in range(len(store)) for f in (store.audio, store.mel, store.f0)]


def test_manifest_rows_keep_their_order_splits_and_marks(corpus, features):
    assert features.utterances == read_packed(corpus)
    assert features.select("train") == [0, 1]
    assert [u.held_out for u in features.utterances[2:]] == ["sentence"] * 2 + ["speaker"] * 2


def test_one_gain_a_speaker_brings_neutral_to_the_shared_level(corpus, features):
    from emotts.corpora.features import active_level_db

    assert active_level_db(features.audio(0)) == pytest.approx(-26, abs=0.2)
    assert active_level_db(features.audio(4)) == pytest.approx(-26, abs=0.2)
    gain = 10 ** (features.speakers["anna"].gain_db / 20)
    happy = read_audio(corpus / "1.wav")[: features.frames[1] * 256]
    np.testing.assert_allclose(features.audio(1), gain * happy, atol=1e-3)


def test_statistics_are_the_neutral_training_speech_alone(features):
    f0 = features.f0(0)
    assert features.speakers["anna"].log_f0 == pytest.approx(np.median(np.log(f0[f0 > 0])))
    assert np.exp(features.speakers["anna"].log_f0) == pytest.approx(200, rel=0.12)


def test_an_interrupted_preparation_goes_on_to_the_same_arrays(
    corpus, features, tmp_path, monkeypatch
):
    monkeypatch.setattr(preparing, "SHARD_CLIPS", 2)
    output = tmp_path / "features"
    shutil.copytree(features.folder, output)
    shutil.rmtree(output / "shard-0001")
    (output / "shard-0001.part").mkdir()
    (output / "shard-0001.part" / "audio.npy").write_bytes(b"torn")
    (output / "speakers.json").unlink()
    kept = (output / "shard-0000" / "mel.npy").stat().st_mtime_ns
    told = []
    again = prepare(corpus, output, workers=1, progress=lambda *step: told.append(step))
    for a, b in zip(arrays(again), arrays(features), strict=True):
        np.testing.assert_array_equal(a, b)
    assert again.utterances == features.utterances and again.speakers == features.speakers
    assert (output / "shard-0000" / "mel.npy").stat().st_mtime_ns == kept, "made a second time"
    assert [step[:2] for step in told] == [(6, 6)], "only the missing shard is made"
    assert not list(output.glob("*.part"))


def test_dev_and_test_clips_leave_no_trace_in_what_training_sees(
    corpus, features, tmp_path, monkeypatch
):
    """Other sound in every clip that is held out: training clips and their speaker are the same."""
    other = tmp_path / "corpus"
    shutil.copytree(corpus, other)
    for number, (_, split, *_rest) in enumerate(CLIPS):
        if split != "train":
            write_audio(other / f"{number}.wav", 0.4 * made_speech(330, 0.9, seed=9), 24000)
    changed = prepare(other, tmp_path / "features", workers=1)
    assert changed.speakers["anna"] == features.speakers["anna"]
    assert changed.speakers["bert"] != features.speakers["bert"]
    for i in features.select("train"):
        np.testing.assert_array_equal(changed.mel(i), features.mel(i))
        np.testing.assert_array_equal(changed.audio(i), features.audio(i))


def test_corpora_that_are_not_there_are_named(corpus, tmp_path):
    with pytest.raises(EmottsError, match="no corpus 'nemo'; it has made"):
        prepare(corpus, tmp_path / "features", ["made", "nemo"], workers=1)
    assert not (tmp_path / "features").exists()


def test_a_folder_without_a_manifest(tmp_path):
    with pytest.raises(EmottsError, match="manifest.tsv"):
        prepare(tmp_path, tmp_path / "features", workers=1)


def test_a_clip_that_is_no_sound_is_named_and_leaves_no_shard(corpus, tmp_path):
    broken = tmp_path / "corpus"
    shutil.copytree(corpus, broken)
    (broken / "3.wav").write_bytes(b"this is not a recording")
    with pytest.raises(EmottsError, match="3.wav"):
        prepare(broken, tmp_path / "features", workers=1)
    assert not list((tmp_path / "features").glob("shard-*[0-9]"))


def test_the_tiny_corpus_keeps_its_splits(prepared, store):
    rows = read_packed(prepared.corpus)
    assert store.utterances == rows
    assert set(store.select("train")).isdisjoint(store.select("dev") + store.select("test"))
    stored = json.loads((prepared.data / "speakers.json").read_text())
    assert set(stored) == {u.speaker for u in rows}
