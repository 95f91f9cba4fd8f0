import pytest

from emotts.errors import EmottsError
from emotts.synthesis.voices import find_voice


def test_a_voice_is_found_by_its_name(synthesizer):
    voice = find_voice(synthesizer.voices, "EB0")
    assert (voice.corpus, voice.language) == ("nemo", "pl") and voice.minutes > 0
    assert voice.spectrum().shape == (80,)
    assert sum(x * x for x in voice.embedding) == pytest.approx(1, abs=1e-2)


def test_users_are_shown_who_speaks_not_how_it_was_measured(synthesizer):
    shown = synthesizer.voices["kathleen"].model_dump()
    assert set(shown) == {"name", "sex", "language", "corpus", "licence", "minutes"}


def test_an_unknown_voice_names_the_voices(synthesizer):
    with pytest.raises(EmottsError, match="'Kathleen'; choose from .*kathleen"):
        find_voice(synthesizer.voices, "Kathleen")
