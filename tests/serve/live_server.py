"""Servers on sockets, and a model whose pace a test sets."""

import http.client
import json
import socket
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

TEXT = "You were a long way away. No one knew. We may all call."
BODY = {"model": "emotts", "input": TEXT, "voice": "kathleen", "response_format": "pcm"}


class Gated:
    """A synthesizer whose sentences wait for `go`, and are counted.

    Made of a real one, which it asks for everything else.
    """

    def __init__(self, inner):
        self._inner = inner
        self.go, self.begun, self.closed = threading.Semaphore(0), 0, threading.Event()
        self.under_way = threading.Event()

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def stream(self, *given, **options):
        def pieces():
            try:
                for piece in speech:
                    self.begun += 1
                    self.under_way.set()
                    assert self.go.acquire(timeout=60)
                    yield piece
            finally:
                self.closed.set()

        speech = self._inner.stream(*given, **options)
        return pieces()


@contextmanager
def serving(app):
    """Run an app under uvicorn in a thread: (address, server, thread)."""
    from emotts.serve.run import listen, make_server
    from emotts.serve.settings import Settings

    with listen("127.0.0.1", 0) as place:
        place.listen(socket.SOMAXCONN)  # who comes early waits
        server = make_server(app, Settings(max_seconds=60))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{place.getsockname()[1]}", server, thread
        finally:
            server.should_exit = True
            thread.join(60)
            assert not thread.is_alive()


def wait_for(happens) -> None:
    """Until something is so; a minute at most."""
    stopped = threading.Event()
    for _ in range(6000):
        if happens():
            return
        stopped.wait(0.01)
    raise AssertionError("it never happened")


def post(address: str, **fields) -> http.client.HTTPConnection:
    """A connection on which a text has been asked for."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    kind = {"Content-Type": "application/json"}
    connection.request("POST", "/v1/audio/speech", json.dumps(BODY | fields), kind)
    return connection
