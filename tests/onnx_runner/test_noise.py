import numpy as np
import pytest
import torch

from emotts.onnx_runner.noise import TorchNoise


@pytest.mark.parametrize("seed", [0, 1, 7919, 2**31, 2**32 - 1])
def test_numbers_are_those_of_torch(seed):
    """Counts below sixteen, of whole sixteens and with a rest: torch draws each another way."""
    generator, noise = torch.Generator().manual_seed(seed), TorchNoise(seed)
    for shape in [(1, 3, 4), (1, 9, 4), (5,), (15,), (16,), (1003,), (1, 11, 160), (3,), (2, 8)]:
        expected = torch.randn(*shape, generator=generator).numpy()
        given = noise.normal(*shape)
        assert given.dtype == np.float32 and given.shape == shape
        np.testing.assert_allclose(given, expected, atol=2e-6, rtol=0)


def test_seeds_differ_and_repeat():
    first = TorchNoise(1).normal(100)
    assert np.array_equal(first, TorchNoise(1).normal(100))
    assert not np.array_equal(first, TorchNoise(2).normal(100))
