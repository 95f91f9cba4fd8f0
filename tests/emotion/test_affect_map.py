"""The map by ear: planted hearing is found again, points are read back, bad tables are refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.emotion.affect import NORMS, affect_of, vector_of
from emotts.emotion.affect_map import AffectMap, map_by_ear
from emotts.emotion.space import EmotionSpace
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

NAMES = ("calm", "happy", "sad", "angry")
CROSS = AffectMap(NAMES, np.eye(4)[[1, 3, 2, 0]])  # happy right, angry up, sad left, calm down
numbers = st.floats(-1, 1).filter(lambda x: x == 0 or abs(x) > 1e-3)


def space(**change) -> EmotionSpace:
    directions = {name: d for name, d in zip(NAMES, np.eye(6)[:4], strict=True)}
    return EmotionSpace(np.eye(6), np.zeros(6), directions, **change)


@pytest.mark.parametrize(
    "point, mix",
    [((1, 0), {"happy": 1}), ((0, 0.5), {"angry": 0.5}), ((-0.2, 0), {"sad": 0.2}),
     ((0, -1), {"calm": 1}), ((0, 0), {}), ((0.6, 0.6), {"happy": 0.3, "angry": 0.3})],
)  # fmt: skip
def test_points_lie_between_their_rays(point, mix):
    assert CROSS.mix(*point) == pytest.approx(mix)


@given(numbers, numbers)
def test_every_point_is_read_back(valence, arousal):
    read = CROSS.read(CROSS.mix(valence, arousal))
    if valence or arousal:
        assert read == pytest.approx((valence, arousal), abs=1e-6)


@given(st.floats(0.01, 0.99), st.floats(0, math.tau))
def test_twice_as_far_is_twice_as_much(reach, angle):
    v, a = 0.5 * reach * math.cos(angle), 0.5 * reach * math.sin(angle)
    near, far = CROSS.mix(v, a), CROSS.mix(2 * v, 2 * a)
    assert far == pytest.approx({name: 2 * w for name, w in near.items()}, abs=1e-6)


def test_mixes_of_other_places_are_not_read():
    assert CROSS.read({"happy": 0.5, "sad": 0.5}) is None
    assert CROSS.read({"happy": 0.5, "surprised": 0.1}) is None


def test_planted_hearing_is_found_again():
    """Eight mixes heard in eight directions, among faint ones and ones heard beside the rays."""
    angles = math.tau * np.arange(8) / 8
    true = np.stack([np.cos(angles), np.sin(angles)], 1)
    mixes = [{name: 1.0} for name in CATEGORIES[1:]] + [{"calm": 0.5, "sad": 0.5}]
    order = np.random.default_rng(0).permutation(8)
    faint = [{"happy": 0.1 * k, "calm": 0.2} for k in range(1, 9)]
    turned = np.stack([np.cos(angles + 0.35), np.sin(angles + 0.35)], 1)
    heard = np.concatenate([true[order], 0.2 * true, turned[:4]])
    found = map_by_ear([*mixes, *faint, *[{"angry": 0.3, "sad": 0.1 * k} for k in range(1, 5)]],
                       heard, rays=8)  # fmt: skip
    for ray, weights in enumerate(found.rays):
        wanted = mixes[list(order).index(ray)]
        assert dict(zip(found.names, weights, strict=True)) == {n: wanted.get(n, 0) for n in
                                                                found.names}  # fmt: skip


@pytest.mark.parametrize(
    "rays, message",
    [(np.eye(4)[:2], "3 or more rays"), (np.eye(3), "4 weights"), (-np.eye(4), "0 or more"),
     (np.full((4, 4), np.nan), "0 or more"), (np.zeros((4, 4)), "not all 0")],
)  # fmt: skip
def test_tables_that_are_no_map(rays, message):
    with pytest.raises(EmottsError, match=message):
        AffectMap(NAMES, rays)


def test_too_few_mixes_for_the_rays():
    with pytest.raises(EmottsError, match="16 rays need as many mixes"):
        map_by_ear([{"happy": 1.0}], np.ones((1, 2)))


def test_a_space_with_a_map_asks_it_and_reads_by_it():
    mapped = space(affect=CROSS)
    assert np.allclose(vector_of(mapped, valence=0.5), 0.5 * np.eye(6)[1])
    assert affect_of(vector_of(mapped, 0.3, -0.6), mapped)[:2] == pytest.approx((0.3, -0.6))
    assert vector_of(mapped, 0, 0).tobytes() == np.zeros(6, np.float32).tobytes()


def test_dominance_leans_to_the_neighbour_that_has_it():
    """Half-way between happy (.46) and angry (.25), and between angry and sad (−.33)."""
    mapped = space(affect=CROSS)
    more, less = (vector_of(mapped, -0.5, 0.5, d) for d in (0.9, -0.9))
    assert more[3] > less[3] and more[2] < less[2]
    read = [affect_of(v, mapped) for v in (more, less)]
    assert all(r.valence <= 1e-9 and r.arousal >= -1e-9 for r in read)
    assert np.array_equal(vector_of(mapped, -0.5, 0.5), vector_of(mapped, -0.5, 0.5, None))


def test_dominance_alone_and_what_is_not_on_the_map_go_by_the_norms():
    mapped = space(affect=CROSS)
    assert np.allclose(vector_of(mapped, dominance=0.23), vector_of(space(), dominance=0.23))
    opposite = affect_of(np.eye(6)[1] + np.eye(6)[2], mapped)
    wanted = np.clip(np.add(NORMS["happy"], NORMS["sad"]), -1, 1)
    assert opposite == pytest.approx(wanted, abs=1e-6)


def test_a_map_is_kept_with_its_space():
    mapped = space(affect=CROSS)
    again = EmotionSpace.from_tensors(mapped.to_tensors(), mapped.config)
    assert again.affect.names == NAMES and np.array_equal(again.affect.rays, CROSS.rays)
    plain = EmotionSpace.from_tensors(space().to_tensors(), space().config)
    assert plain.affect is None


def test_a_map_of_emotions_that_are_not_there():
    with pytest.raises(EmottsError, match="no 'fearful'"):
        space(affect=AffectMap(("happy", "sad", "fearful"), np.eye(3)))
