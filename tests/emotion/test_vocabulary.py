import pytest

from emotts.emotion.vocabulary import ALIASES, CATEGORIES, canonical
from emotts.errors import EmottsError


@pytest.mark.parametrize("name", CATEGORIES)
def test_a_category_is_itself_in_any_spelling(name):
    assert canonical(name) == canonical(f"  {name.upper()}\n") == name


@pytest.mark.parametrize(
    "word, category",
    [
        ("fear", "fearful"),
        ("anger", "angry"),
        ("happiness", "happy"),
        ("surprise", "surprised"),
        ("disgusted", "disgust"),
        ("sadness", "sad"),
        ("pleasant_surprise", "surprised"),
        ("no-emotion", "neutral"),
    ],
)
def test_words_of_corpora_have_their_category(word, category):
    assert canonical(word) == category


def test_no_alias_hides_a_category():
    assert not set(ALIASES) & set(CATEGORIES)
    assert set(ALIASES.values()) <= set(CATEGORIES)


@pytest.mark.parametrize("word", ["hungry", "", "happy!", "0"])
def test_an_unknown_word_names_all_choices(word):
    with pytest.raises(EmottsError, match=", ".join(CATEGORIES)):
        canonical(word)
