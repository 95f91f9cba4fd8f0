import asyncio
import threading

import pytest
from live_server import Gated

BODY = {"model": "emotts", "input": "No one knew. No one.", "voice": "kathleen"}


def test_a_key_is_asked_for_where_one_is_set(make_app):
    from fastapi.testclient import TestClient

    with TestClient(make_app(api_key="sésame")) as client:
        for path in ("/healthz", "/openapi.json", "/"):
            assert client.get(path).status_code == 200
        for key in (None, "", "sesame", "sésame ", "SÉSAME", "sésam", "x" * 5000):
            given = {} if key is None else {"Authorization": f"Bearer {key}".encode()}
            for path in ("/v1/voices", "/metrics", "/nope"):
                answer = client.get(path, headers=given)
                assert answer.status_code == 401
                assert answer.json()["error"]["code"] == "invalid_api_key"
            assert client.post("/v1/audio/speech", headers=given, json=BODY).status_code == 401
        for scheme in ("Basic", "bearer", ""):
            wrong = {"Authorization": f"{scheme} sésame".encode()}
            assert client.get("/v1/voices", headers=wrong).status_code == 401
        right = {"Authorization": "Bearer sésame".encode()}
        assert client.get("/v1/voices", headers=right).status_code == 200


def test_a_key_is_never_shown():
    from emotts.serve.settings import Settings

    assert "sesame" not in repr(Settings(api_key="sesame"))


def gate(app, **settings):
    from emotts.serve.gate import Gate
    from emotts.serve.metrics import Metrics
    from emotts.serve.settings import Settings

    return Gate(app, Settings(**settings), Metrics(), ["/speak"], {"/speak": 0})


def ask(gate, *body: bytes, headers=()):
    """Send one request, and return what the gate sends."""
    parts = [{"type": "http.request", "body": b, "more_body": True} for b in body]
    parts.append({"type": "http.request", "body": b"", "more_body": False})
    sent = []

    async def receive():
        return parts.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/speak", "headers": list(headers)}
    asyncio.run(gate(scope, receive, send))
    return sent


def test_a_body_that_lies_about_its_length_is_stopped():
    from emotts.serve.errors import Refused

    async def reads(scope, receive, send):
        while (await receive())["more_body"]:
            pass

    most = 65_536 + 12 * 100
    guarded = gate(reads, max_characters=100)
    assert ask(guarded, b"a" * most) == []
    with pytest.raises(Refused) as error:
        ask(guarded, b"a" * most, b"b", headers=[(b"content-length", b"5")])
    assert error.value.status_code == 413
    sent = ask(guarded, headers=[(b"content-length", str(most + 1).encode())])
    assert sent[0]["status"] == 413
    assert guarded.open == 0


def test_what_takes_too_long_is_answered_or_broken_off():
    async def never(scope, receive, send):
        await asyncio.Event().wait()

    async def starts(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.Event().wait()

    assert ask(gate(never, max_seconds=0.01))[0]["status"] == 408
    with pytest.raises(ConnectionAbortedError):
        ask(gate(starts, max_seconds=0.01))


def test_more_than_the_most_are_sent_away_and_the_rest_is_served(make_app):
    from fastapi.testclient import TestClient

    app = make_app(max_requests=1)
    model = app.state.engine.synthesizer = Gated(app.state.engine.synthesizer)
    answers = []
    with TestClient(app) as client:

        def ask_for_speech():
            answers.append(client.post("/v1/audio/speech", json=BODY))

        first = threading.Thread(target=ask_for_speech)
        first.start()
        assert model.under_way.wait(60)
        ask_for_speech()
        assert answers[0].status_code == 429 and answers[0].headers["retry-after"]
        assert "1 requests" in answers[0].json()["error"]["message"]
        assert client.get("/healthz").status_code == 200
        model.go.release(10)
        first.join(60)
        assert answers[1].status_code == 200
        ask_for_speech()
        assert answers[2].status_code == 200
