import math

import numpy as np
import pytest

from emotts.emotion.affect import NORMS
from emotts.emotion.emotion import MAX_INTENSITY
from emotts.emotion.presets import PRESETS, STYLES
from emotts.emotion.vocabulary import ALIASES, CATEGORIES


def affect(name):
    """Norms of the categories, weighted: where a mix lies if affect were linear."""
    return sum(part.weight * np.array(NORMS[part.name]) for part in PRESETS[name])


def test_every_preset_is_a_mix_of_categories_within_bounds():
    for name, parts in PRESETS.items():
        assert {part.name for part in parts} <= set(CATEGORIES[1:]), name
        assert all(0 < part.weight for part in parts), name
        assert math.fsum(part.weight for part in parts) <= MAX_INTENSITY, name
        assert len({part.name for part in parts}) == len(parts), name


def test_names_do_not_clash():
    taken = [*CATEGORIES, *ALIASES, *PRESETS, *STYLES]
    assert len(set(taken)) == len(taken)


def test_there_are_plutchiks_twenty_four_dyads():
    primary = "love submission awe disapproval remorse contempt aggressiveness optimism"
    secondary = "guilt curiosity despair unbelief envy cynicism pride hope"
    tertiary = "delight sentimentality shame outrage pessimism morbidness dominance anxiety"
    for name in f"{primary} {secondary} {tertiary}".split():
        assert math.fsum(part.weight for part in PRESETS[name]) == pytest.approx(1), name


def test_dyads_of_two_categories_are_half_and_half():
    assert dict(PRESETS["awe"]) == {"fearful": 0.5, "surprised": 0.5}
    assert dict(PRESETS["remorse"]) == {"sad": 0.5, "disgust": 0.5}
    assert dict(PRESETS["love"]) == pytest.approx({"happy": 0.7, "calm": 0.3})


@pytest.mark.parametrize(
    "name, valence, arousal",
    [
        ("frustrated", -1, 1),
        ("amused", 1, 1),
        ("sleepy", 0, -1),
        ("friendly", 1, 0),
        ("seductive", 1, -1),
        ("excited", 1, 1),
        ("nervous", -1, 1),
        ("disappointed", -1, 0),
        ("love", 1, 0),
        ("grief", -1, -1),
    ],
)
def test_named_points_lie_where_the_word_belongs(name, valence, arousal):
    found = affect(name)
    assert found[0] * valence >= 0 and found[1] * arousal >= 0
    assert affect("dominant")[2] > 0.1 > affect("nervous")[2]
    assert abs(affect("distant")[0]) < 0.1


def test_styles_are_the_eight_octants():
    assert len({tuple(np.sign(style)) for style in STYLES.values()}) == len(STYLES) == 8
    assert all(np.linalg.norm(style) == pytest.approx(1) for style in STYLES.values())
    for name in ("angry", "calm", "happy", "fearful"):
        octant = {"angry": "hostile", "calm": "serene", "happy": "exuberant", "fearful": "anxious"}
        assert np.array_equal(np.sign(STYLES[octant[name]]), np.sign(NORMS[name]))
