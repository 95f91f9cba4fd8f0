import pytest

from emotts.text.addresses import AddressWords, read_addresses, read_phones

WORDS = AddressWords(
    signs={".": "dot", "@": "at", "/": "slash", "_": "underscore", "-": "dash", "+": "plus"},
    letters=lambda letters: "-".join(letters.upper()),
    digits=" ".join,
    number=lambda digits: f"<{digits}>",
)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("to a1@b.org, please", "to a <1> at B dot org, please"),
        ("see http://site.net/!", "see site dot net!"),
        ("see www.site.co.uk", "see W-W-W dot site dot co dot U-K"),
        ("run make_it.sh.", "run make underscore it dot S-H."),
        ("It ended. we left", "It ended. we left"),
        ("5.5 and x@ and @y", "5.5 and x@ and @y"),
    ],
)
def test_addresses(text, spoken):
    assert read_addresses(text, WORDS) == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("+1 212 555 0100.", "plus 1, 2 1 2, 5 5 5, 0 1 0 0."),
        ("555-0100", "5 5 5, 0 1 0 0"),
        ("020 7946 0018", "0 2 0, 7 9 4 6, 0 0 1 8"),
        ("1-555", "1-555"),
        ("1999-2003", "1999-2003"),
        ("12-3456-7", "12-3456-7"),
    ],
)
def test_phones(text, spoken):
    assert read_phones(text, WORDS) == spoken
