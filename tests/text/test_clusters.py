import numpy as np
import pytest

from emotts.text.clusters import in_cluster
from emotts.text.sequence import phone_sequence


@pytest.mark.parametrize(
    ("phonemes", "clusters"),
    [
        ("sˈɪksθ sˈɪk", "ksθs"),  # across a border
        ("sˈɪk sˈɪk", ""),  # two are no cluster
        ("sˈɪksθ, sˈɪk", "ksθ"),  # a pause ends one
        ("stɹˈiːt", "stɹ"),  # at the beginning
        ("lˈɛŋkθs", "ŋkθs"),  # at the end
        ("ˈoʊ", ""),
    ],
)
def test_consonants_in_a_row(phonemes, clusters):
    sequence = phone_sequence(list(phonemes), "en-us")
    found = in_cluster(sequence)
    assert found.shape == (len(sequence),)
    names = [s for s, inside in zip(sequence.symbols, found, strict=True) if inside]
    assert "".join(names).replace(" ", "") == clusters
    assert not found[np.array(sequence.word) < 0].any()
