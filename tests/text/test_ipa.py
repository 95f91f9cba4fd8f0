import pytest

from emotts.errors import EmottsError
from emotts.text.ipa import clean_espeak, spell
from emotts.text.symbols import PHONES


@pytest.mark.parametrize(
    ("written", "symbols"),
    [
        ("həlˈoʊ", ["h", "ə", "l", "ˈ", "o", "ʊ"]),
        ("ɡuːd, bˌaɪ!", ["ɡ", "u", "ː", "d", ",", " ", "b", "ˌ", "a", "ɪ", "!"]),
        ("gʧˑ", ["ɡ", "t", "ʃ", "ː"]),
        ("t͡ʃ", ["t", "ʃ"]),
        ("sɔ̃", ["s", "ɔ̃"]),
        ("n̩l̩", ["ə", "n", "ə", "l"]),
        ("t̪n̥", ["t", "n"]),
        ("c\u0327ç", ["ç", "ç"]),
        ("kʲɛɲʲ", ["k", "ʲ", "ɛ", "ɲ"]),
        ("g̃", ["ɡ"]),
    ],
)
def test_spelling(written, symbols):
    assert spell(written, "en-us") == symbols


@pytest.mark.parametrize(
    ("written", "unknown", "place"), [("ab%", "%", 3), ("Ш", "Ш", 1), ("h3", "3", 2), ("a⃝", "a⃝", 1)]
)
def test_unknown_symbols_are_named_with_their_place(written, unknown, place):
    with pytest.raises(EmottsError) as raised:
        spell(written, "en-us", ", the override")
    assert repr(unknown) in str(raised.value)
    assert f"character {place}" in str(raised.value)
    assert "the override" in str(raised.value)


def test_digits_are_tones_in_tonal_languages_only():
    assert spell("ma5", "cmn") == ["m", "a", "5"]
    assert spell("ma˥", "yue") == ["m", "a", "5"]
    with pytest.raises(EmottsError, match="'5'"):
        spell("ma5", "pl")


def test_each_symbol_of_the_table_spells_itself():
    for phone in PHONES:
        assert spell(phone, "cmn") == [phone]


def test_leftovers_of_espeak_become_ipa():
    assert clean_espeak("_aɪ_N:1", "fr-fr") == "aɪŋː"
    assert clean_espeak("ma1", "cmn") == "ma1"
