"""Spelling a phoneme string as symbols of the table; nothing is dropped but by these tables."""

from __future__ import annotations

import unicodedata

from emotts.errors import EmottsError
from emotts.text.symbols import BORDER, LENGTH_MARK, PHONES, PUNCTUATION, STRESS_MARKS, TONES

# Other ways to write a symbol of the table.
SPELLINGS = {
    "g": "ɡ",
    "ʧ": "tʃ",
    "ʤ": "dʒ",
    "ʦ": "ts",
    "ʣ": "dz",
    "ʨ": "tɕ",
    "ʥ": "dʑ",
    "ε": "ɛ",
    "φ": "ɸ",
    "Φ": "ɸ",
    "ɩ": "ɪ",
    "ɷ": "ʊ",
    "ɼ": "r",
    "ǝ": "ə",
    "ɿ": "ɨ",
    "ʅ": "ɨ",
    "ʴ": "ɹ",
    "˞": "ɹ",
    "ˑ": "ː",
    "'": "ˈ",
    "’": "ʼ",
    "˥": "5",
    "˦": "4",
    "˧": "3",
    "˨": "2",
    "˩": "1",
}
# Combining marks: syllabic consonants get their schwa, finer shades of a letter are given up.
SYLLABIC_MARKS = "\u0329\u030d"
NASAL_MARK = "\u0303"
SHADE_MARKS = {
    NASAL_MARK: "nasal (on letters without a nasal symbol)",
    "\u0361": "tie",
    "\u035c": "tie below",
    "\u0325": "voiceless",
    "\u030a": "voiceless",
    "\u032c": "voiced",
    "\u032a": "dental",
    "\u033a": "apical",
    "\u033b": "laminal",
    "\u033c": "linguolabial",
    "\u031f": "advanced",
    "\u0320": "retracted",
    "\u0308": "centralised",
    "\u033d": "mid-centralised",
    "\u031d": "raised",
    "\u031e": "lowered",
    "\u0318": "advanced tongue root",
    "\u0319": "retracted tongue root",
    "\u031c": "less rounded",
    "\u0339": "more rounded",
    "\u0324": "breathy",
    "\u0330": "creaky",
    "\u0334": "velarised",
    "\u032f": "not syllabic",
    "\u0311": "not syllabic",
    "\u031a": "no release",
    "\u0306": "extra short",
    "\u0300": "low tone",
    "\u0301": "high tone",
    "\u0302": "falling tone",
    "\u0304": "middle tone",
    "\u030c": "rising tone",
}
# A palatal letter is palatal already.
PALATAL = "ɲʎɕʑcɟj"
# Leftovers of espeak's own mnemonics in languages whose IPA it has not finished.
ESPEAK_LEFTOVERS = {
    **dict.fromkeys('_-#^[]()".*+=|%~/\\;,{}<>&!0', ""),
    "`": "ʼ",
    "?": "ʔ",
    ":": "ː",
    "A": "ɑ",
    "E": "ɛ",
    "I": "ɪ",
    "N": "ŋ",
    "O": "ɔ",
    "R": "ʁ",
    "S": "ʃ",
    "T": "θ",
    "D": "ð",
    "U": "ʊ",
    "V": "ʌ",
    "X": "χ",
    "Z": "ʒ",
    "@": "ə",
    "Q": "ɒ",
}
TONAL_LANGUAGES = frozenset({"cmn", "yue", "hak", "vi", "th", "shn", "my"})
_STREAM = PHONES | {BORDER, LENGTH_MARK, *STRESS_MARKS, *PUNCTUATION}


def is_tonal(language: str) -> bool:
    """True where digits in a phoneme string are tones."""
    return language.split("-")[0] in TONAL_LANGUAGES


def letters_with_marks(phonemes: str) -> list[tuple[int, str]]:
    """(place, letter with its combining marks) of every letter of a phoneme string."""
    units: list[tuple[int, str]] = []
    for place, character in enumerate(phonemes):
        if unicodedata.category(character).startswith("M") and units:
            units[-1] = (units[-1][0], units[-1][1] + character)
        else:
            units.append((place, character))
    return units


def spell(phonemes: str, language: str, origin: str = "") -> list[str]:
    """The symbols of a phoneme string, in NFC, stress and length marks included.

    language: espeak's code; digits are tones in tonal languages only. origin: where the
    string comes from, for the error. Raises EmottsError naming an unknown symbol and its place.
    """
    symbols: list[str] = []
    for place, unit in letters_with_marks(phonemes):
        spelled = _spell_unit(unit, language)
        if spelled is None:
            raise EmottsError(
                f"unknown phoneme symbol {unit!r} at character {place + 1} of {phonemes!r}"
                f"{origin}; write IPA letters, ˈ ˌ ː, spaces and punctuation"
            )
        if spelled != ["ʲ"] or not symbols or symbols[-1] not in PALATAL:
            symbols.extend(spelled)
    return symbols


def _spell_unit(unit: str, language: str) -> list[str] | None:
    """The symbols of one letter with its marks, or None where the tables have none."""
    letter, *marks = unicodedata.normalize("NFD", unit)
    if letter == "c" and "\u0327" in marks:
        letter, marks = "ç", [mark for mark in marks if mark != "\u0327"]
    symbols = list(SPELLINGS.get(letter, letter))
    if any(symbol not in _STREAM for symbol in symbols):
        return None
    if symbols[0] in TONES and not is_tonal(language):
        return None
    nasal = unicodedata.normalize("NFC", symbols[-1] + NASAL_MARK)
    if NASAL_MARK in marks and nasal in PHONES:
        symbols[-1] = nasal
    if not all(mark in SHADE_MARKS or mark in SYLLABIC_MARKS for mark in marks):
        return None
    syllabic = any(mark in SYLLABIC_MARKS for mark in marks)
    return ["ə", *symbols] if syllabic else symbols


def clean_espeak(phonemes: str, language: str) -> str:
    """espeak's output with its leftovers replaced by IPA."""
    if not is_tonal(language):
        phonemes = phonemes.translate(dict.fromkeys(map(ord, TONES)))
    return phonemes.translate({ord(key): value for key, value in ESPEAK_LEFTOVERS.items()})
