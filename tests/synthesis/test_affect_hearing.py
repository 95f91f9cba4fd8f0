import numpy as np
import pytest

from emotts.emotion.emotion import Emotion
from emotts.errors import EmottsError
from emotts.synthesis.affect_hearing import RIM, affect_map, candidates, offset


def test_candidates_are_all_of_one_strength_and_all_different():
    found = candidates(["happy", "sad", "angry"])
    assert len(found) == 3 + 3 * 3
    assert all(sum(mix.values()) == pytest.approx(RIM) for mix in found)
    assert len({tuple(sorted(mix.items())) for mix in found}) == len(found)


def test_a_mix_is_a_sum_of_calibrated_emotions(synthesizer):
    space = synthesizer.models.space
    wanted = space.vector(Emotion("happy", 0.5)) + space.vector(Emotion("sad", 0.25))
    assert np.array_equal(offset(space, {"happy": 0.5, "sad": 0.25}), wanted)
    assert not offset(space, {}).any()


def test_a_map_is_heard_from_real_models(synthesizer):
    seen = []
    found = affect_map(synthesizer.models, ["kathleen"], lambda mixes: seen.extend(mixes) or mixes)
    assert found.rays.shape[0] == 16 and len(seen) > 16
    mixes = [{n: w for n, w in zip(found.names, ray, strict=True) if w} for ray in found.rays]
    assert all(mix in seen for mix in mixes)
    assert len({tuple(mix.items()) for mix in mixes}) == 16


def test_voices_that_are_not_there_are_named(synthesizer):
    with pytest.raises(EmottsError, match="no 'nobody' to hear"):
        affect_map(synthesizer.models, ["nobody"])
