import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from emotts.models import prosody as networks
from emotts.onnx_runner.prosody import token_place, whole_pairs
from emotts.synthesis import phrasing

TOKENS = st.lists(st.tuples(st.floats(0, 30), st.booleans()), min_size=1, max_size=40)


@given(TOKENS)
def test_places_and_whole_pairs_are_those_of_torch(tokens):
    pairs = np.array([size for size, _ in tokens])
    pause = np.array([is_pause for _, is_pause in tokens])
    np.testing.assert_allclose(
        token_place(pause), networks.token_place(torch.from_numpy(pause)).numpy(), atol=1e-6
    )
    whole = whole_pairs(pairs, pause)
    assert np.array_equal(whole, phrasing.whole_pairs(pairs, pause))
    assert (whole[~pause] >= 1).all()
