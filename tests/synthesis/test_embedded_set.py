"""The checkpoints that ship: everybody speaks, and emotions are to be heard."""

import numpy as np
import pytest

from emotts import Emotion, EmottsError, Recognizer, Synthesizer
from emotts.audio.f0 import track_f0
from emotts.checkpoints import resolve, verify
from emotts.text.symbols import PUNCTUATION, SYMBOL_IDS

TEXT = "The boats came back before the storm."
TEXTS = (TEXT, "Nobody had seen the letter.", "The window was open all night.")


@pytest.fixture(scope="module")
def synthesizer() -> Synthesizer:
    return Synthesizer.from_pretrained()


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12))


def median_f0(samples: np.ndarray) -> float:
    f0, voiced = track_f0(samples)
    return float(np.median(f0[voiced]))


def test_the_set_is_whole_and_light():
    folder = resolve()
    assert verify(folder)
    assert sum(f.stat().st_size for f in folder.iterdir()) < 45e6


def test_the_promised_voices_are_there(synthesizer):
    voices = synthesizer.voices.values()
    assert {"kathleen", "lj"} <= set(synthesizer.voices)
    acted = [v for v in voices if v.corpus == "ravdess"]
    assert sorted(v.sex for v in acted) == ["female", "female", "male", "male"]
    assert sorted(v.sex for v in voices if v.language == "pl") == ["female", "male"]
    assert all(v.minutes > 0 and v.licence for v in voices)


def test_everybody_speaks(synthesizer):
    for name, voice in synthesizer.voices.items():
        text = TEXT if voice.language != "pl" else "Jutro pojedziemy nad jezioro."
        speech = synthesizer.synthesize(text, voice=name)
        assert 1.0 < speech.seconds < 6.0, name
        assert -50 < level_db(speech.samples) < -15, name
        f0, voiced = track_f0(speech.samples)
        assert voiced.mean() > 0.25, name
        expected = np.exp(voice.log_f0)
        assert 0.6 < np.median(f0[voiced]) / expected < 1.6, name


def test_intensity_zero_is_neutral_to_the_bit(synthesizer):
    neutral = synthesizer.synthesize(TEXT, seed=3).samples
    for name in synthesizer.emotions:
        none = synthesizer.synthesize(TEXT, emotion=Emotion(name, 0.0), seed=3).samples
        assert np.array_equal(none, neutral), name


@pytest.mark.parametrize("voice", ["kathleen", "lj", "actor01"])
def test_emotions_move_pitch_and_level_as_actors_do(synthesizer, voice):
    """Over some sentences; single ones vary."""
    pitch, level = {}, {}
    for name in ("neutral", "calm", "angry", "surprised"):
        spoken = [synthesizer.synthesize(t, voice=voice, emotion=name).samples for t in TEXTS]
        pitch[name] = np.mean([12 * np.log2(median_f0(x)) for x in spoken])
        level[name] = np.mean([level_db(x) for x in spoken])
    assert pitch["surprised"] > max(pitch["neutral"], pitch["calm"]) + 3
    assert level["angry"] > level["neutral"] + 4
    assert level["calm"] < level["neutral"] + 1


def test_more_intensity_is_more_pitch(synthesizer):
    """Over several sentences: surprise widens the melody, so one median may lie anywhere in it."""
    pitches = []
    for level in (0.0, 0.5, 1.0):
        said = [synthesizer.synthesize(t, emotion=Emotion("surprised", level)) for t in TEXTS]
        pitches.append(np.mean([12 * np.log2(median_f0(x.samples)) for x in said]))
    assert pitches[0] + 2 < pitches[1] and pitches[1] + 1 < pitches[2]


def test_the_recognizer_hears_the_emotion_in_the_synthesis(synthesizer):
    recognizer = Recognizer.from_pretrained()
    neutral = [synthesizer.synthesize(t).samples for t in TEXTS]
    known = recognizer.hear_neutral(neutral)
    calm = [recognizer.recognize(x, known) for x in neutral]
    for name in ("happy", "angry", "fearful", "surprised"):
        heard = [
            recognizer.recognize(synthesizer.synthesize(t, emotion=name).samples, known)
            for t in TEXTS
        ]
        share = np.mean([r.probabilities[name] for r in heard])
        assert share > 2 * np.mean([r.probabilities[name] for r in calm]), name
        assert share > 1 / 8, name
        assert np.mean([r.intensity for r in heard]) > np.mean([r.intensity for r in calm]), name


def test_an_unknown_voice_is_named(synthesizer):
    with pytest.raises(EmottsError, match="nobody.*kathleen"):
        synthesizer.synthesize(TEXT, voice="nobody")


@pytest.mark.slow
def test_five_minutes_of_text(synthesizer):
    text = " ".join(f"Sentence number {n} is about the weather on the coast." for n in range(80))
    speech = synthesizer.synthesize(text)
    assert 180 < speech.seconds < 500
    assert np.isfinite(speech.samples).all()
    starts = [s.start_seconds for s in speech.timeline]
    assert starts == sorted(starts)


def test_no_mark_is_said_by_chance(synthesizer):
    """What no recording holds has the rows of a mark that some do."""
    models = synthesizer.models
    heard = [i for i, known in enumerate(models.heard) if known]
    for mark in PUNCTUATION:
        row = SYMBOL_IDS[mark]
        for table in (models.prosody.ending, models.prosody.phones.phone):
            assert row in heard or (table.weight[heard] == table.weight[row]).all(dim=1).any(), mark


def ending(samples: np.ndarray) -> float:
    """Semitones of the last tenth of a second of voice above the median."""
    f0, voiced = track_f0(samples)
    semitones = 12 * np.log2(f0[voiced])
    return float(np.median(semitones[-10:]) - np.median(semitones))


@pytest.mark.parametrize("voice", ["kathleen", "lj", "actor01", "actor02"])
def test_questions_rise_and_statements_fall(synthesizer, voice):
    def said(text: str) -> float:
        takes = (synthesizer.synthesize(text, voice=voice, seed=s).samples for s in range(3))
        return float(np.mean([ending(t) for t in takes]))

    asked = np.mean([said("Have you seen my keys?"), said("Are you coming with us tonight?")])
    told = np.mean([said("I have seen my keys."), said("We are coming with you tonight.")])
    assert told < 0 and asked > told + 4
