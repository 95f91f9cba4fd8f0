from types import SimpleNamespace

import numpy as np
import pytest

from emotts.audio.io import write_audio
from emotts.errors import EmottsError
from emotts.evaluation import suite
from emotts.evaluation.clips import Clip
from emotts.evaluation.score_cache import ScoreCache

EMOTIONS = ("neutral", "happy", "sad")


@pytest.fixture
def clips(tmp_path):
    """Two voices, three emotions, three sentences; every file differs."""
    rows = []
    for voice in ("x", "y"):
        for emotion in EMOTIONS:
            for text in ("one two", "three four", "five six"):
                path = tmp_path / f"{voice}-{emotion}-{text[:2]}.wav"
                level = 0.01 * (len(rows) + 1)
                write_audio(path, np.full(2400, level, dtype=np.float32), 24000)
                rows.append(Clip(str(path), text, voice, emotion, float(emotion != "neutral")))
    return rows


@pytest.fixture
def cache(tmp_path):
    return ScoreCache(tmp_path / "scores.jsonl")


def test_words_are_scored_by_voice_and_emotion(clips, cache):
    pytest.importorskip("jiwer")
    texts = {clip.path: clip.text for clip in clips}

    def transcribe(path, language):
        assert language == "en"
        return "one nothing" if "x-happy-on" in path else texts[path]

    judge = SimpleNamespace(beam_size=5, transcribe=transcribe)
    figures = suite.score_words(clips, judge, cache)
    assert figures["wer"] == pytest.approx(1 / 36)
    assert figures["wer_by_voice"] == {"x": pytest.approx(1 / 18), "y": 0.0}
    assert figures["wer_by_emotion"]["happy"] == pytest.approx(1 / 12)
    assert figures["wer_interval"][0] <= figures["wer"] <= figures["wer_interval"][1]
    judge.transcribe = None  # all is kept
    assert suite.score_words(clips, judge, cache) == figures


def test_a_mix_of_languages_is_refused(clips, cache):
    foreign = Clip(clips[0].path, "a", "x", language="pl")
    with pytest.raises(EmottsError, match="language"):
        suite.score_words([*clips, foreign], None, cache)


def test_emotion_that_was_asked_at_intensity_zero_is_neutral():
    rows = [Clip("a", "a", "x", "sad", 0.0), Clip("b", "b", "x", "sad", 1.0)]
    figures = suite.emotion_figures(rows, ["neutral", "sad"], EMOTIONS)
    assert figures["uar"] == figures["accuracy"] == 1.0
    wrong = suite.emotion_figures(rows, ["sad", "sad"], EMOTIONS)
    assert wrong["uar"] == 0.5


def test_the_recognizer_hears_each_voice_beside_its_own_neutral(clips):
    heard = []

    def recognize(samples, neutral):
        heard.append((samples[0], sorted(clip[0] for clip in neutral)))
        return SimpleNamespace(probabilities={"calm": 0.9, "sad": 0.3, "happy": 0.1})

    recognizer = SimpleNamespace(recognize=recognize, hear_neutral=list)
    words = suite.ser_a_readings(clips, recognizer)
    assert words == ["calm"] * len(clips)
    for level, neutral in heard:
        own = [0.01, 0.02, 0.03] if level < 0.095 else [0.10, 0.11, 0.12]
        np.testing.assert_allclose(neutral, own, atol=1e-3)


def test_identity_is_averaged_over_voices(clips, cache):
    def embed_file(path):
        return np.array([1.0, 0.0]) if "x-" in path or "neutral" in path else np.array([1.0, 1.0])

    figures = suite.score_identity(clips, SimpleNamespace(embed_file=embed_file), cache)
    assert figures["ratio_by_voice"] == {"x": 1.0, "y": pytest.approx(0.5**0.5)}
    assert figures["ratio"] == pytest.approx((1 + 0.5**0.5) / 2)
    neutral = [clip for clip in clips if clip.emotion == "neutral"]
    with pytest.raises(EmottsError):
        suite.score_identity(neutral, None, cache)


def test_naturalness_takes_every_judge(clips, cache):
    class Level:
        name = "level"

        def __call__(self, samples):
            return round(float(np.median(samples)), 2)

    figures = suite.score_naturalness(clips, [Level()], cache)
    assert figures["level"] == pytest.approx(0.095, abs=1e-3)
    assert figures["level_interval"][0] < 0.095 < figures["level_interval"][1]
