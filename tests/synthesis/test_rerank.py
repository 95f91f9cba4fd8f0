"""Best of several takes: the winner is the take with the best score, to the bit."""

import numpy as np
import pytest
import torch

from emotts.emotion.emotion import Emotion
from emotts.synthesis import rerank
from emotts.synthesis.guidance import shares
from emotts.synthesis.hearing import Hearing, neutral_line
from emotts.synthesis.rerank import Scores, best_of, score
from emotts.synthesis.sentence import Settings, speak

TEXT = "We all know a long way home."


@pytest.fixture(scope="module")
def hearing(synthesizer) -> Hearing:
    return Hearing.load(synthesizer.models)


@pytest.fixture(scope="module")
def line(synthesizer):
    return neutral_line(synthesizer.models, synthesizer.voices["kathleen"], TEXT)


def test_a_voice_is_like_itself_and_probabilities_sum_to_one(hearing, line):
    with torch.inference_mode():
        spoken = speak(hearing.models, line, Settings(), 0)
        heard = hearing.probabilities(spoken, line.voice)
        assert sum(heard.values()) == pytest.approx(1.0, abs=1e-5)
        assert -1 <= hearing.likeness(spoken, line.voice) <= 1 + 1e-6
        neutral = hearing.neutral(line.voice)
        assert hearing.neutral(line.voice) is neutral


def test_louder_speech_is_heard_as_another_emotion_only_through_its_level(hearing, line):
    from dataclasses import replace

    with torch.inference_mode():
        spoken = speak(hearing.models, line, Settings(), 0)
        louder = replace(spoken, level=spoken.level + 12.0)
        one, other = (hearing.probabilities(s, line.voice) for s in (spoken, louder))
    assert max(abs(one[k] - other[k]) for k in one) > 1e-4


def test_the_take_with_the_highest_total_wins(hearing, line, monkeypatch):
    told = {3: 0.1, 4: 0.9, 5: 0.4}
    seeds, asked = list(told), iter(told.values())
    monkeypatch.setattr(rerank, "score", lambda *_: Scores(next(asked), 0.0, 0.0))
    with torch.inference_mode():
        best, seed, scores = best_of(hearing, line, Settings(), seeds)
        alone = speak(hearing.models, line, Settings(), 4)
    assert seed == 4 and [s.emotion for s in scores] == list(told.values())
    np.testing.assert_array_equal(best.samples, alone.samples)


def test_a_mel_that_leaves_its_text_scores_worse_for_words(hearing, line):
    from dataclasses import replace

    with torch.inference_mode():
        spoken = speak(hearing.models, line, Settings(), 0)
        told = [replace(spoken, plain=spoken.prior + shift) for shift in (0.0, 0.5, -1.0, 9.0)]
        words = [score(hearing, line, s, {"neutral": 1.0}).words for s in told]
    np.testing.assert_allclose(words, [0.0, -0.5, -1.0, -3.0], atol=1e-4)


def test_best_of_one_is_the_plain_take_and_more_says_what_it_chose(synthesizer):
    plain = synthesizer.synthesize(TEXT, emotion="happy")
    one = synthesizer.synthesize(TEXT, emotion="happy", best_of=1)
    np.testing.assert_array_equal(one.samples, plain.samples)
    three = synthesizer.synthesize(TEXT, emotion="happy", best_of=3)
    assert three.provenance["best_of"] == 3 and len(three.provenance["scores"]) == 3
    again = synthesizer.synthesize(TEXT, emotion="happy", seed=three.provenance["take"])
    np.testing.assert_array_equal(three.samples, again.samples)


def test_shares_of_a_mix_are_its_weights(synthesizer):
    space = synthesizer.models.space
    mixed = space.vector(Emotion("happy", 0.6)) + space.vector(Emotion("sad", 0.2))
    found = shares(space, mixed)
    assert found["happy"] == pytest.approx(0.75, abs=0.02)
    assert found["sad"] == pytest.approx(0.25, abs=0.02)
    assert shares(space, np.zeros(space.dim)) == {"neutral": 1.0}
