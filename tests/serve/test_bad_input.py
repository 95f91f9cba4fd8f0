"""Whatever is sent: a 4xx with one sentence, in OpenAI's shape, and the server goes on."""

import io
import json
import struct

import numpy as np
import pytest
import soundfile

BODY = {"model": "emotts", "input": "No one knew.", "voice": "kathleen"}


def refusal(answer) -> str:
    """The sentence of an answer that refuses."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:500])
    assert set(answer.json()) == {"error"}
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"].endswith("_error")
    assert error["message"] and "\n" not in error["message"] and "Traceback" not in str(error)
    return error["message"]


BOMB = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><speak>&b;</speak>'


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"input": ""}, "empty"),
        ({"input": " \n"}, "empty"),
        ({"input": "a" * 100_000}, "bytes"),
        ({"input": "a" * 2001}, "2001 characters"),
        ({"input": "\0"}, "U+0000"),
        ({"input": "\ud800"}, "U+D800"),
        ({"input": "?!"}, "pronounced"),
        ({"input": BOMB}, "entities"),
        ({"input": "<speak>" + "<prosody rate='fast'>" * 60}, "nested"),
        ({"input": "<speak>a" + "<break time='20s'/>" * 90 + "b</speak>"}, "1800 s"),
        ({"input": "a [pause 20s] b"}, "20 s"),
        ({"input": "[[" + "a" * 1500 + "]]"}, "phonemes"),
        ({"input": "[laugh] ha"}, "laugh"),
        ({"input": 7}, "input"),
        ({"input": None}, "input"),
        ({"voice": "bob"}, "kathleen"),
        ({"voice": "../../etc/passwd"}, "kathleen"),
        ({"voice": {"id": "voice_1"}}, "kathleen"),
        ({"voice": []}, "voice"),
        ({"model": "gpt-9"}, "tts-1"),
        ({"response_format": "exe"}, "response_format"),
        ({"speed": 4}, "speed"),
        ({"speed": "fast"}, "speed"),
        ({"emotion": "hungry"}, "happy"),
        ({"emotion": "happy" * 500}, "emotion"),
        ({"emotion": "happy", "affect": {"valence": 1}}, "give one"),
        ({"affect": {}}, "at least one"),
        ({"affect": {"valence": 3}}, "valence"),
        ({"affect": {"joy": 1}}, "joy"),
        ({"instructions": "Speak like a pirate."}, "very happy"),
        ({"intensity": 9}, "intensity"),
        ({"curve": "50%"}, "curve"),
        ({"suppress": {"hungry": 1}}, "hungry"),
        ({"language": "klingon"}, "klingon"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"steps": 10_000}, "steps"),
        ({"best_of": 999}, "best_of"),
        ({"checkpoint": "/etc"}, "checkpoint"),
    ],
)  # fmt: skip
def test_speech_that_cannot_be(client, fields, named):
    body = json.dumps(BODY | fields)
    kind = {"Content-Type": "application/json"}
    assert named in refusal(client.post("/v1/audio/speech", content=body, headers=kind))


@pytest.mark.parametrize(
    "data", [b"", b"{", b"null", b"[]", b'"a"', b"\xff\xfe", b"[" * 30_000, b'{"input": NaN}']
)
def test_bodies_that_are_no_request(client, data):
    kind = {"Content-Type": "application/json"}
    refusal(client.post("/v1/audio/speech", content=data, headers=kind))
    refusal(client.post("/v1/audio/speech", content=data))


def wav(samples, rate=24000, kind="PCM_16") -> bytes:
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format="WAV", subtype=kind)
    return out.getvalue()


def lying_wav() -> bytes:
    """A header that promises four gigabytes, over half of a second."""
    data = bytearray(wav(np.zeros(100)))
    data[40:44] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(data)


def long_flac() -> bytes:
    """An hour of silence in few bytes."""
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", 8000, 1, format="FLAC") as file:
        for _ in range(60):
            file.write(np.zeros(60 * 8000, np.int16))
    return out.getvalue()


UPLOADS = {
    "empty": (b"", "empty"),
    "text": (b"Hello, I am no audio.", "wav, flac"),
    "zeros": (b"\0" * 10_000, "wav, flac"),
    "cut": (wav(np.zeros(10))[:20], "wav, flac"),
    "playlist": (b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/hosts\n", "wav, flac"),
    "concat": (b"ffconcat version 1.0\nfile /etc/hosts\n", "wav, flac"),
    "lying": (lying_wav(), "0.3 s"),
    "no samples": (wav(np.zeros(0)), ""),
    "short": (wav(np.full(500, 0.1)), "0.3 s"),
    "silent": (wav(np.zeros(24000)), ""),
    "NaN": (wav(np.full(24000, np.nan), kind="FLOAT"), "finite"),
    "long": (wav(np.zeros(6 * 8000), 8000), "longer than 5 s"),
    "an hour in few bytes": (long_flac(), "longer than 5 s"),
    "large": (b"\0" * 500_000, "bytes"),
}


@pytest.mark.parametrize("name", UPLOADS)
@pytest.mark.parametrize("path", ["/v1/convert", "/v1/recognize"])
def test_uploads_that_are_no_speech(client, path, name):
    data, named = UPLOADS[name]
    answer = client.post(path, files={"file": (f"../../{name}.wav", data)}, data={})
    assert named in refusal(answer)


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "/etc/passwd", "a\0b.wav", "x" * 1000, "|ls"]
)
def test_a_file_s_name_plays_no_part(client, recording, name):
    answer = client.post("/v1/recognize", files={"file": (name, recording)})
    assert answer.status_code == 200 and "passwd" not in answer.text


@pytest.mark.parametrize(
    ("form", "named"),
    [({"emotion": "hungry"}, "happy"), ({"intensity": "1"}, "emotion"),
     ({"voice": "bob"}, "kathleen"), ({"rhythm": "waltz"}, "rhythm"),
     ({"pitch": "nan"}, "pitch"), ({"seed": "-1"}, "seed"),
     ({"nothing": "1"}, "nothing"), ({"emotion": "happy", "scale_emotion": "2"}, "give one"),
     ({"response_format": "../a"}, "response_format")],
)  # fmt: skip
def test_conversions_that_cannot_be(client, recording, form, named):
    answer = client.post("/v1/convert", files={"file": ("a.wav", recording)}, data=form)
    assert named in refusal(answer)


def test_forms_that_are_none(client):
    for path in ("/v1/convert", "/v1/recognize"):
        refusal(client.post(path))
        refusal(client.post(path, json={"file": "a"}))
        refusal(client.post(path, data={"file": "text and no file"}))
        broken = {"Content-Type": "multipart/form-data; boundary=x"}
        refusal(client.post(path, content=b"--x\r\nbroken", headers=broken))
        refusal(client.post(path, content=b"x", headers={"Content-Type": "multipart/form-data"}))


@pytest.mark.parametrize("path", ["/nope", "/v1/", "/v1/audio/speech/", "/../etc/passwd",
                                  "/v1/%2e%2e/%2e%2e/etc/passwd"])  # fmt: skip
def test_addresses_that_do_not_exist(client, path):
    refusal(client.get(path))
    refusal(client.delete("/v1/voices"))


def test_after_all_that_it_still_speaks(client):
    assert client.post("/v1/audio/speech", json=BODY).status_code == 200
