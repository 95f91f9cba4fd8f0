"""What every request passes: the key, the limits on number, size and time, and the counters."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

from emotts.serve.errors import Busy, Refused, answer
from emotts.serve.metrics import Metrics
from emotts.serve.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
               Awaitable[None]]  # fmt: skip

_log = logging.getLogger("emotts.serve")
OPEN = ("/healthz", "/openapi.json", "/")  # to everybody, key or not
FORM_BYTES = 65_536  # of a multipart body, beside the files in it


class Gate:
    """ASGI middleware around the whole app.

    paths: those that exist, by which requests are counted; uploads: files each of some paths may
    have. A request beyond max_requests is sent away before its body is read.
    """

    def __init__(
        self, app: App, settings: Settings, metrics: Metrics, paths: Collection[str],
        uploads: dict[str, int],
    ):  # fmt: skip
        self.app, self.settings, self.metrics = app, settings, metrics
        self.paths, self.uploads, self.open = frozenset(paths), uploads, 0

    async def __call__(self, scope: Scope, receive, send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(receive, send, self._most_bytes(scope))
        try:
            await self._guarded(scope, exchange)
        finally:
            self._count(scope, exchange)

    def _path(self, scope: Scope) -> str:
        """The path below the root path that a proxy may have left in front."""
        path, root = scope["path"], scope.get("root_path", "")
        return path[len(root) :] if root and path.startswith(f"{root}/") else path

    def _most_bytes(self, scope: Scope) -> int:
        files = self.uploads.get(self._path(scope), 0)
        if files:
            return FORM_BYTES + files * self.settings.max_upload_bytes
        return self.settings.max_json_bytes

    async def _guarded(self, scope: Scope, exchange: _Exchange) -> None:
        working = scope["method"] == "POST" and self._path(scope) in self.paths
        try:
            self._check(scope, exchange, working)
        except Refused as no:
            said = answer(no.status_code, no.detail, no.param, no.code, no.headers)
            await said(scope, exchange.receive, exchange.send)
            return
        self.open += working
        self.metrics.open.set(self.open)
        try:
            await self._timed(scope, exchange)
        finally:
            self.open -= working
            self.metrics.open.set(self.open)

    def _check(self, scope: Scope, exchange: _Exchange, working: bool) -> None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        key = self.settings.api_key
        if key is not None and self._path(scope) not in OPEN:
            given = headers.get(b"authorization", b"")
            if not hmac.compare_digest(given, b"Bearer " + key.encode("utf-8")):
                raise Refused(
                    401, "the API key is missing or wrong; send it as 'Authorization: Bearer …'",
                    code="invalid_api_key", headers={"WWW-Authenticate": "Bearer"},
                )  # fmt: skip
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and len(length) < 20 and int(length) > exchange.most_bytes:
            raise exchange.too_large()
        if working and self.open >= self.settings.max_requests:
            raise Busy(self.settings.max_requests)

    async def _timed(self, scope: Scope, exchange: _Exchange) -> None:
        """Run the app; beyond max_seconds answer with an error, or break an answer off."""
        work = self.app(scope, exchange.receive, exchange.send)
        try:
            await asyncio.wait_for(work, self.settings.max_seconds)
        except asyncio.TimeoutError:
            said = f"the request took longer than {self.settings.max_seconds:g} s; ask for less"
            if exchange.status is not None:
                _log.warning("%s was broken off: %s", self._path(scope), said)
                raise ConnectionAbortedError(said) from None
            await answer(408, said, code="timeout")(scope, exchange.receive, exchange.send)

    def _count(self, scope: Scope, exchange: _Exchange) -> None:
        path = self._path(scope) if self._path(scope) in self.paths else "other"
        method = scope["method"] if scope["method"] in ("GET", "POST", "HEAD") else "other"
        status = str(exchange.status or 499)  # gone before there was an answer
        self.metrics.requests.labels(path, method, status).inc()
        self.metrics.seconds.labels(path).observe(time.monotonic() - exchange.begun)


class _Exchange:
    """One request and its answer: what has come in, and what has been said."""

    def __init__(self, receive, send, most_bytes: int):
        self._receive, self._send = receive, send
        self.most_bytes, self.bytes = most_bytes, 0
        self.status: int | None = None
        self.begun = time.monotonic()

    def too_large(self) -> Refused:
        return Refused(
            413, f"the request is larger than the {self.most_bytes} bytes taken here",
            code="request_too_large",
        )  # fmt: skip

    async def receive(self) -> Message:
        message = await self._receive()
        self.bytes += len(message.get("body", b""))
        if self.bytes > self.most_bytes:
            raise self.too_large()
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)
