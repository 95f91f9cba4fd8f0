import pytest

from emotts.cli.options import check_number
from emotts.errors import EmottsError


@pytest.mark.parametrize("value", [None, 1, 1.0, 2, 1.5])
def test_borders_belong_to_a_range_and_nothing_given_is_fine(value):
    check_number("--rate", value, 1, 2)


@pytest.mark.parametrize("value", [0.999, 2.001, -1, float("nan"), float("inf")])
def test_the_range_is_named(value):
    with pytest.raises(EmottsError, match="--rate must be a number from 1 to 2, not "):
        check_number("--rate", value, 1, 2)
