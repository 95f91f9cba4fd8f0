"""Which questions rise at their end: those that ask for yes or no, not those with a question word.

English and Polish are told by their words (Bolinger 1989, "Intonation and Its Uses"; for Polish
Demenko 1999); of other languages every question rises.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emotts.text.symbols import BORDER, VOWELS

if TYPE_CHECKING:
    from emotts.text.sequence import PhoneSequence

QUESTION_WORDS = {
    "en": "what what's where where's when when's why how how's who who's whom whose which",
    "pl": "co kto kogo komu kim czym czego czemu gdzie kiedy dlaczego jak ile ilu skąd dokąd "
    "którędy który która które którego której któremu którym którą jaki jaka jakie jakiego jakiej "
    "jakim czyj czyja czyje po",
}  # fmt: skip
# What may stand before a question word without making the question another.
LEADING = {
    "en": "and but so or well oh now then hey okay ok yes no please to in on at of for from with "
    "by about until since",
    "pl": "a i ale no to więc oh w we na z ze do od o przez za u dla",
}  # fmt: skip
VERBS = {
    "en": "am is are was were do does did have has had will would can could shall should may might "
    "must isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't won't wouldn't "
    "can't couldn't shouldn't",
    "pl": "czy",
}  # fmt: skip
CHOICES = {"en": "or", "pl": "czy albo lub"}
REPEATED = ([["what"]], [["co"]])  # alone it asks to hear it again
_WORDS = {
    name: {code: frozenset(words.split()) for code, words in table.items()}
    for name, table in (
        ("asking", QUESTION_WORDS), ("leading", LEADING), ("verbs", VERBS), ("choices", CHOICES)
    )
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_SENTENCE = re.compile(r"[^!?…]*\?")


def rising_ends(sequence: PhoneSequence, text: str) -> list[tuple[int, int]]:
    """Tokens of every rise, (first, end): from the stressed vowel that carries it to the mark.

    text: what the sequence says, as written. In which words a question is asked is read there;
    where text and sequence do not hold as many questions, all of them rise.
    """
    asked = [m.group() for m in _SENTENCE.finditer(text)]
    marks = [i for i, symbol in enumerate(sequence.symbols) if symbol == "?"]
    rises = [rises_at_end(a, sequence.language) for a in asked]
    if len(rises) != len(marks):
        rises = [True] * len(marks)
    found = []
    for mark, rising in zip(marks, rises, strict=True):
        first = _nucleus(sequence, mark) if rising else None
        if first is not None:
            found.append((first, mark))
    return found


def rises_at_end(question: str, language: str) -> bool:
    """Whether a question, as written and with its mark, rises: "Is it late?", "Late?", "It is,
    isn't it?", but not "Why is it late?" nor "Is it late or early?"."""
    code = language.split("-")[0]
    if code not in QUESTION_WORDS:
        return True
    asking, leading, verbs, choices = (
        _WORDS[k][code] for k in ("asking", "leading", "verbs", "choices")
    )
    plain = question.lower().replace("’", "'").split(",")
    parts = [words for part in plain if (words := _WORD.findall(part))]
    if not parts or parts in REPEATED:
        return True
    if any(word in choices for word in parts[-1][len(parts) == 1 : -1]):
        return False
    for words in (parts[-1], parts[0]):
        if words[0] in verbs:
            return True
        if next((w for w in words if w not in leading or w in asking), "") in asking:
            return False
    return True


def _nucleus(sequence: PhoneSequence, mark: int) -> int | None:
    """The last stressed vowel of the phrase before a mark, or its last vowel."""
    start = mark
    while start > 0 and (sequence.word[start - 1] >= 0 or sequence.symbols[start - 1] == BORDER):
        start -= 1
    vowels = [i for i in range(start, mark) if sequence.symbols[i] in VOWELS]
    stressed = [i for i in vowels if sequence.stress[i] == 1]
    return max(stressed or vowels, default=None)
