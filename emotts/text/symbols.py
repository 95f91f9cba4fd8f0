"""The one table of symbols that models are trained on.

A symbol is one IPA letter (nasal vowels are letters of their own), a modifier that sounds
for itself (ʲ ʰ ʷ …), a tone digit, a punctuation mark, the word border or a marker. Stress
and length marks belong to the stream of symbols but have no id: they become attributes of
phones (`emotts.text.sequence`).
"""

from __future__ import annotations

import unicodedata

from emotts.errors import EmottsError

PAD, START, END, BORDER = "_", "^", "$", " "
PUNCTUATION = tuple('.,?!;:…—"')
STRESS_MARKS = {"ˈ": 1, "ˌ": 2}
LENGTH_MARK = "ː"
TONES = tuple("123456789")

# Append-only: an id is a position in this table, and trained models depend on it. Never
# reorder, remove or insert; new symbols go into a new line at the end.
_LETTERS = (
    # espeak's English and Polish
    "a b d e f h i j k l m n o p r s t u v w x z æ ð ŋ ɐ ɑ ɔ ə ɚ ɛ ɜ ɡ ɨ ɪ ɲ ɹ ɾ ʃ ʊ ʌ ʒ ʔ θ ᵻ",
    "ɕ ʑ ɔ̃ ɛ̃ ɑ̃ ʲ",
    # the other consonants of the IPA chart
    "c q ɖ ɟ ɢ ʈ ʙ ɱ ɳ ɴ ʀ ʁ ɽ ⱱ β ç ɣ ħ ɦ ɸ ʂ ʐ ʝ χ ɬ ɮ ʕ ʜ ʢ ʡ ɭ ʎ ʟ ɫ ɻ ɰ ʋ ɥ ʍ ɺ ɧ",
    "ʘ ǀ ǃ ǂ ǁ ɓ ɗ ʄ ɠ ʛ",
    # the other vowels, and the nasal ones of espeak's languages
    "y ø œ ɶ ɒ ɵ ɘ ɞ ɤ ɯ ʉ ʏ ɝ",
    "ã ẽ ĩ õ ũ ỹ ɐ̃ ɒ̃ œ̃ ɪ̃ ʊ̃ ʌ̃ ə̃ æ̃ ɨ̃",
    # modifiers that sound for themselves, and tones
    "ʰ ʷ ˠ ˤ ʼ ⁿ ˡ ᵐ ᵝ",
    "1 2 3 4 5 6 7 8 9",
)
SYMBOLS = (
    PAD,
    START,
    END,
    BORDER,
    *PUNCTUATION,
    *(unicodedata.normalize("NFC", symbol) for line in _LETTERS for symbol in line.split()),
)
SYMBOL_IDS = {symbol: index for index, symbol in enumerate(SYMBOLS)}
PHONES = frozenset(SYMBOLS[4 + len(PUNCTUATION) :])
_PLAIN_VOWELS = "aeiouyæøœɐɑɒɔəɚɛɜɝɘɞɤɨɪɯɵɶʉʊʌʏᵻ"
VOWELS = frozenset(
    symbol for symbol in PHONES if unicodedata.normalize("NFD", symbol)[0] in _PLAIN_VOWELS
)

# The weakest first; where several meet, the strongest one stays.
PAUSES = (BORDER, '"', ",", ":", ";", "—", "…", ".", "!", "?")
_PAUSE_IDS = frozenset(SYMBOL_IDS[symbol] for symbol in (START, END, *PAUSES))

# Language ids of the models; all languages without an entry share "other". Append-only too.
LANGUAGES = {"en": 0, "pl": 1, "other": 2}


def symbol_id(symbol: str) -> int:
    """The id of a symbol; EmottsError names one that the table does not have."""
    try:
        return SYMBOL_IDS[symbol]
    except KeyError:
        raise EmottsError(
            f"unknown phoneme symbol {symbol!r}; valid symbols are {' '.join(sorted(PHONES))}, "
            "punctuation, ˈ ˌ and ː"
        ) from None


def is_pause_symbol(identifier: int) -> bool:
    """True for the ids of "^", "$", the word border and punctuation."""
    return int(identifier) in _PAUSE_IDS


def language_id(language: str) -> int:
    """The model's id of an espeak language code: "en-gb" has that of "en"."""
    base = language.lower().replace("_", "-").split("-")[0]
    return LANGUAGES.get(base, LANGUAGES["other"])
