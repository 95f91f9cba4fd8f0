import base64
import io
import json
import re

import numpy as np
import pytest
import soundfile

from emotts.audio.provenance import read_provenance
from emotts.serve.uploads import decode_upload

TEXT = "You were a long way away. No one knew."
BODY = {"model": "emotts", "input": TEXT, "voice": "kathleen"}


def say(client, **fields):
    answer = client.post("/v1/audio/speech", json=BODY | fields)
    assert answer.status_code == 200, answer.text
    return answer


def samples(client, **fields) -> np.ndarray:
    data = say(client, response_format="pcm", **fields).content
    return np.frombuffer(data, "<i2") / 32767


@pytest.fixture(scope="module")
def spoken(client):
    """What the library says itself."""
    return client.app.state.engine.synthesizer.synthesize(TEXT, "kathleen")


def test_the_samples_are_the_library_s(client, spoken):
    assert np.abs(samples(client) - spoken.samples).max() <= 1 / 32767
    assert np.abs(samples(client, emotion="happy", intensity=0) - spoken.samples).max() <= 1 / 32767


@pytest.mark.parametrize("kind", ["mp3", "opus", "aac", "flac", "wav", "pcm"])
@pytest.mark.parametrize("stream", [True, False])
def test_every_format_is_a_file_of_that_length(client, spoken, kind, stream):
    answer = say(client, response_format=kind, stream=stream)
    assert ("content-length" in answer.headers) == (not stream)
    if kind == "pcm":
        assert len(answer.content) == 2 * len(spoken.samples)
        return
    heard = decode_upload(answer.content, 60)
    assert len(heard) == pytest.approx(len(spoken.samples), abs=0.15 * 24000)
    level = [np.sqrt(np.mean(x**2)) for x in (heard, spoken.samples)]
    assert level[0] == pytest.approx(level[1] * len(spoken.samples) ** 0.5 / len(heard) ** 0.5,
                                     rel=0.2)  # fmt: skip


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "opus"])
def test_a_file_tells_how_it_was_made(client, tmp_path, kind, stream):
    path, text = tmp_path / f"a.{kind}", "Zażółć — no one knew."
    fields = dict(response_format=kind, emotion="angry", seed=7, stream=stream, input=text)
    path.write_bytes(say(client, **fields).content)
    told = read_provenance(path)
    assert (told["emotion"], told["seed"], told["text"]) == ("angry", 7, text)


def test_a_streamed_wav_can_be_read_though_its_head_knows_no_length(client, spoken):
    read, rate = soundfile.read(io.BytesIO(say(client, response_format="wav").content))
    assert rate == 24000 and len(read) == len(spoken.samples)


def test_the_default_is_mp3_as_with_openai(client):
    answer = say(client)
    assert answer.headers["content-type"] == "audio/mpeg"


def test_events_carry_the_same_bytes(client):
    text = say(client, response_format="pcm", stream_format="sse").text
    events = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    assert events[-1]["type"] == "speech.audio.done"
    data = b"".join(base64.b64decode(e["audio"]) for e in events[:-1])
    assert len(events) == 3 and data == say(client, response_format="pcm").content


@pytest.mark.parametrize(
    "fields",
    [{"emotion": "angry"}, {"instructions": "Very angry."}, {"affect": {"arousal": 0.9}},
     {"curve": "0%:neutral, 100%:angry"}, {"seed": 3}, {"voice": "nova"}, {"pitch": 4},
     {"emotion": "auto", "input": "I hate it! I am furious. You fool!"},
     {"input": "[angry]You were a long way away.[/] No one knew."}],
)  # fmt: skip
def test_what_is_asked_changes_what_is_heard(client, spoken, fields):
    heard = samples(client, **fields)
    assert len(heard) != len(spoken.samples) or np.abs(heard - spoken.samples).max() > 0.01


def test_speed_is_tempo(client, spoken):
    assert len(samples(client, speed=2.0)) < 0.7 * len(spoken.samples)


