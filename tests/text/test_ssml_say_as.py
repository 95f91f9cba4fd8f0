import pytest

from emotts.errors import EmottsError
from emotts.text.normalize import normalize
from emotts.text.ssml_say_as import KINDS, say_as


@pytest.mark.parametrize(
    ("text", "language", "spoken"),
    [
        ("b2b", "en-us", "B, two, B"),
        ("USA", "en-us", "U-S-A"),
        ("a@b.c", "en-us", "A, at, B, dot, C"),
        ("é ☃", "en-us", "É, snowman"),
        ("PKO 3", "pl", "pe-ka-o, trzy"),
        ("Aß1", "de", "A-ß, eins"),
        ("e\u0301a", "fr-fr", "É-A"),
    ],
)
def test_characters(text, language, spoken):
    assert say_as(text, "characters", language) == spoken
    assert say_as(text, "spell-out", language) == spoken
    assert normalize(spoken, language) == spoken


@pytest.mark.parametrize(
    ("kind", "text", "language", "spoken"),
    [
        ("cardinal", "1,999", "en-us", "one thousand nine hundred ninety-nine"),
        ("cardinal", "1999", "en-gb", "one thousand nine hundred and ninety-nine"),
        ("cardinal", "-2.5", "en-us", "minus two point five"),
        ("cardinal", "007", "en-us", "seven"),
        ("cardinal", "+5", "pl", "plus pięć"),
        ("cardinal", "2.5", "pl", "dwa przecinek pięć"),
        ("cardinal", "21", "de", "einundzwanzig"),
        ("cardinal", "-3", "es", "menos tres"),
        ("ordinal", "21", "en-us", "twenty-first"),
        ("ordinal", "103rd", "en-us", "one hundred third"),
        ("ordinal", "3.", "pl", "trzeci"),
        ("ordinal", "2", "de", "zweite"),
        ("digits", "204", "en-us", "two zero four"),
        ("digits", "2 0-4", "pl", "dwa zero cztery"),
        ("digits", "20", "sw", "2 0"),
        ("telephone", "(212) 555-0100", "en-us", "two one two, five five five, zero one zero zero"),
        ("telephone", "+48 600 700", "pl", "plus cztery osiem, sześć zero zero, siedem zero zero"),
        ("telephone", "0171 22", "de", "null eins sieben eins, zwei zwei"),
    ],
)
def test_numbers_are_words_that_normalisation_leaves_alone(kind, text, language, spoken):
    assert say_as(text, kind, language) == spoken
    assert normalize(spoken, language) == spoken


@pytest.mark.parametrize(
    ("text", "order", "language", "spoken"),
    [
        ("12/24/2025", None, "en-us", "December twenty-fourth, twenty twenty-five"),
        ("24/12/2025", None, "en-gb", "the twenty-fourth of December, twenty twenty-five"),
        ("24.12.2025", None, "en-us", "December twenty-fourth, twenty twenty-five"),
        ("2025-12-24", None, "en-us", "December twenty-fourth, twenty twenty-five"),
        ("24.12.25", "dmy", "en-us", "December twenty-fourth, twenty-five"),
        ("1/2/05", "mdy", "en-us", "January second, oh five"),
        ("29 2", "dm", "en-us", "February twenty-ninth"),
        ("12/24", "md", "en-us", "December twenty-fourth"),
        ("1985", "y", "en-us", "nineteen eighty-five"),
        ("24.12", "dm", "pl", "dwudziestego czwartego grudnia"),
        ("1985", "y", "pl", "tysiąc dziewięćset osiemdziesiąty piąty rok"),
    ],
)
def test_dates(text, order, language, spoken):
    assert say_as(text, "date", language, order) == spoken
    assert normalize(spoken, language) == spoken


def test_dates_in_words_are_read_like_any_text():
    assert say_as("December 24", "date", "en-us") == "December 24"


def test_a_polish_date_is_the_one_of_running_text():
    assert say_as("2025-12-24", "date", "pl") == normalize("24.12.2025", "pl")


@pytest.mark.parametrize(
    ("text", "kind", "language", "order", "message"),
    [
        ("x", "tune", "en-us", None, ", ".join(KINDS)),
        (" ", "digits", "en-us", None, "nothing to read as digits"),
        ("x", "digits", "en-us", None, "'x' is not made of digits"),
        ("XIV", "cardinal", "en-us", None, "not a number"),
        ("9" * 40, "cardinal", "en-us", None, "at most 36 digits"),
        ("3th4", "ordinal", "en-us", None, "not an ordinal"),
        ("call me", "telephone", "en-us", None, "not a telephone number"),
        ("12", "cardinal", "sw", None, "cannot be spelt out"),
        ("12", "ordinal", "sw", None, "cannot be spelt out"),
        ("☃", "characters", "pl", None, "'☃' has no name in the language 'pl'"),
        ("24/12/2025", "date", "en-us", None, "no date '24/12/2025' in the order mdy"),
        ("30.2.2025", "date", "pl", None, "no date"),
        ("24/12", "date", "en-us", None, "not a date of the format mdy"),
        ("24.12.25", "date", "pl", "dmy", "needs four digits"),
        ("20251224", "date", "en-us", "ymd", "2025/12/24"),
        ("1/2/2025", "date", "en-us", "xyz", "mdy, dmy, ymd, md, dm, y"),
        ("1/2/2025", "date", "de", None, "English and Polish only"),
        ("12", "digits", "en-us", "mdy", "interpret-as='date'"),
    ],
)
def test_what_is_not_of_its_kind_is_refused(text, kind, language, order, message):
    with pytest.raises(EmottsError) as caught:
        say_as(text, kind, language, order)
    assert message in str(caught.value)
