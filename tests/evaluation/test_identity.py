import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation.identity import identity_ratio, similarity, similarity_within


def test_known_angles_give_known_likeness():
    east, north, between = [2.0, 0.0], [0.0, 3.0], [1.0, 1.0]
    assert similarity([east], [north]) == pytest.approx(0)
    assert similarity([between], [east, north]) == pytest.approx(np.sqrt(0.5))
    assert similarity_within([east, between]) == pytest.approx(np.sqrt(0.5))
    assert identity_ratio([between], [east, between]) == pytest.approx((1 + 0.5**0.5) / 2**0.5)


def test_takes_as_alike_as_the_neutral_ones_have_ratio_one():
    rng = np.random.default_rng(0)
    takes = rng.normal(size=256) + 0.5 * rng.normal(size=(60, 256))
    assert identity_ratio(takes[:30], takes[30:]) == pytest.approx(1, abs=0.02)
    strangers = rng.normal(size=256) + 0.5 * rng.normal(size=(30, 256))
    assert identity_ratio(strangers, takes[30:]) < 0.3


def test_one_take_has_nobody_to_be_like():
    with pytest.raises(EmottsError):
        similarity_within([[1.0, 0.0]])


@pytest.mark.slow
def test_the_judge_tells_real_voices_apart(shared_data):
    pytest.importorskip("resemblyzer")
    from emotts.evaluation.identity import VoiceJudge
    from emotts.evaluation.sets import recorded

    judge = VoiceJudge()
    hers, others = (
        [judge.embed_file(clip.path) for clip in recorded(shared_data, corpus)[:4]]
        for corpus in ("kathleen", "nemo")
    )
    assert similarity_within(hers) > similarity(hers, others) + 0.1
