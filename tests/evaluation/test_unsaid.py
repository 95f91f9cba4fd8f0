"""Skipped and repeated words are found by sound."""

import pytest

from emotts.evaluation.unsaid import share_unsaid, unsaid

TEXT = "She sells sea shells by the sea shore."


@pytest.mark.parametrize(
    "heard",
    [
        TEXT, "she sells seashells by the seashore", "She sells C shells by the see shore",
        "She smells tea shells by the sea shore.",  # wrong words, none skipped
    ],
)  # fmt: skip
def test_other_spellings_and_wrong_words_are_not_skipped_ones(heard):
    assert unsaid(TEXT, heard) == ([], 0)


def test_a_skipped_word_is_named():
    (skipped,), added = unsaid(
        "The report will be ready by Thursday.", "The report will be ready Thursday"
    )
    assert added == 0 and "b" in skipped
    assert len(unsaid(TEXT, "She sells by the sea shore.")[0]) >= 1


def test_a_word_said_twice_is_found():
    assert unsaid(TEXT, "She sells sea shells shells by the sea shore.") == ([], 1)


def test_a_reduced_article_is_not_a_repeated_word():
    assert unsaid("A narrow path.", "The narrow path.") == ([], 0)


def test_nothing_heard_skips_everything():
    assert len(unsaid(TEXT, "")[0]) == 8 and len(unsaid(TEXT, "...")[0]) == 8


def test_signs_that_nobody_reads_do_not_stop_it():
    assert unsaid(TEXT, "♪ She sells sea shells by the sea shore. ♪") == ([], 0)


def test_the_share_is_of_sentences():
    assert share_unsaid([TEXT, TEXT], [TEXT, "She sells shells."]) == 0.5


def test_polish_is_read_as_polish():
    assert unsaid("Mama ma mało miodu.", "mama mamało miodu", "pl") == ([], 0)
    assert unsaid("Mama ma mało miodu.", "mama ma miodu", "pl") == (["mˈawɔ"], 0)


def test_figures_may_be_written_as_nobody_reads_them():
    said = "Call +44 20 7946 0018 at 9:45 a.m."
    assert unsaid(said, "Call plus 44-20-7946-0018 at 9.45 a.m.") == ([], 0)
    assert unsaid(said, "Call plus 4420, 7946, 0018 at 9.45 a.m.") == ([], 0)
    assert unsaid(said, "Call plus 44-20-7946 at 9.45 a.m.")[0]
    assert unsaid("It fell by 9.45 am long.", "It fell by 9.45 am long.") == ([], 0)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("They met at 221B Baker Street.", "They met at 221 B. Baker Street."),
        ("My number is 555-719-8724.", "My number is 555. 719-8724."),
        ("My number is 555-719-8724.", "My number is 5557198724."),
    ],
)
def test_figures_may_be_grouped_in_other_ways(said, heard):
    assert unsaid(said, heard) == ([], 0)


def test_a_lost_figure_is_lost_however_they_are_grouped():
    assert unsaid("My number is 555-719-8724.", "My number is 55719-8724.") == (["fˈaɪv"], 0)
    assert unsaid("It costs 1,284,500 pounds.", "It costs 1,284,500 pounds.") == ([], 0)
