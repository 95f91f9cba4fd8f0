import hashlib
import unicodedata

import pytest

from emotts.errors import EmottsError
from emotts.text.symbols import (
    PHONES,
    SYMBOL_IDS,
    SYMBOLS,
    VOWELS,
    is_pause_symbol,
    language_id,
    symbol_id,
)

FIRST_TABLE = "4f8528f561a0af16e05fe7c9fffcfa0d4d3920dfba1b5f46b6fc615b0cad96f8"


def test_the_ids_that_models_were_trained_on_never_change():
    first = "\n".join(SYMBOLS[:161])
    assert hashlib.sha256(first.encode()).hexdigest() == FIRST_TABLE
    assert [symbol_id(symbol) for symbol in ("_", "^", "$", " ", ".", "a")] == [0, 1, 2, 3, 4, 13]


def test_every_symbol_stands_once_in_nfc():
    assert len(SYMBOL_IDS) == len(SYMBOLS)
    assert all(unicodedata.normalize("NFC", symbol) == symbol for symbol in SYMBOLS)


def test_ipa_letters_are_there():
    consonants = "pbtdʈɖcɟkɡqɢʔmɱnɳɲŋɴʙrʀⱱɾɽɸβfvθðszʃʒʂʐçʝxɣχʁħʕhɦɬɮʋɹɻjɰlɭʎʟʍwɥʜʢʡɕʑɺɧ"
    vowels = "iyɨʉɯuɪʏʊeøɘɵɤoəɛœɜɞʌɔæɐaɶɑɒɚɝ"
    assert set(consonants) | set(vowels) <= PHONES
    assert set(vowels) <= VOWELS
    assert not VOWELS & set(consonants)


def test_nasal_vowels_are_vowels_and_modifiers_are_not():
    assert {"ɔ̃", "ɛ̃", unicodedata.normalize("NFC", "ã")} <= VOWELS
    assert not VOWELS & set("ʲʰʷ123")


@pytest.mark.parametrize("symbol", ["^", "$", " ", ".", ",", "?", "!", ";", ":", "…", "—", '"'])
def test_markers_borders_and_punctuation_are_pauses(symbol):
    assert is_pause_symbol(symbol_id(symbol))


def test_phones_are_no_pauses():
    assert not any(is_pause_symbol(symbol_id(phone)) for phone in PHONES)
    assert not is_pause_symbol(symbol_id("_"))


def test_an_unknown_symbol_is_named():
    with pytest.raises(EmottsError, match="'%'"):
        symbol_id("%")


def test_languages_share_ids_by_their_base():
    assert language_id("en-us") == language_id("en-gb") == language_id("EN_au") == 0
    assert language_id("pl") == 1
    assert language_id("de") == language_id("fr-fr") == 2
