import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.emotion.curves import parse_curve
from emotts.emotion.palette import Palette
from emotts.emotion.space import EmotionSpace
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

DIRECTIONS = dict(zip(CATEGORIES[1:], np.random.default_rng(3).normal(size=(7, 9)), strict=True))
PALETTE = Palette(EmotionSpace(np.eye(9), np.zeros(9), DIRECTIONS))

places = st.lists(st.integers(0, 100), min_size=1, max_size=5, unique=True).map(sorted)


@given(places, st.data(), st.sampled_from(["linear", "smooth"]), st.sampled_from(["%", "s"]))
def test_exact_at_the_knots(places, data, interpolation, unit):
    names = [data.draw(st.sampled_from(PALETTE.names)) for _ in places]
    text = ", ".join(f"{p}{unit}:{name}:0.5" for p, name in zip(places, names, strict=True))
    track = parse_curve(text, PALETTE, interpolation)
    assert track.interpolation == interpolation
    assert track.unit == ("seconds" if unit == "s" else "fraction")
    for place, name in zip(places, names, strict=True):
        at = place if unit == "s" else place / 100
        assert np.array_equal(track.at(at), PALETTE.vector(f"{name}:0.5"))


def test_between_knots_it_is_between():
    track = parse_curve("0%:neutral, 50%:sad:1, 100%:sad+angry", PALETTE)
    assert np.allclose(track.at(0.25), 0.5 * PALETTE.vector("sad"))
    assert np.allclose(track.at(0.75), PALETTE.vector("sad:0.75+angry:0.25"), atol=1e-6)


def test_spaces_fractions_of_percent_and_jumps():
    track = parse_curve(" 12.5 % : very sad ,12.5%:neutral,\n 100%: happy:1.2", PALETTE)
    assert track.positions.tolist() == [0.125, 0.125, 1]
    assert not track.at(0.125).any() and track.at(0.1).any()
    assert parse_curve("1.5s:sad", PALETTE).positions.tolist() == [1.5]


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "no knot in ''"),
        ("happy", "no knot in 'happy'"),
        ("0%:", "no knot in '0%:'"),
        ("0%:happy,", "no knot in ''"),
        ("50:happy", "no knot in '50:happy'"),
        ("-5%:happy", "no knot in '-5%:happy'"),
        ("0%:neutral, 1.5s:happy", "mixes percent and seconds"),
        ("60%:happy, 40%:sad", "goes back from 60 to 40"),
        ("0%:happy, 101%:sad", "knot at 101%"),
        ("0%:happy, 50%:hapy", "knot at 50%: unknown emotion 'hapy'; did you mean happy"),
        ("0%:happy:9", "knot at 0%: the weight of happy"),
        ("0s:happy,0s:sad,0s:calm", "at most two"),
    ],
)
def test_what_is_no_curve(text, message):
    with pytest.raises(EmottsError, match=message):
        parse_curve(text, PALETTE)
