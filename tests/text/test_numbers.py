import pytest

from emotts.text.numbers import digits_of, normalize_numbers, num2words_code, whole_number


@pytest.mark.parametrize(
    ("language", "code"),
    [("en-us", "en"), ("pl", "pl"), ("nb", "no"), ("pt-br", "pt_BR"), ("fr-be", "fr_BE"),
     ("fr-fr", "fr"), ("cmn", None), ("sw", None)],
)  # fmt: skip
def test_num2words_codes(language, code):
    assert num2words_code(language) == code


def test_whole_numbers():
    assert whole_number("1006", "en") == "one thousand and six"
    assert whole_number("0", "pl") == "zero"
    assert whole_number("042", "en") == "zero four two"
    assert whole_number("9" * 37, "en") == " ".join(["nine"] * 37)
    assert digits_of("30", "pl") == "trzy zero"


def test_figures_inside_words_and_dates_are_left_to_espeak():
    assert normalize_numbers("MP3 3.5.2020", "de") == "MP3 3.5.2020"


def test_grouping_follows_the_language():
    assert normalize_numbers("1.000", "de") == "eintausend"
    assert normalize_numbers("1,000", "ko") == normalize_numbers("1000", "ko") != "1000"
