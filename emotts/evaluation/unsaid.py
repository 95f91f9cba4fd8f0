"""Words skipped or said twice, by sound: how a recogniser spells what it heard does not count.

Counted by words, "seashells" for "sea shells" is a skipped word and "9.45" for "9:45" a wrong one.
So both texts are read as the synthesizer would read them and their phones laid against each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from emotts.errors import EmottsError
from emotts.evaluation.words import normalize_for_scoring
from emotts.text.phonemes import phonemize
from emotts.text.sequence import phone_sequence

LEAST_INSERTED = 3  # phones in a row that are in no word of the text
CLOCK = re.compile(r"(?<!\d)(\d{1,2})\.(\d\d)(?= ?[ap]\.?m)", re.IGNORECASE)
DIGITS = re.compile(r"(?<![\d.,])\d(?:[-., ]*\d){4,}")  # telephone numbers, grouped or not
LETTERED = re.compile(r"(?<!\d)(\d+) ([A-Z])\b\.?")  # a house's number and letter


def unsaid(text: str, heard: str, language: str = "en-us") -> tuple[list[str], int]:
    """The words of a text of which more than half the phones are missing in what was heard, and
    how often at least three phones in a row were heard that are not in the text.

    A word heard as another is neither: that is a wrong word, which the error rate counts. Figures
    that a recogniser wrote are read in whichever of `readings` is nearest to the text.
    """
    import jiwer

    words, phones, owner = _phones(text, language)
    others = [found for reading in readings(heard) if (found := _heard(reading, language))]
    if not others:
        return list(words), 0
    aligned = [jiwer.process_words(" ".join(phones), " ".join(other)) for other in others]
    (chunks,) = min(aligned, key=lambda found: found.wer).alignments
    missing = [0] * len(words)
    added = 0
    for chunk in chunks:
        if chunk.type == "delete":
            for at in range(chunk.ref_start_idx, chunk.ref_end_idx):
                missing[owner[at]] += 1
        elif chunk.type == "insert":
            added += chunk.hyp_end_idx - chunk.hyp_start_idx >= LEAST_INSERTED
    size = [owner.count(i) for i in range(len(words))]
    skipped = [w for w, gone, n in zip(words, missing, size, strict=True) if 2 * gone > n]
    return skipped, added


def readings(heard: str) -> list[str]:
    """What a recogniser wrote, and the same with its figures read another way where they have one:
    "9.45 a.m." as a time of day, "221 B." as "221B", "79-46-0018" digit by digit."""
    clock = CLOCK.sub(r"\1:\2", heard)
    lettered = LETTERED.sub(r"\1\2", clock)
    digits = DIGITS.sub(lambda found: " ".join(re.sub(r"\D", "", found[0])), lettered)
    return list(dict.fromkeys([heard, clock, lettered, digits]))


def share_unsaid(texts: Sequence[str], heard: Sequence[str], language: str = "en-us") -> float:
    """The share of sentences with a skipped or repeated word, by sound."""
    found = [unsaid(t, h, language) for t, h in zip(texts, heard, strict=True)]
    return sum(bool(skipped or added) for skipped, added in found) / len(found)


def _heard(text: str, language: str) -> list[str]:
    """Phones of what a recogniser wrote, which may be nothing or hold signs that nobody reads."""
    plain = normalize_for_scoring(text, language)
    if not plain:
        return []
    try:
        return _phones(text, language)[1]
    except EmottsError:
        return _phones(plain, language)[1]


def _phones(text: str, language: str) -> tuple[Sequence[str], list[str], list[int]]:
    """Words, phones, and the word that each phone belongs to."""
    sequence = phone_sequence(phonemize(text, language), language)
    spoken = [(s, int(w)) for s, w in zip(sequence.symbols, sequence.word, strict=True)
              if w >= 0 and s.isalpha()]  # fmt: skip
    return sequence.words, [s for s, _ in spoken], [w for _, w in spoken]
