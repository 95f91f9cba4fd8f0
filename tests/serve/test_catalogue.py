from types import SimpleNamespace

import pytest

from emotts import EmottsError
from emotts.serve.catalogue import OPENAI_VOICES, asked_voice, voice_aliases


def voices(**kinds):
    """name="female en-us" → voices."""
    return {
        name: SimpleNamespace(name=name, sex=kind.split()[0], language=kind.split()[1])
        for name, kind in kinds.items()
    }


KNOWN = voices(ewa="female pl", ann="female en-us", bob="male en-gb", eve="female en-us")


def test_every_openai_voice_is_answered_by_an_english_one_of_its_sex():
    aliases = voice_aliases(KNOWN)
    assert set(aliases) == {name for names in OPENAI_VOICES.values() for name in names}
    assert {aliases[name] for name in OPENAI_VOICES["female"]} == {"ann", "eve"}
    assert {aliases[name] for name in OPENAI_VOICES["male"]} == {"bob"}


def test_without_such_voices_others_answer():
    assert set(voice_aliases(voices(ewa="female pl")).values()) == {"ewa"}


def test_a_voice_of_our_own_keeps_its_name():
    own = KNOWN | voices(alloy="male en-us")
    assert asked_voice(own, "alloy") == "alloy" and "alloy" not in voice_aliases(own)


@pytest.mark.parametrize("name", ["", "Alloy", "ann ", "../ann"])
def test_other_names_are_refused_with_the_choices(name):
    with pytest.raises(EmottsError, match="ewa, ann, bob, eve"):
        asked_voice(KNOWN, name)
