import pytest

from emotts.errors import EmottsError
from emotts.text.espeak import find_language, languages, pronounce
from emotts.text.phonemes import phonemize
from emotts.text.sequence import phone_sequence


@pytest.mark.parametrize(
    ("given", "code"),
    [("en", "en-us"), ("EN-GB", "en-gb"), ("pl_PL", "pl"), (" Pl ", "pl"), ("pt_BR", "pt-br"),
     ("de-AT", "de"), ("fr", "fr-fr"), ("zh", "cmn"), ("polish", "pl")],
)  # fmt: skip
def test_usual_spellings_find_their_language(given, code):
    assert find_language(given) == code
    assert code in languages()


@pytest.mark.parametrize("given", ["klingonish", "", "xx", "en-nowhere", "fo"])
def test_an_unknown_language_is_refused_with_valid_ones(given):
    with pytest.raises(EmottsError) as raised:
        find_language(given)
    assert repr(given) in str(raised.value)
    assert "en-us" in str(raised.value) and "pl" in str(raised.value)


def test_stress_stands_before_the_vowel():
    assert pronounce("hello world", "en-us") == "həlˈoʊ wˈɜːld"
    assert pronounce("dzień dobry", "pl").split()[1] == "dˈɔbrɨ"


def test_languages_do_not_disturb_each_other():
    before = pronounce("no", "en-us")
    assert pronounce("no", "pl") != before
    assert pronounce("no", "en-us") == before


def test_flags_of_a_language_switch_are_taken_out():
    spoken = pronounce("Bonjour le Washington Post the weekend", "fr-fr")
    assert "(" not in spoken and "en" not in spoken.split()


@pytest.mark.slow
def test_every_listed_language_speaks_symbols_of_the_table():
    for language in languages():
        symbols = phonemize("a b c k l m o p r s t u 1 2 3 10", language)
        assert len(phone_sequence(symbols, language)) > 5
