"""Visemes and the phones of a word."""

import pytest

from emotts.audio.speech import Segment
from emotts.dubbing.visemes import NAMES, SILENCE, mouth, share_out, split_phones, viseme_of
from emotts.text.symbols import PHONES, VOWELS

# From the two published tables: Meta's examples and SAPI's SPVISEMES.
PUBLISHED = {
    "p": ("PP", 21), "b": ("PP", 21), "m": ("PP", 21), "f": ("FF", 18), "v": ("FF", 18),
    "θ": ("TH", 17), "ð": ("TH", 17), "t": ("DD", 19), "d": ("DD", 19), "k": ("kk", 20),
    "ɡ": ("kk", 20), "ʃ": ("CH", 16), "ʒ": ("CH", 16), "s": ("SS", 15), "z": ("SS", 15),
    "n": ("nn", 19), "l": ("nn", 14), "ɹ": ("RR", 13), "ɑː": ("aa", 2), "ɛ": ("E", 4),
    "ɪ": ("ih", 6), "i": ("ih", 6), "ʊ": ("ou", 4), "u": ("ou", 7), "h": ("kk", 12),
}  # fmt: skip


@pytest.mark.parametrize(("phone", "viseme"), PUBLISHED.items())
def test_english_phones_look_as_published(phone, viseme):
    name, number = viseme_of(phone)
    assert number == viseme[1]
    assert name == viseme[0]


def test_every_vowel_and_consonant_moves_the_mouth():
    modifiers = set("ʲʰʷˠˤʼⁿˡᵐᵝ123456789")
    silent = {phone for phone in PHONES if viseme_of(phone) == SILENCE}
    assert silent == modifiers
    assert {viseme_of(phone)[0] for phone in PHONES - silent} | {"sil"} == set(NAMES)


def test_vowels_are_shown_by_the_visemes_of_vowels():
    assert {viseme_of(v)[0] for v in VOWELS} == {"aa", "E", "ih", "oh", "ou", "RR"}
    assert viseme_of("ɔ̃") == viseme_of("ɔ")


def test_words_are_cut_into_phones_with_their_marks():
    assert [(p.symbol, p.stress) for p in split_phones("fˈɑːðɚ")] == [
        ("f", 0), ("ɑː", 1), ("ð", 0), ("ɚ", 0),
    ]  # fmt: skip
    assert [p.symbol for p in split_phones("bɔ̃tʲʰ")] == ["b", "ɔ̃", "tʲʰ"]
    assert split_phones("") == []


def test_the_phones_of_a_word_fill_its_time():
    shared = [segment for _, segment in share_out(Segment("fˈɑːðɚ", 1.0, 1.4))]
    assert shared[0].start_seconds == 1.0 and shared[-1].end_seconds == 1.4
    for one, other in zip(shared, shared[1:], strict=False):
        assert one.end_seconds == other.start_seconds
    lengths = [s.end_seconds - s.start_seconds for s in shared]
    assert max(lengths) == lengths[1], "a long stressed vowel lasts longest"


def test_the_mouth_moves_without_gaps_and_alike_shapes_are_one():
    phones = [Segment("m", 0.1, 0.2), Segment("b", 0.2, 0.3), Segment("a", 0.5, 0.7)]
    found = [(s.label, s.start_seconds, s.end_seconds, n) for s, n in mouth(phones, 1.0)]
    assert found == [
        ("sil", 0.0, 0.1, 0), ("PP", 0.1, 0.3, 21), ("sil", 0.3, 0.5, 0), ("aa", 0.5, 0.7, 2),
        ("sil", 0.7, 1.0, 0),
    ]  # fmt: skip


def test_silence_alone_is_a_closed_mouth():
    assert [(s.label, s.end_seconds) for s, _ in mouth([], 0.5)] == [("sil", 0.5)]
