import pytest

from emotts.emotion.auto_cues import DATA, LANGUAGES, Lexicon, lexicon
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

SMALL = """
# a comment
not: not, *n't
more: very
less: a bit
mask: mad about
happy 2: glad*, over the moon, (won|win) ~ cup
angry 1.5: mad
sad 1: moon, crying
"""


def found(sentence):
    return [(cue.kind, cue.text) for cue in Lexicon(SMALL).find(sentence)]


def test_cues_are_whole_words_with_their_endings():
    assert found("Glad, gladly, ungladly.") == [("happy", "Glad"), ("happy", "gladly")]
    assert found("madly mad") == [("angry", "mad")]


def test_the_longest_cue_wins():
    assert found("I am over the moon") == [("happy", "over the moon")]
    assert found("over a moon") == [("sad", "moon")]


def test_masks_hide_other_cues():
    assert found("mad about you, mad") == [("angry", "mad")]


def test_gaps_and_choices():
    assert found("won the cup; win that old silver cup") == [
        ("happy", "won the cup"),
        ("happy", "win that old silver cup"),
    ]
    assert found("won that very old silver cup") == []


def test_what_stands_before_a_cue_acts_on_it():
    (cue,) = Lexicon(SMALL).find("I am very glad")
    assert cue.factor > 1 and not cue.negated
    (cue,) = Lexicon(SMALL).find("I am a bit mad")
    assert cue.factor < 1 and cue.weight == 1.5
    (cue,) = Lexicon(SMALL).find("I don't feel very glad")
    assert cue.negated and cue.factor > 1


def test_what_stands_far_off_or_beyond_a_comma_does_not():
    for sentence in ("not this, I am glad", "glad not", "not one two three four five glad"):
        (cue,) = Lexicon(SMALL).find(sentence)
        assert not cue.negated, sentence


def test_two_nots_are_none():
    (cue,) = Lexicon(SMALL).find("I am not not glad")
    assert not cue.negated


def test_places_are_those_of_the_sentence():
    sentence = "So: crying, glad"
    assert [sentence[c.start : c.end] for c in Lexicon(SMALL).find(sentence)] == ["crying", "glad"]


@pytest.mark.parametrize(
    "line", ["joyful 2: yes", "happy: yes", "happy 2", "not 2: no", "happy 2:"]
)
def test_a_line_that_cannot_be_read_is_named(line):
    with pytest.raises(EmottsError, match="line 2 of mine must begin with"):
        Lexicon("sad 1: moon\n" + line, "mine")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_emotion_has_cues_and_no_cue_is_listed_twice(language):
    text = (DATA / LANGUAGES[language]).read_text(encoding="utf-8")
    kinds = {}
    for line in text.splitlines():
        if line and line[0] != "#":
            head, _, cues = line.partition(": ")
            kinds.setdefault(head.split()[0], []).extend(cue.strip() for cue in cues.split(","))
    assert set(kinds) >= set(CATEGORIES) - {"neutral"}
    for kind, cues in kinds.items():
        assert len(cues) == len(set(cues)), (kind, {c for c in cues if cues.count(c) > 1})


def test_a_language_without_cues_has_no_lexicon():
    assert lexicon("de") is None
    assert lexicon("en-us") is not None
