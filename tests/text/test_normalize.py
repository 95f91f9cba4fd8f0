import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.text.normalize import normalize


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("“Go,” she said – ‘now’…", '"Go," she said — now…'),
        ("Wait.... what?!", "Wait… what?!"),
        ("a -- b --- c - d", "a — b — c — d"),
        ("well-known mother-in-law's", "well-known mother-in-law's"),
        ("Stay (or go). Now", "Stay, or go. Now"),
        ("  many \n spaces\t here ", "many spaces here"),
        ("Ｈｅｌｌｏ！", "Hello!"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("nice 😀👍🏽 day 🇵🇱", "nice day"),
        ("efﬁcient cafe\u0301", "efficient café"),
        ("*bold* `code`", "bold code"),
    ],
)
def test_marks_have_one_spelling(text, spoken):
    assert normalize(text, "en-us") == spoken


def test_overrides_stay_as_they_are():
    assert normalize("At 5 [[a5, %]], $2.", "en-us") == "At five [[a5, %]], two dollars."
    assert normalize("WWW.[[x]] [[y]]", "pl").endswith("[[x]] [[y]]")


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("de", "Es sind 21 Kinder", "Es sind einundzwanzig Kinder"),
        ("de", "1.250 Meter", "eintausendzweihundertfünfzig Meter"),
        ("fr-fr", "3,5 litres", "trois virgule cinq litres"),
        ("es", "Tengo -2 euros", "Tengo menos dos euros"),
        ("pt-br", "16 dias", "dezesseis dias"),
        ("nb", "3 hus", "tre hus"),
    ],
)
def test_numbers_of_other_languages(language, text, spoken):
    assert normalize(text, language) == spoken


def test_languages_without_number_words_leave_figures_to_espeak():
    assert normalize("25", "sw") == "25"


_PIECES = (
    "Chapter IV Henry VIII $ 5 . 3/4 12:30 a.m. 1999 St. Dr. No. Jan 14 March www.a.b x@y.z v1.2.3 "
    "100 % km -7 [[a]] U.S. I 21st '90s 1,000 0/0 25:99 13/13/2020 .5 k XX w. zł 5,50 mln II - +44 "
    '20 123 " ½ ² ¹ Ⅷ ٣ ① 00 5\' 11" 99999999999999999999999999999999999999999999'
).split()
_TEXT = (
    st.text(max_size=50)
    | st.lists(st.sampled_from(_PIECES), max_size=10).map(" ".join)
    | st.lists(st.sampled_from(_PIECES), max_size=10).map("".join)
)


@given(_TEXT, st.sampled_from(["en-us", "en-gb", "pl"]))
def test_any_text_becomes_words_and_known_marks(text, language):
    spoken = re.sub(r"\[\[.*?\]\]", "", normalize(text, language), flags=re.DOTALL)
    assert not re.search(r"\d", spoken)
    for character in spoken:
        assert (
            unicodedata.category(character)[0] in "LMN" or character in " .,?!;:…—\"'-\u200c\u200d"
        )
