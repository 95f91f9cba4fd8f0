from emotts.emotion.adverbs import ADVERBS
from emotts.emotion.emotion import MAX_INTENSITY


def test_the_order_is_the_one_cliff_measured():
    measured = ["slightly", "somewhat", "rather", "pretty", None, "quite", "very", "extremely"]
    values = [1.0 if adverb is None else ADVERBS[adverb] for adverb in measured]
    assert values == sorted(set(values))


def test_every_adverb_is_an_intensity_and_is_written_plainly():
    assert all(0 < value <= MAX_INTENSITY for value in ADVERBS.values())
    assert all(adverb == " ".join(adverb.lower().split()) for adverb in ADVERBS)


def test_no_adverb_hides_another():
    """Longer adverbs would have to come first if one began with another."""
    assert not [(a, b) for a in ADVERBS for b in ADVERBS if a != b and b.startswith(a + " ")]
