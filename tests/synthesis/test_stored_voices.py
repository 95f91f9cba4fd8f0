import numpy as np
import pytest
from converting import converter_of
from pipeline import made_speech

from emotts import EmottsError
from emotts.audio.io import write_audio
from emotts.synthesis.stored_voices import (
    StoredVoices,
    checked_consent,
    checked_voice_name,
    make_voice,
    read_voice,
    speaker_mark,
    stored_voices,
)

CONSENT = "Anna Nowak, in writing, 2026-03-01"


@pytest.fixture(scope="module")
def converter(trained, tmp_path_factory):
    return converter_of(trained.checkpoints, tmp_path_factory.getbasetemp() / "converting")


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    speech = np.concatenate([made_speech(190, 2.0, seed=i) for i in range(3)])
    return write_audio(tmp_path_factory.mktemp("clips") / "anna.wav", speech, 24000)


@pytest.fixture(scope="module")
def made(converter, recording):
    return make_voice(converter, "anna", [recording], f" {CONSENT}\n", "pl", "female")


def test_a_voice_is_kept_with_who_agreed(made, tmp_path):
    voice, card, neutral = made
    store = StoredVoices(tmp_path / "voices")
    assert store.names() == ()
    store.save(voice, card, neutral)
    again, told, centre = store.load("anna")
    assert told == card and card["consent"] == CONSENT and card["files"] == ["anna.wav"]
    assert again.licence == f"consent: {CONSENT}" and again.language == "pl"
    assert np.allclose(again.embedding, voice.embedding, atol=1e-6)
    assert again.log_f0 == voice.log_f0 and np.array_equal(centre, np.float32(neutral))
    with pytest.raises(EmottsError, match="a voice anna already"):
        store.save(voice, card, neutral)
    store.save(voice, card, neutral, replace=True)
    store.delete("anna")
    assert store.names() == ()


def test_a_stored_voice_speaks(converter, made, monkeypatch, tmp_path):
    monkeypatch.setenv("EMOTTS_HOME", str(tmp_path))
    assert stored_voices(converter.models.folder) == {}
    StoredVoices().save(*made)
    assert (tmp_path / "voices" / "anna.safetensors").is_file()
    found = stored_voices(converter.models.folder)
    assert list(found) == ["anna"]
    spoken = converter.convert(made_speech(120, 1.8), voice=found["anna"], emotion="happy")
    assert spoken.provenance["voice"] == "anna"


def test_voices_of_other_checkpoints_are_left_out(converter, made, tmp_path):
    voice, card, neutral = made
    assert card["checkpoint"] == speaker_mark(converter.models.folder)
    store = StoredVoices(tmp_path)
    store.save(voice, card | {"checkpoint": "other"}, neutral)
    with pytest.warns(UserWarning, match="anna was measured with other checkpoints"):
        assert store.voices(card["checkpoint"]) == {}
    assert list(store.voices()) == ["anna"]


@pytest.mark.parametrize("consent", [None, "", "  \n", "yes"])
def test_without_consent_there_is_no_voice(converter, recording, consent):
    with pytest.raises(EmottsError, match="give --consent"):
        make_voice(converter, "anna", [recording], consent)
    with pytest.raises(EmottsError, match="give --consent"):
        checked_consent(consent)


@pytest.mark.parametrize("name", ["", "Anna", "../anna", "an na", "source", "a" * 41, "-anna"])
def test_names_that_a_voice_cannot_have(name):
    with pytest.raises(EmottsError, match="cannot be a voice's name"):
        checked_voice_name(name)


def test_what_ships_is_not_replaced(converter, recording):
    with pytest.raises(EmottsError, match="kathleen is a voice that ships"):
        make_voice(converter, "kathleen", [recording], CONSENT)


def test_too_little_speech(converter, tmp_path):
    short = write_audio(tmp_path / "a.wav", made_speech(150, 2.0), 24000)
    with pytest.raises(EmottsError, match="2.0 s of speech are too few"):
        make_voice(converter, "anna", [short], CONSENT)


def test_other_files_are_no_voices(tmp_path):
    from safetensors.numpy import save_file

    (tmp_path / "a.safetensors").write_bytes(b"a letter")
    save_file({"x": np.zeros(3)}, tmp_path / "b.safetensors")
    for name in "ab":
        with pytest.raises(EmottsError, match="no stored voice"):
            read_voice(tmp_path / f"{name}.safetensors")
    with pytest.raises(EmottsError, match="no stored voice 'c'; there are: a, b"):
        StoredVoices(tmp_path).load("c")
