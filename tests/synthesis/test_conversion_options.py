import pytest

from emotts.errors import EmottsError
from emotts.synthesis.conversion_options import ConversionOptions


def test_none_leaves_the_default_and_what_differs_is_noted():
    asked = ConversionOptions.of({"seed": 3, "rhythm": None, "suppress": {"angry": 0.8}})
    assert asked.rhythm == "keep"
    assert asked.noted() == {"seed": 3, "suppress": {"angry": 0.8}}
    assert asked.felt().suppress == {"angry": 0.8} and asked.felt().seed == 3


@pytest.mark.parametrize(
    "given, said",
    [
        ({"rhythm": "fast"}, "unknown rhythm 'fast'; choose from keep, convert"),
        ({"scale_emotion": 4}, "between 0 and 3"),
        ({"scale_emotion": float("nan")}, "between 0 and 3"),
        ({"keep": 2}, "between 0 and 1"),
        ({"pitch_blend": 0.5}, "give the transcript"),
        ({"mixing": "blender"}, "choose from embedding"),
        ({"suppress": {"angry": 2}}, "suppression of angry"),
        ({"seed": -1}, "seed is -1"),
        ({"loudness": 2}, "unknown option 'loudness'; choose from scale_emotion"),
    ],
)
def test_other_values_are_refused(given, said):
    with pytest.raises(EmottsError, match=said):
        ConversionOptions.of(given)
