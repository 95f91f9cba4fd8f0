"""A server process: one app under uvicorn."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from emotts.errors import EmottsError
from emotts.serve.settings import Settings

KEEP_ALIVE_SECONDS = 15


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to an address, before anything heavy is loaded; port 0 takes a free one.

    Raises EmottsError for an address that is taken, unknown or not this machine's.
    """
    try:
        kind, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        place = socket.socket(kind, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise EmottsError(f"cannot listen at {host}, port {port}: {error}") from error
    with place:
        try:
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            place.bind(address)
        except OSError as error:
            reason = error.strerror or error
            raise EmottsError(
                f"cannot listen at {host}, port {port} ({reason}); choose another with --port"
            ) from error
        yield place


def make_server(app: FastAPI, settings: Settings):
    """A uvicorn server that finishes what it has begun when it is told to stop.

    `run(sockets=[…])` serves until SIGINT or SIGTERM; from then on nobody new is let in.
    """
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            app, log_level="info", server_header=False, timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=int(settings.max_seconds) + 1,
        )
    )  # fmt: skip
