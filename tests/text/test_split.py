import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.errors import EmottsError
from emotts.text.split import split_sentences


def stripped(text, limit=200):
    return [part.strip() for part in split_sentences(text, limit)]


def test_sentences():
    assert stripped('It rained. "Why?" she asked... Then it stopped! Good… Fine.') == [
        "It rained.", '"Why?" she asked...', "Then it stopped!", "Good…", "Fine.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Hale met Mrs. Poe at no. 5.",
        "The tower of J. R. Hill is 3.5 miles away.",
        "We saw e.g. Foxes, vs. hounds.",
        "Spotkał go prof. Kot i np. Ewa.",
        "It ends at 5 p.m. on most days.",
    ],
)
def test_abbreviations_do_not_end_a_sentence(text):
    assert split_sentences(text) == [text]


def test_no_can_be_a_sentence():
    assert stripped("No. It is not.") == ["No.", "It is not."]


def test_scripts_without_spaces():
    assert stripped("你好。世界！") == ["你好。", "世界！"]


def test_a_blank_line_ends_a_sentence():
    assert stripped("A title\n\nThe text goes on") == ["A title", "The text goes on"]


def test_a_long_sentence_is_cut_at_clauses_then_spaces_then_letters():
    assert stripped("When it rained, we stayed; when not, we left", 20) == [
        "When it rained,", "we stayed; when not,", "we left",
    ]  # fmt: skip
    assert stripped("one two three four", 9) == ["one two", "three", "four"]
    assert stripped("abcdefgh", 3) == ["abc", "def", "gh"]


def test_accents_stay_on_their_letter():
    assert split_sentences("ae\u0301ae\u0301", 2) == ["ae\u0301", "ae\u0301"]


def test_overrides_are_never_cut():
    text = "Say [[ab. ba, ab ba]] now. Yes"
    assert stripped(text, 8) == ["Say", "[[ab. ba, ab ba]]", "now.", "Yes"]


def test_marks_without_a_word_join_their_neighbour():
    assert split_sentences("… Hello. !!! Bye. ?") == ["… Hello. !!! ", "Bye. ?"]


def test_nothing():
    assert split_sentences("") == []


def test_a_limit_below_one_is_refused():
    with pytest.raises(EmottsError, match="max_characters is 0"):
        split_sentences("a", 0)


_TEXT = st.text(alphabet='aB1. ,;!?…—-"\n[]é\u0301。 ', max_size=80) | st.text(max_size=40)


@given(_TEXT, st.integers(1, 30))
def test_no_character_is_lost_and_every_part_can_be_spoken(text, limit):
    parts = split_sentences(text, limit)
    assert "".join(parts) == text
    if any(character.isalnum() for character in text):
        assert all(any(character.isalnum() for character in part) for part in parts)


@given(st.lists(st.text("abc", min_size=1, max_size=8), min_size=1, max_size=40))
def test_parts_keep_the_limit(words):
    assert all(len(part.strip()) <= 12 for part in split_sentences(" ".join(words), 12))
