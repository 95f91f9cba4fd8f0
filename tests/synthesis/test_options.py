"""Options: strict, with sentences for what is wrong."""

import pytest

from emotts.errors import EmottsError
from emotts.synthesis.options import RANGES, Options


def test_none_leaves_a_default_and_what_differs_is_noted():
    options = Options.of(dict(rate=None, pitch=2.0, mixing="velocity"))
    noted = options.noted()
    assert options.rate == 1.0 and noted["pitch"] == 2.0 and noted["mixing"] == "velocity"
    assert "directions" not in noted
    assert Options.of(noted) == options


@pytest.mark.parametrize(
    "given, message",
    [
        (dict(speed=2), "unknown option 'speed'; choose from language, rate"),
        (dict(mixing="blender"), "unknown mixing 'blender'; choose from embedding, velocity"),
        (dict(steps=2.5), "whole number"),
        (dict(seed=-1), "whole number"),
        (dict(rate=True), "rate is True; it must be a number"),
        (dict(suppress={"angry": 2}), "suppression of angry is 2; it must lie between 0 and 1"),
        *[({name: low - 1}, f"{name} is") for name, (low, _) in RANGES.items()],
    ],
)
def test_what_is_wrong_is_named(given, message):
    with pytest.raises(EmottsError, match=message):
        Options.of(given)
