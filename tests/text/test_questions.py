"""Questions that rise, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.text.phonemes import phonemize
from emotts.text.questions import rises_at_end, rising_ends
from emotts.text.sequence import phone_sequence
from emotts.text.symbols import VOWELS


@pytest.mark.parametrize(
    "question",
    ["Is it late?", "Late?", "You are leaving tomorrow?", "It is, isn't it?", "Isn’t it?", "What?",
     "When you get home, will you call me?", "Could you tell me where it is?", "Really?!", "?"],
)  # fmt: skip
def test_questions_for_yes_or_no_rise(question):
    assert rises_at_end(question, "en-us")


@pytest.mark.parametrize(
    "question",
    ["Why is it late?", "And where is it?", "In which city was he born?", "Who's there?", "Why?",
     "What do you think, John?", "Is it late or early?", "Tea, or coffee?", "So what?"],
)  # fmt: skip
def test_question_words_and_choices_fall(question):
    assert not rises_at_end(question, "en-us")


@pytest.mark.parametrize(
    ("question", "rises"),
    [("Czy to prawda?", True), ("Naprawdę?", True), ("Idziesz ze mną?", True), ("Co?", True),
     ("Gdzie jest stacja?", False), ("A kto to?", False), ("O której wyjeżdżasz?", False),
     ("Po co to?", False), ("Herbata czy kawa?", False)],
)  # fmt: skip
def test_polish_questions(question, rises):
    assert rises_at_end(question, "pl") == rises


def test_questions_of_other_languages_rise():
    assert rises_at_end("Wer ist da?", "de")


def sequence_of(text: str, language: str = "en-us"):
    return phone_sequence(phonemize(text, language), language)


@pytest.mark.parametrize(
    ("text", "carriers"),
    [("Have you seen my keys?", ["keys"]), ("Is it raining in London?", ["London"]),
     ("You know it, right?", ["right"]), ("Where is it? Is it here?", ["here"]),
     ("Where is it?", []), ("It is late.", []), ("Is it?", ["it"])],
)  # fmt: skip
def test_a_rise_begins_at_the_last_stressed_vowel_and_ends_at_the_mark(text, carriers):
    sequence = sequence_of(text)
    words = [w.strip(".,?") for w in text.split()]
    found = rising_ends(sequence, text)
    assert [words[sequence.word[first]] for first, _ in found] == carriers
    for first, mark in found:
        assert sequence.symbols[first] in VOWELS and sequence.symbols[mark] == "?"
        assert not (sequence.stress[first + 1 : mark] == 1).any()


def test_all_rise_where_the_text_does_not_tell():
    assert len(rising_ends(sequence_of("Where is it? Why?"), "")) == 2


@given(st.text(max_size=60), st.sampled_from(["en-us", "pl", "de"]))
def test_any_text_is_answered(text, language):
    assert rises_at_end(text + "?", language) in (True, False)
