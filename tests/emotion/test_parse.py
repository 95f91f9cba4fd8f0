import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.emotion.adverbs import ADVERBS
from emotts.emotion.parse import Part, format_parts, parse_emotion
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

NAMES = ("smug", "old-fashioned", "love")
names = st.sampled_from([*CATEGORIES, *NAMES])
# Weights in sixteenths add up without rounding, so a sum of 1.5 stays one.
weights = st.integers(-16, 6).map(lambda i: i / 16)


@pytest.mark.parametrize(
    "text, parts",
    [
        ("happy", [("happy", 1)]),
        ("happy:0.6", [("happy", 0.6)]),
        ("happy:0.6+sad:0.4", [("happy", 0.6), ("sad", 0.4)]),
        (" Happy : .6  +  SAD: 0.4 ", [("happy", 0.6), ("sad", 0.4)]),
        ("joy", [("happy", 1)]),
        ("pleasant_surprise:1.5", [("surprised", 1.5)]),
        ("happy+sad", [("happy", 0.5), ("sad", 0.5)]),
        ("slightly happy", [("happy", ADVERBS["slightly"])]),
        ("A bit sad + very angry", [("sad", ADVERBS["a bit"]), ("angry", ADVERBS["very"])]),
        ("very Old fashioned", [("old-fashioned", ADVERBS["very"])]),
        ("smug:0.8", [("smug", 0.8)]),
        ("sad:1+angry:-0.5", [("sad", 1), ("angry", -0.5)]),
        ("happy:+0.5", [("happy", 0.5)]),
        ("happy:-0", [("happy", 0)]),
    ],
)
def test_what_people_write(text, parts):
    assert parse_emotion(text, NAMES) == tuple(Part(*p) for p in parts)


@given(st.lists(st.tuples(names, weights), min_size=1, max_size=4))
def test_parts_come_back_from_their_text(pairs):
    parts = tuple(Part(name, weight) for name, weight in pairs)
    assert parse_emotion(format_parts(parts), NAMES) == parts


@given(names, st.floats(-1, 1.5))
def test_no_digit_of_a_weight_is_lost(name, weight):
    parts = (Part(name, weight),)
    assert parse_emotion(format_parts(parts), NAMES) == parts


@given(st.text(max_size=20))
def test_any_other_text_is_refused_in_a_sentence(text):
    try:
        assert parse_emotion(text, NAMES)
    except EmottsError as error:
        assert len(str(error)) > 20


@pytest.mark.parametrize(
    "text, message",
    [
        ("hapy:0.6", "unknown emotion 'hapy' in 'hapy:0.6'; did you mean happy\\? choose from neu"),
        ("", "an emotion is missing"),
        ("happy+", "an emotion is missing"),
        ("happy:", "weight of happy must be a number from -1"),
        ("happy:loud", "not 'loud'"),
        ("happy:1.6", "not '1.6'"),
        ("happy:-1.1", "not '-1.1'"),
        ("happy:nan", "not 'nan'"),
        ("happy:inf", "not 'inf'"),
        ("happy:1_0", "not '1_0'"),
        ("happy:0.5:0.5", "not '0.5:0.5'"),
        ("very happy:0.5", "weighted twice, by 'very'"),
        ("very very happy", "unknown emotion 'very very happy'; did you mean happy"),
        ("happy:0.5+sad", "sad has no weight"),
        ("very happy+sad", "sad has no weight"),
        ("happy:1+sad:1", "add up to 2"),
        ("very happy + very sad", "add up to 2.3"),
    ],
)
def test_what_cannot_be_meant(text, message):
    with pytest.raises(EmottsError, match=message):
        parse_emotion(text, NAMES)


def test_suppression_does_not_make_room_for_more():
    with pytest.raises(EmottsError, match="add up to 2"):
        parse_emotion("happy:1+sad:1+angry:-1")


def test_a_category_wins_over_a_name_spelt_the_same():
    assert parse_emotion("Joy", ["joy"]) == (Part("happy", 1),)
