import json

import numpy as np
import pytest

from emotts.corpora.features import ClipFeatures, active_level_db, clip_features, speaker_gain_db
from emotts.corpora.store import FeatureStore, write_shard
from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError


def utterance(name: str, **values) -> Utterance:
    row = dict(
        id=name, path=f"{name}.wav", corpus="made", speaker="anna", sex="female",
        language="en-us", emotion="neutral", text="Hello.", seconds=1.0, split="train",
    )  # fmt: skip
    return Utterance(**row | values)


def features(pairs: int, seed: int) -> ClipFeatures:
    g = np.random.default_rng(seed)
    frames = 2 * pairs
    f0 = np.where(g.random(frames) < 0.5, 110 * 2 ** g.random(frames), 0).astype(np.float32)
    audio = g.normal(0, 0.1, frames * 256).astype(np.float32)
    return ClipFeatures(audio, g.normal(-5, 2, (frames, 80)).astype(np.float32), f0)


ROWS = [
    utterance("a"), utterance("b", split="dev", held_out="sentence"),
    utterance("c", corpus="other"), utterance("d"),
]  # fmt: skip
CLIPS = [features(pairs, seed) for seed, pairs in enumerate((3, 5, 1, 4))]
ANNA = {"gain_db": 3.0, "log_f0": float(np.log(110)), "log_f0_std": 0.2, "mel_mean": [0.0] * 80}


@pytest.fixture
def made(tmp_path):
    """A store of four clips in two shards."""
    write_shard(tmp_path / "shard-0000", ROWS[:2], CLIPS[:2])
    write_shard(tmp_path / "shard-0001", ROWS[2:], CLIPS[2:])
    (tmp_path / "speakers.json").write_text(json.dumps({"anna": ANNA}))
    return FeatureStore(tmp_path)


def test_what_was_written_is_read(made):
    assert made.utterances == ROWS and len(made) == 4
    assert made.frames == [6, 10, 2, 8]
    for i, clip in enumerate(CLIPS):
        np.testing.assert_array_equal(made.f0(i), clip.f0)
        np.testing.assert_allclose(made.mel(i), clip.mel, rtol=1e-3)
        np.testing.assert_allclose(made.audio(i), clip.audio, atol=5e-4)
        assert made.mel(i).dtype == made.audio(i).dtype == np.float32


def test_parts_end_with_their_clip(made):
    np.testing.assert_array_equal(made.mel(1, 2, 6), made.mel(1)[2:6])
    np.testing.assert_array_equal(made.audio(3, 1, 3), made.audio(3)[256:768])
    assert len(made.f0(0, 4, 99)) == 2 and len(made.audio(2, 0, 99)) == 512
    assert len(made.mel(0, 6, 9)) == 0


def test_features_in_memory_are_copies(made):
    made.f0(0)[:] = -1
    np.testing.assert_array_equal(made.f0(0), CLIPS[0].f0)


def test_clips_are_selected_by_split_and_corpus(made):
    assert made.select("train") == [0, 2, 3]
    assert made.select("train", ["made"]) == [0, 3]
    assert made.select("dev") == [1] and made.select("test") == []


def test_semitones_count_from_the_speakers_mean(made):
    semitones, voiced = made.semitones(1)
    f0 = CLIPS[1].f0
    np.testing.assert_array_equal(voiced, f0 > 0)
    np.testing.assert_allclose(semitones[voiced], 12 * np.log2(f0[voiced] / 110), atol=1e-4)
    assert not semitones[~voiced].any()


def test_folders_that_hold_no_features(tmp_path, made):
    with pytest.raises(EmottsError, match="emotts prepare"):
        FeatureStore(tmp_path / "absent")
    (tmp_path / "speakers.json").unlink()
    with pytest.raises(EmottsError, match="no prepared features"):
        FeatureStore(tmp_path)


def test_shards_that_were_not_finished_do_not_count(tmp_path, made):
    (tmp_path / "shard-0001").rename(tmp_path / "shard-0001.part")
    assert FeatureStore(tmp_path).utterances == ROWS[:2]
    write_shard(tmp_path / "shard-0001", ROWS[2:], CLIPS[2:])
    assert FeatureStore(tmp_path).utterances == ROWS
    assert not list(tmp_path.glob("*.part"))


def test_levels_are_those_of_speech_not_of_its_pauses():
    t = np.arange(48000) / 24000
    tone = 0.1 * np.sqrt(2) * np.sin(2 * np.pi * 200 * t)
    assert active_level_db(tone) == pytest.approx(-20, abs=0.1)
    tone[24000:] = 1e-4
    assert active_level_db(tone) == pytest.approx(-20, abs=0.2)


def test_one_gain_brings_a_speaker_to_the_shared_level():
    assert speaker_gain_db([-30.0, -20.0, -32.0]) == 4.0
    samples = np.random.default_rng(0).normal(0, 0.05, 24000 + 300).astype(np.float32)
    plain, louder = clip_features(samples, 0.0), clip_features(samples, 6.0)
    assert len(plain.audio) == 47 * 512 and plain.mel.shape == (94, 80) and len(plain.f0) == 94
    np.testing.assert_allclose(louder.audio, plain.audio * 10**0.3, rtol=1e-5)
    np.testing.assert_allclose(louder.mel - plain.mel, 0.3 * np.log(10), atol=1e-3)