def test_ssml_is_read_asked_or_not_and_left_alone_where_forbidden(client):
    document = "<speak>No one knew.<break time='2s'/>No one.</speak>"
    plain = len(samples(client, input="No one knew. No one."))
    for ssml in (None, True):
        assert len(samples(client, input=document, ssml=ssml)) > plain + 24000
    assert len(samples(client, input="[angry]No.[/]", ssml=False)) > 0
    refused = client.post("/v1/audio/speech", json=BODY | {"ssml": True})
    assert refused.status_code == 400 and "<speak>" in refused.json()["error"]["message"]


def test_lists_name_what_can_be_asked_for(client):
    voices = client.get("/v1/voices").json()["data"]
    engine = client.app.state.engine
    assert [v["id"] for v in voices] == list(engine.synthesizer.voices)
    by_alias = {a: v["id"] for v in voices for a in v["aliases"]}
    assert (
        samples(client, voice="alloy").tobytes()
        == samples(client, voice=by_alias["alloy"]).tobytes()
    )
    emotions = client.get("/v1/emotions").json()
    assert {e["id"] for e in emotions["data"]} == set(engine.synthesizer.palette().names)
    assert emotions["adverbs"]["very"] > 1
    for model in client.get("/v1/models").json()["data"]:
        say(client, model=model["id"], input="No.")


def test_conversion_keeps_the_length_and_changes_the_sound(client, recording):
    files = {"file": ("a.wav", recording)}
    for kind in ("wav", "flac"):
        form = dict(emotion="angry", intensity="1", response_format=kind, stream="false")
        answer = client.post("/v1/convert", files=files, data=form)
        assert answer.status_code == 200, answer.text
        before, after = (soundfile.read(io.BytesIO(x))[0] for x in (recording, answer.content))
        assert len(before) == len(after) and np.abs(before - after).max() > 0.01
    voiced = client.post("/v1/convert", files=files, data={"voice": "alloy"})
    assert voiced.status_code == 200 and len(voiced.content) > 10_000


def test_recognition_is_the_recognizer_s(client, recording):
    answer = client.post("/v1/recognize", files={"file": ("x", recording)}).json()
    heard = client.app.state.engine.recognizer.recognize(decode_upload(recording, 5))
    assert answer["emotion"] == heard.emotion
    assert answer["probabilities"] == pytest.approx(heard.probabilities, abs=1e-5)
    files = {"file": ("x", recording), "neutral": ("y", recording)}
    beside = client.post("/v1/recognize", files=files).json()
    assert beside["probabilities"] != answer["probabilities"]


def test_health_and_counters(client):
    assert client.get("/healthz").json()["status"] == "ok"
    before = client.get("/metrics").text
    say(client, input="No one.")
    client.get("/" + "x" * 300)
    after = client.get("/metrics").text

    def value(text, name):
        found = re.search(rf"^{re.escape(name)} ([\d.e+-]+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    said = 'emotts_requests_total{method="POST",path="/v1/audio/speech",status="200"}'
    assert value(after, said) == value(before, said) + 1
    audio = 'emotts_audio_seconds_total{path="/v1/audio/speech"}'
    assert 0.1 < value(after, audio) - value(before, audio) < 10
    assert value(after, "emotts_model_seconds_total") > value(before, "emotts_model_seconds_total")
    assert value(after, "emotts_queue") == 0 and "xxx" not in after


def test_no_page_asks_another_host(client):
    for path in ("/", "/openapi.json"):
        text = client.get(path).text
        assert not re.search(r"(src|href)=.?https?:|cdn", text)
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


def test_behind_a_root_path(make_app):
    from fastapi.testclient import TestClient

    with TestClient(make_app(root_path="/speech", api_key="k")) as client:
        for prefix in ("", "/speech"):
            assert client.get(f"{prefix}/healthz").status_code == 200
            assert client.get(f"{prefix}/v1/voices").status_code == 401
            own = {"Authorization": "Bearer k"}
            assert client.get(f"{prefix}/v1/voices", headers=own).status_code == 200
