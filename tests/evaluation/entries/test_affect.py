import numpy as np
import pytest
from scipy.stats import spearmanr

from emotts.emotion.affect import NORMS
from emotts.evaluation.entries import affect


def test_a_sure_class_is_heard_at_its_norm_and_doubt_in_between():
    sad, happy = NORMS["sad"], NORMS["happy"]
    assert affect.affect_from({"sad": 1.0}) == (sad.valence, sad.arousal)
    both = affect.affect_from({"sad": 0.25, "happy": 0.75})
    assert both[0] == pytest.approx(0.25 * sad.valence + 0.75 * happy.valence)
    assert affect.affect_from({"neutral": 1.0}) == (0, 0)


def test_agreement_is_scipys_and_shuffled_is_chance():
    rng = np.random.default_rng(0)
    asked = np.repeat([-0.8, 0.0, 0.8], 40)
    heard = 0.3 * asked + 0.2 * rng.standard_normal(120)
    figures = affect.agreement(asked, heard)
    assert figures["spearman"].value == pytest.approx(spearmanr(asked, heard)[0])
    assert figures["ccc"].value < figures["spearman"].value  # a third of the range is not the range
    chance = affect.agreement(rng.permutation(asked), heard)["spearman"]
    assert chance.low < 0 < chance.high
