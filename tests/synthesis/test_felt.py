"""What is felt: mixing by three methods, affect, suppression."""

import numpy as np
import pytest

from emotts.emotion.affect import Affect
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError
from emotts.synthesis.felt import compile_feelings
from emotts.synthesis.options import Options


@pytest.fixture
def felt(synthesizer):
    def compiled(emotion, intensity=None, prototypes=None, **options):
        options = Options.of(options)
        palette = synthesizer.palette(options)
        return compile_feelings(palette, emotion, intensity, options, prototypes or {})

    return compiled


def test_velocities_are_weighed_and_embeddings_summed(felt, synthesizer):
    space = synthesizer.models.space
    (whole,) = felt("happy:0.6+sad:0.4")
    parts = felt("happy:0.6+sad:0.4", mixing="velocity")
    assert sorted(round(f.weight, 6) for f in parts) == [0.4, 0.6]
    total = sum(np.float32(f.weight) * f.track.vectors[0] for f in parts)
    np.testing.assert_allclose(total, whole.track.vectors[0], atol=1e-4)
    names = {k for k in ("happy", "sad") for f in parts
             if np.allclose(f.track.vectors[0], space.directions[k])}  # fmt: skip
    assert names == {"happy", "sad"}


@pytest.mark.parametrize("mixing", ["embedding", "velocity", "prototype"])
def test_one_emotion_and_none_are_the_same_by_every_method(felt, mixing):
    for emotion in ("happy:0.6", None, "happy:0"):
        (one,), (plain,) = felt(emotion, mixing=mixing), felt(emotion)
        np.testing.assert_array_equal(one.track.vectors, plain.track.vectors)


def test_prototypes_are_asked_for_where_there_are_none(felt):
    with pytest.raises(EmottsError, match="no prototypes; use mixing='embedding'"):
        felt("happy:0.6+sad:0.4", mixing="prototype")


def test_an_affect_may_be_given_in_part_and_nothing_is_neutral(felt):
    (one,) = felt({"arousal": 0.5})
    assert one.track.vectors.any()
    assert felt(Affect(0.0, 0.0, 0.0))[0].track.is_neutral
    assert felt({"arousal": 0.5}, intensity=0)[0].track.is_neutral
    with pytest.raises(EmottsError, match="no 'anger'; choose from valence"):
        felt({"anger": 1})


def test_what_is_suppressed_is_gone_and_pushed_away_if_asked(felt, synthesizer):
    angry = synthesizer.models.space.directions["angry"]
    (less,) = felt("angry", suppress={"angry": 1.0})
    assert abs(less.track.vectors[0] @ angry) < 1e-3 * (angry @ angry)
    _, away = felt("angry", suppress={"angry": 0.5}, negative_guidance=2.0)
    assert away.weight == -1.0 and away.steers
    with pytest.raises(EmottsError, match="something to suppress"):
        felt("angry", negative_guidance=1.0)


def test_a_track_must_fit_the_checkpoints(felt):
    with pytest.raises(EmottsError, match="7 dimensions"):
        felt(EmotionTrack.constant(np.ones(7)))
