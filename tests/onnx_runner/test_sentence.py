import numpy as np
import torch

from emotts.models import content
from emotts.onnx_runner.sentence import bounded_level, token_of_pair
from emotts.synthesis import sentence


def test_pairs_know_their_token_and_place():
    durations = np.array([3, 1, 0, 7, 2])
    index, place = token_of_pair(durations)
    wanted = content.token_of_pair(torch.from_numpy(durations))
    assert np.array_equal(index, wanted[0].numpy())
    np.testing.assert_allclose(place, wanted[1].numpy(), atol=1e-6)
    assert place.dtype == np.float32


def test_levels_are_bounded_alike():
    colour = np.random.default_rng(0).normal(0, 2, size=(20, 2, 80))
    np.testing.assert_allclose(bounded_level(colour), sentence.bounded_level(colour))
