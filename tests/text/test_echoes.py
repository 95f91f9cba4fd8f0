import pytest

from emotts.text.echoes import is_echo
from emotts.text.phonemes import phonemize
from emotts.text.sequence import phone_sequence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("That that is, is; that that is not, is not.", [3]),
        ("All that was, was.", [3]),
        ("All that is, is here.", []),  # it does not stand alone
        ("No, no, no!", []),  # strong by itself
        ("He was; is?", []),  # another word
        ("Is.", []),
    ],
)
def test_a_weak_word_alone_that_repeats_the_one_before(text, words):
    sequence = phone_sequence(phonemize(text, "en-us"), "en-us")
    assert sorted(set(sequence.word[is_echo(sequence)])) == words
