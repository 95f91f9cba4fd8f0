import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.errors import EmottsError
from emotts.text.phonemes import MAX_CHARACTERS, phonemize, phonemize_many
from emotts.text.sequence import phone_sequence
from emotts.text.symbols import LENGTH_MARK, PAUSES, PHONES, STRESS_MARKS


def read(text, language="en-us"):
    return "".join(phonemize(text, language))


def test_english():
    assert read("Hello, world!") == "həlˈoʊ, wˈɜːld!"


def test_polish():
    assert read("Dzień dobry, sąsiad?", "pl") == "dʑˈɛɲ dˈɔbrɨ, sˈɔ̃ɕat?"


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Wait... what? No!", "…?!"),
        ("One; two: three, four.", ";:,."),
        ("It was - so she said — late", "——"),
        ('"Stop," he said.', '","."'.replace('."', ".")),
        ("Bread (and butter) now.", ",,."),
        ("Yes!!!", "!"),
        ("¿Qué? 你好。", "?."),
    ],
)
def test_punctuation_is_kept(text, marks):
    assert "".join(s for s in phonemize(text, "en-us") if s in PAUSES and s != " ") == marks


def test_words_and_borders_come_out_as_written():
    text = "Seven green birds flew; nine stayed, quite calm."
    sequence = phone_sequence(phonemize(text), "en-us")
    assert len(sequence.words) == 8
    assert sequence.symbols.count(" ") == 5


def test_numbers_and_titles_are_read():
    assert read("Dr. Lee has 21 cats") == read("Doctor Lee has twenty-one cats")


def test_many_texts_are_as_each_alone():
    texts = ["Good morning.", "How are you?", "Good morning."]
    assert phonemize_many(texts, "en-us") == [phonemize(text) for text in texts]
    assert phonemize_many([], "pl") == []


def test_an_override_stands_in_its_place():
    assert read("Say [[tʃˈiːz]], Anna!") == "sˈeɪ tʃˈiːz, ˈænə!"
    assert read("[[ab]]") == "ab"
    assert read("[[ab]][[ba]]") == "ab ba"
    assert read("[[ab, ba?]]") == "ab, ba?"


def test_an_override_leaves_the_text_around_it_normal():
    assert read("At 5 [[ˈɑːk]] 7.") == "æt fˈaɪv ˈɑːk sˈɛvən."


@pytest.mark.parametrize("text", ["Seven days in Rome, they say… really?", "Bad weather!"])
def test_what_is_printed_can_be_an_override(text):
    symbols = phonemize(text)
    assert phonemize(f"[[{''.join(symbols)}]]") == symbols


def test_an_unknown_symbol_in_an_override_is_named_with_its_place():
    with pytest.raises(EmottsError, match=r"'%' at character 3 of 'ab%'.* character 5 of the text"):
        phonemize("Say [[ab%]] now")


@pytest.mark.parametrize("text", ["[[]]", "[[  ]] word", "[[ˈː]]", "[[, .]]"])
def test_an_override_without_a_phoneme_is_refused(text):
    with pytest.raises(EmottsError, match="no phoneme"):
        phonemize(text)


def test_an_open_override_is_refused():
    with pytest.raises(EmottsError, match="character 5 of the text is never closed"):
        phonemize("Say [[ab now")


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_empty_text_is_refused(text):
    with pytest.raises(EmottsError, match="empty"):
        phonemize(text)


@pytest.mark.parametrize(("text", "sign"), [("a\x00b", "U\\+0000"), ("a\x1b[0m", "U\\+001B")])
def test_control_characters_are_refused_by_name_and_place(text, sign):
    with pytest.raises(EmottsError, match=sign + " at character 2"):
        phonemize(text)


def test_tabs_and_line_ends_are_spaces():
    assert read("good\tday\r\nto you") == read("good day to you")


@pytest.mark.parametrize("text", ["...", "?!", "😀🎉", "— “ ” —", "🇵🇱 !!", "()"])
def test_text_with_nothing_to_say_is_refused(text):
    with pytest.raises(EmottsError, match="nothing in the text"):
        phonemize(text)


def test_emoji_beside_words_are_left_out():
    assert read("Good 😀👍🏽 day") == read("Good day")


def test_text_up_to_the_limit_keeps_every_mark():
    sentence = "The old mill stood by the river, quite alone. "
    text = sentence * (MAX_CHARACTERS // len(sentence))
    symbols = phonemize(text)
    assert symbols.count(".") == text.count(".")
    assert symbols.count(",") == text.count(",")


def test_text_beyond_the_limit_is_refused_and_the_limit_named():
    phonemize("a" + " " * (MAX_CHARACTERS - 1))
    with pytest.raises(EmottsError, match=f"{MAX_CHARACTERS + 1} .*{MAX_CHARACTERS}"):
        phonemize("a" + " " * MAX_CHARACTERS)


def test_unknown_language():
    with pytest.raises(EmottsError, match="'martian'.*en-us"):
        phonemize("hello", "martian")


@given(st.text(max_size=60))
def test_any_text_gives_known_symbols_or_one_sentence(text):
    try:
        symbols = phonemize(text, "en-us")
    except EmottsError as error:
        assert str(error)
        return
    known = PHONES | set(PAUSES) | set(STRESS_MARKS) | {LENGTH_MARK}
    assert set(symbols) <= known
    assert phone_sequence(symbols, "en-us").symbols[-1] == "$"
