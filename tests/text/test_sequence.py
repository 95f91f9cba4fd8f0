import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.errors import EmottsError
from emotts.text.sequence import is_pause_symbol, phone_sequence
from emotts.text.symbols import PAUSES, VOWELS, symbol_id


def sequence_of(phonemes):
    return phone_sequence(list(phonemes), "en-us")


def test_marks_become_attributes():
    sequence = sequence_of("həlˈoʊ wˈɜːˌld")
    assert sequence.symbols == ("^", *"həloʊ", " ", *"wɜld", "$")
    assert sequence.stress.tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0]
    assert sequence.length.tolist() == [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert sequence.word.tolist() == [-1, 0, 0, 0, 0, 0, -1, 1, 1, 1, 1, -1]
    assert sequence.words == ("həlˈoʊ", "wˈɜːˌld")
    assert sequence.ids.tolist() == [symbol_id(symbol) for symbol in sequence.symbols]
    assert sequence.language == "en-us"


def test_stress_before_the_onset_goes_to_the_vowel():
    assert sequence_of("ˈstɑp").stress.tolist() == [0, 0, 0, 1, 0, 0]


def test_stress_in_a_word_without_a_vowel_goes_to_the_phone_after_it():
    assert sequence_of("pˈst").stress.tolist() == [0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("phonemes", "stressed"),
    [
        ("ðæt ˈɪz, ɪz; ðæt ɪz nˈɑt.", [0, 1, 1, 0, 0, 1]),  # a clause of one weak word
        ("ɪz ɪt, nˈɑt", [0, 1, 1]),  # the last word of a weak clause
        ("ɪz ɪt, nɑt", [0, 0, 0]),  # a language that marks no stress
        ("ɪz, s, nˈɑt", [1, 1]),  # nothing to stress in a clause without a vowel
    ],
)
def test_every_clause_has_a_stress_where_there_is_stress(phonemes, stressed):
    sequence = sequence_of(phonemes)
    vowels = [s in VOWELS for s in sequence.symbols]
    assert sequence.stress[vowels].tolist() == stressed


@pytest.mark.parametrize(
    ("phonemes", "symbols"),
    [
        ("a, b", "^a,b$"),
        ('a." "b', "^a.b$"),
        ("a ,  ! ?b", "^a?b$"),
        (" a ", "^a$"),
        ('"a"', '^"a"$'),
        ("…a.", "^…a.$"),
        ("a ˈ b", "^a b$"),
    ],
)
def test_pauses_that_meet_become_the_strongest(phonemes, symbols):
    assert "".join(sequence_of(phonemes).symbols) == symbols


@pytest.mark.parametrize("phonemes", ["", " ", "…!", "ˈː"])
def test_a_stream_without_a_phone_is_refused(phonemes):
    with pytest.raises(EmottsError, match="no phone"):
        sequence_of(phonemes)


@pytest.mark.parametrize("symbol", ["%", "ab", "_", "^", "$"])
def test_an_unknown_symbol_is_refused(symbol):
    with pytest.raises(EmottsError, match="unknown phoneme symbol"):
        phone_sequence(["a", symbol], "pl")


@given(st.text(alphabet='abʃɜ ˈˌː.,?"—', min_size=1).filter(lambda text: set(text) & set("abʃɜ")))
def test_sequences_keep_all_phones_and_never_two_pauses(phonemes):
    sequence = sequence_of(phonemes)
    phones = [symbol for symbol in phonemes if symbol in "abʃɜ"]
    assert [s for s in sequence.symbols if s in "abʃɜ"] == phones
    inner = sequence.symbols[1:-1]
    pauses = [symbol in PAUSES for symbol in inner]
    assert not any(a and b for a, b in zip(pauses, pauses[1:], strict=False))
    for array in (sequence.ids, sequence.stress, sequence.length, sequence.word):
        assert array.shape == (len(sequence),) and array.dtype == np.int64
    for identifier, word in zip(sequence.ids, sequence.word, strict=True):
        assert (word == -1) == is_pause_symbol(identifier)
    assert set(sequence.word.tolist()) - {-1} == set(range(len(sequence.words)))
