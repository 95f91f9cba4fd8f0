import pytest

from emotts.cli.options import check_device, check_number
from emotts.errors import EmottsError


@pytest.mark.parametrize("value", [None, 1, 1.0, 2, 1.5])
def test_borders_belong_to_a_range_and_nothing_given_is_fine(value):
    check_number("--rate", value, 1, 2)


@pytest.mark.parametrize("value", [0.999, 2.001, -1, float("nan"), float("inf")])
def test_the_range_is_named(value):
    with pytest.raises(EmottsError, match="--rate must be a number from 1 to 2, not "):
        check_number("--rate", value, 1, 2)


def test_the_ranges_of_say_are_the_synthesizers():
    from emotts.cli.say import RANGES
    from emotts.synthesis import synthesizer

    assert {name: synthesizer.RANGES[name] for name in RANGES} == RANGES


@pytest.mark.parametrize("device", ["gpu", "", "cuda:", "cuda:x", "CPU"])
def test_an_unknown_device_names_the_known(device):
    with pytest.raises(EmottsError, match="choose from cpu, cuda"):
        check_device(device)


def test_a_device_that_is_not_here_is_refused():
    check_device("cpu")
    with pytest.raises(EmottsError, match="this machine has no device 'cuda:99'"):
        check_device("cuda:99")
