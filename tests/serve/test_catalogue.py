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


def test_an_emotion_taught_while_the_server_runs_is_listed_and_felt(
    make_app, tmp_path, monkeypatch
):
    import numpy as np
    from fastapi.testclient import TestClient

    from emotts.emotion.learned import Facts, LearnedEmotions

    monkeypatch.setenv("EMOTTS_HOME", str(tmp_path))
    body = {"model": "emotts", "input": "No one.", "voice": "kathleen", "emotion": "smug"}

    def names(client) -> dict[str, str]:
        return {e["id"]: e["kind"] for e in client.get("/v1/emotions").json()["data"]}

    with TestClient(make_app(personal=True)) as client, TestClient(make_app()) as private:
        assert "smug" not in names(client)
        assert client.post("/v1/audio/speech", json=body).status_code == 400
        known = client.app.state.engine.synthesizer
        vector = np.ones(known.models.space.dim, np.float32)
        facts = Facts(1, "2026-01-01", "everybody's neutral", known.mark)
        LearnedEmotions().save("smug", vector, facts)
        assert client.post("/v1/audio/speech", json=body).status_code == 200
        assert names(client)["smug"] == "learnt"
        assert "smug" not in names(private)
        LearnedEmotions().delete("smug")
        assert "smug" not in names(client)
        assert client.post("/v1/audio/speech", json=body).status_code == 400
