"""A real server on a real socket."""

import json
import socket
import threading
from urllib.parse import urlsplit

import pytest
from live_server import TEXT, post, serving, wait_for

pytest.importorskip("uvicorn")
from emotts import EmottsError  # noqa: E402
from emotts.serve.run import listen  # noqa: E402


@pytest.fixture(scope="module")
def address(make_app):
    with serving(make_app(max_requests=20)) as (found, _, _):
        yield found


def test_the_openai_package_as_it_is(address, tmp_path):
    openai = pytest.importorskip("openai")
    client = openai.OpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0)
    asked = dict(model="tts-1", voice="alloy", input=TEXT)
    plain = client.audio.speech.create(**asked).content
    assert plain[:3] == b"ID3"  # an mp3 file, tagged
    with client.audio.speech.with_streaming_response.create(
        **asked, response_format="wav", extra_body={"emotion": "happy", "intensity": 0.8}
    ) as answer:
        answer.stream_to_file(tmp_path / "a.wav")
    import soundfile

    assert soundfile.read(tmp_path / "a.wav")[1] == 24000
    assert {m.id for m in client.models.list()} >= {"emotts", "tts-1"}
    with pytest.raises(openai.BadRequestError, match="choose from .*kathleen"):
        client.audio.speech.create(**asked | {"voice": "bob"})
    with pytest.raises(openai.NotFoundError, match="no model"):
        client.audio.speech.create(**asked | {"model": "tts-9"})


def test_a_sentence_is_heard_before_the_next_is_made(gated):
    app, model = gated
    with serving(app) as (address, _, _):
        openai = pytest.importorskip("openai")
        client = openai.OpenAI(base_url=f"{address}/v1", api_key="any")
        model.go.release()
        with client.audio.speech.with_streaming_response.create(
            model="emotts", voice="kathleen", input=TEXT, response_format="pcm"
        ) as answer:
            chunks = answer.iter_bytes(4096)
            assert len(next(chunks)) > 0  # while the second sentence still waits
            model.go.release(2)
            assert sum(map(len, chunks)) > 4096
        assert model.begun == 3


def test_a_client_that_hangs_up_costs_no_more_sentences(gated):
    app, model = gated
    with serving(app) as (address, _, _):
        connection = post(address)
        model.go.release()
        answer = connection.getresponse()
        assert answer.read(100)
        answer.close()
        connection.close()
        model.go.release()  # the sentence that was under way
        assert model.closed.wait(60)
        assert model.begun <= 2
        model.go.release(10)
        answer = post(address, input="No one.").getresponse()
        assert answer.status == 200 and answer.read()


def test_who_hangs_up_while_waiting_is_not_served(gated):
    app, model = gated
    with serving(app) as (address, _, _):
        first = post(address, input="No one.")
        assert model.under_way.wait(60)
        waiting = post(address, input="No one knew.")
        gate = app.state.engine.metrics
        wait_for(lambda: gate.registry.get_sample_value("emotts_requests_open") == 2)
        waiting.close()
        wait_for(lambda: gate.registry.get_sample_value("emotts_requests_open") == 1)
        model.go.release(10)
        assert first.getresponse().read()
        assert model.begun == 1


def test_two_hundred_at_once(address):
    answers, lock = [], threading.Lock()

    def ask():
        answer = post(address, input="No one.").getresponse()
        said = (answer.status, answer.read())
        with lock:
            answers.append(said)

    threads = [threading.Thread(target=ask) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    served = [data for status, data in answers if status == 200]
    assert len(answers) == 200 and len(served) >= 20
    assert len(set(served)) == 1, "the same request has the same samples"
    for status, data in answers:
        assert status in (200, 429)
        assert status == 200 or "try again" in json.loads(data)["error"]["message"]


def test_a_server_that_is_stopped_finishes_what_it_has_begun(gated):
    app, model = gated
    with serving(app) as (address, server, thread):
        connection = post(address)
        model.go.release()
        answer = connection.getresponse()
        begun = answer.read(100)
        server.should_exit = True
        wait_for(lambda: refuses(address))
        assert thread.is_alive()
        model.go.release(2)
        rest = answer.read()  # raises IncompleteRead where it was cut short
        thread.join(60)
        assert not thread.is_alive()
    assert model.begun == 3 and len(begun + rest) > 20_000


def refuses(address: str) -> bool:
    place = urlsplit(address)
    try:
        socket.create_connection((place.hostname, place.port), timeout=5).close()
    except OSError:
        return True
    return False


def test_addresses_that_cannot_be_listened_at():
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        with (
            pytest.raises(EmottsError, match="--port"),
            listen("127.0.0.1", taken.getsockname()[1]),
        ):
            pass
    with pytest.raises(EmottsError, match="no.such.host"), listen("no.such.host.invalid", 80):
        pass
