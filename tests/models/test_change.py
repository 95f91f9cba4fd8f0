import numpy as np
import pytest

from emotts.models.change import SIZE, GlobalChange


def test_vectors_are_read_back():
    vector = np.random.default_rng(0).normal(size=SIZE).astype(np.float32)
    np.testing.assert_array_equal(GlobalChange.from_vector(vector).vector(), vector)


def test_no_change_is_zero():
    change = GlobalChange()
    assert not change.vector().any()
    assert change.level_db == 0
    change.colour[0] = 1
    assert not GlobalChange().colour.any()


def test_an_even_colour_is_a_level():
    assert GlobalChange(colour=np.full((2, 80), np.log(2))).level_db == pytest.approx(6.0206, 1e-4)


def test_vectors_of_another_length_are_refused():
    with pytest.raises(ValueError):
        GlobalChange.from_vector(np.zeros(SIZE - 1))
