import numpy as np
import pytest

from emotts.evaluation.clips import Clip
from emotts.evaluation.entries import identity


def test_each_voice_is_measured_against_itself():
    clips, rows = [], []
    for voice, emotional in (("x", [1.0, 0.0]), ("y", [1.0, 1.0])):
        for name, vector in (("neutral", [1.0, 0.0]), ("neutral", [1.0, 0.0]), ("sad", emotional)):
            clips.append(Clip(str(len(clips)), "t", voice, name, float(name != "neutral")))
            rows.append(vector)
    found = identity.ratios(clips, np.array(rows))
    assert found == {"x": pytest.approx(1), "y": pytest.approx(0.5**0.5)}
    assert identity.ratios(clips[:2], np.array(rows[:2])) == {}


def test_intensity_zero_is_compared_bit_by_bit(bench):
    synthesizer = bench.synthesizer
    assert identity.intensity_zero_is_neutral(synthesizer, "Hello there.", "kathleen", 0) == 1
    say = synthesizer.synthesize

    def leaking(text, emotion=None, **options):
        speech = say(text, emotion=emotion, **options)
        if emotion == "angry":
            speech.samples[7] += 1e-6
        return speech

    synthesizer.synthesize = leaking
    assert identity.intensity_zero_is_neutral(
        synthesizer, "Hello there.", "kathleen", 0
    ) == pytest.approx(6 / 7)
