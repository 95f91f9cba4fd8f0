import re

import pytest

from emotts.text.roman import ROMAN, roman_value


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("XL", 40), ("XCIX", 99), ("CDXLIV", 444),
     ("MCMXCIX", 1999), ("MMXXVII", 2027)],
)  # fmt: skip
def test_values(numeral, value):
    assert re.fullmatch(ROMAN, numeral)
    assert roman_value(numeral) == value


@pytest.mark.parametrize("word", ["", "IIII", "VX", "IC", "MIXED", "XXXX", "iv", "DIM"])
def test_what_is_no_numeral(word):
    assert not re.fullmatch(ROMAN, word)
