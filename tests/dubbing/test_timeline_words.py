"""Written words against spoken ones."""

import pytest

from emotts.audio.speech import Segment
from emotts.dubbing.timeline_words import match_words
from emotts.text.markup import MarkedText, read_text
from emotts.text.phonemes import phonemize
from emotts.text.sequence import phone_sequence


def matched(text: str) -> tuple[list[tuple[str, str]], str]:
    """Each written text and the phonemes that espeak makes of the sentence there."""
    marked = read_text(text)
    said = phone_sequence(phonemize(marked.text), "en-us").words
    segments = [Segment(word, i, i + 1) for i, word in enumerate(said)]
    words, how = match_words(marked, segments, "en-us")
    return [(word, s.label) for (word, _), s in zip(words, segments, strict=True)], how


def test_as_many_words_are_taken_one_to_one_with_numbers_spelt_out():
    words, how = matched("Dr. Smith paid $20, didn't he?")
    assert how == "counted"
    texts = [text for text, _ in words]
    assert texts == ["Doctor", "Smith", "paid", "twenty", "dollars", "didn't", "he"]


def test_words_said_as_one_are_found():
    words, how = matched("I want some of the cake that's on the table.")
    assert how == "aligned"
    assert [text for text, _ in words] == [
        "I", "want", "some", "of the", "cake", "that's", "on the", "table",
    ]  # fmt: skip


def test_styles_go_with_the_words_also_where_some_are_joined():
    marked = read_text("Some of the [angry]cake[/] is gone.")
    said = phone_sequence(phonemize(marked.text), "en-us").words
    words, _ = match_words(marked, [Segment(w, 0, 1) for w in said], "en-us")
    assert {text for text, style in words if style.emotion == "angry"} == {"cake"}


@pytest.mark.parametrize("text", ["", "Hello."])
def test_what_cannot_be_matched_has_no_text(text):
    segments = [] if text else [Segment("ə", 0, 1)]
    words, _ = match_words(MarkedText.plain(text), segments, "en-us")
    assert [word for word, _ in words] == [""] * len(segments)


def test_a_written_word_said_as_several_is_repeated():
    words, how = match_words(
        MarkedText.plain("Hello"), [Segment("həl", 0, 1), Segment("ˈoʊ", 1, 2)], "en-us"
    )
    assert (how, [word for word, _ in words]) == ("aligned", ["Hello", "Hello"])
