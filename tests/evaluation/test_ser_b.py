import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation import ser_b
from emotts.evaluation.clips import Clip
from emotts.evaluation.corpus_features import TEXT_COLUMNS, CorpusFeatures

pytest.importorskip("sklearn")
pytest.importorskip("opensmile")


def made(seed=0, speakers=4, each=6):
    """Functionals (n, 88) of acted corpora: a voice's own offset, and one direction an emotion."""
    from emotts.evaluation.egemaps import feature_names

    rng = np.random.default_rng(seed)
    directions = {
        name: np.roll(np.eye(88)[0] * 10, 5 * i) for i, name in enumerate(ser_b.CATEGORIES)
    }
    rows, values = [], []
    for corpus, emotions in (("ravdess", ser_b.CATEGORIES), ("nemo", ser_b.POLISH)):
        for speaker in range(speakers):
            split = "test" if speaker == speakers - 1 else "train"
            offset = rng.normal(size=88) * 20 + 50
            for emotion in emotions:
                for take in range(each):
                    values.append(offset + directions[emotion] + rng.normal(size=88))
                    rows.append(
                        (f"{corpus}/{speaker}/{emotion}{take}", corpus, f"{corpus}{speaker}",
                         "en-us" if corpus == "ravdess" else "pl", emotion, "", split, "")
                    )  # fmt: skip
    columns = {name: np.array([row[i] for row in rows]) for i, name in enumerate(TEXT_COLUMNS)}
    return CorpusFeatures(np.array(values), feature_names(), columns)


@pytest.fixture(scope="module")
def judge():
    return ser_b.fit(made())


def read(judge, features, relative=True):
    neutral = features["emotion"] == "neutral"
    p = judge.probabilities(features.values, features["voice"], neutral, "en", relative)
    return np.array(judge.classifier("en").classes)[p.argmax(axis=1)]


def test_unseen_voices_are_heard_relative_to_neutral_and_not_absolutely(judge):
    features = made(seed=5)
    unseen = features.where(features["corpus"] == "ravdess")
    assert (read(judge, unseen) == unseen["emotion"]).mean() > 0.8
    assert (read(judge, unseen, relative=False) == unseen["emotion"]).mean() < 0.6


def test_nothing_of_the_test_split_is_learnt(judge):
    features = made()
    features.values[features["split"] == "test"] = 1e9
    again = ser_b.fit(features)
    for key, model in judge.classifiers.items():
        for name, array in model.arrays().items():
            np.testing.assert_array_equal(array, again.classifiers[key].arrays()[name])


def test_a_saved_judge_hears_the_same(judge, tmp_path):
    judge.save(tmp_path)
    kept = ser_b.SerB.load(tmp_path)
    features = made(seed=6)
    neutral = features["emotion"] == "neutral"
    for language in ("en-us", "pl"):
        np.testing.assert_array_equal(
            kept.probabilities(features.values, features["voice"], neutral, language),
            judge.probabilities(features.values, features["voice"], neutral, language),
        )
    assert kept.card == judge.card
    assert not list(tmp_path.glob("*.part"))


def test_bad_input_is_named(judge, tmp_path):
    with pytest.raises(EmottsError, match="fit"):
        ser_b.SerB.load(tmp_path / "nowhere")
    with pytest.raises(EmottsError, match="pl"):
        judge.classifier("de")


def test_files_are_judged_in_order_with_one_gain_a_voice(judge, tmp_path):
    import soundfile

    t = np.arange(12000) / 24000
    clips = []
    for voice, gain in (("a", 1.0), ("b", 0.25)):
        for i, (emotion, f0) in enumerate([("neutral", 120), ("neutral", 130), ("happy", 220)]):
            wave = sum(np.sin(2 * np.pi * f0 * k * t) / k for k in range(1, 20))
            path = tmp_path / f"{voice}{i}.wav"
            soundfile.write(path, 0.2 * gain * wave, 24000, subtype="FLOAT")
            clips.append(Clip(str(path), "a", voice, emotion))
    mixed = [clips[i] for i in (5, 0, 3, 1, 4, 2)]
    readings = judge.judge(mixed)
    assert [reading.clip for reading in readings] == mixed
    by_path = {reading.clip.path: reading for reading in readings}
    for i in range(3):  # the same takes, recorded 12 dB apart
        first, second = (by_path[str(tmp_path / f"{v}{i}.wav")].probabilities for v in "ab")
        assert max(abs(first[name] - second[name]) for name in first) < 0.05
    with pytest.raises(EmottsError, match="neutral"):
        judge.judge([clip for clip in clips if clip.emotion == "happy"])
