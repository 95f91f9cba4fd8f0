"""Audio on its way to a client, as a stream, as events or as a whole file."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from emotts.serve.engine import first_of
from emotts.serve.errors import Refused
from emotts.serve.formats import MEDIA

T = TypeVar("T")


async def unless_gone(request: Request, work: Awaitable[T]) -> T:
    """The result of work, which is given up when the client hangs up meanwhile.

    The request's body must have been read.
    """
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Refused(499, "the client has hung up")
        return working.result()
    finally:
        for task in (working, gone):
            task.cancel()
        await asyncio.gather(working, gone, return_exceptions=True)


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def audio_answer(
    request: Request, pieces: AsyncIterator[bytes], kind: str, how: str, first_heard
) -> Response:
    """Pieces of a file of one of the formats, as how says: "stream", "sse" or "whole".

    first_heard: called once the first piece is there. What the first piece raises is raised.
    """
    if how == "whole":
        data = await unless_gone(request, _joined(pieces))
        first_heard()
        return Response(data, media_type=MEDIA[kind])
    chunks = await unless_gone(request, first_of(pieces))
    first_heard()
    if how == "sse":
        return StreamingResponse(_events(chunks), media_type="text/event-stream",
                                 headers={"Cache-Control": "no-cache"})  # fmt: skip
    return StreamingResponse(chunks, media_type=MEDIA[kind])


async def _joined(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in await first_of(pieces)])


async def _events(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Server-sent events as OpenAI has them; nothing here counts tokens."""
    async for chunk in chunks:
        audio = base64.b64encode(chunk).decode("ascii")
        yield _event({"type": "speech.audio.delta", "audio": audio})
    usage = dict.fromkeys(("input_tokens", "output_tokens", "total_tokens"), 0)
    yield _event({"type": "speech.audio.done", "usage": usage})


def _event(data: dict) -> str:
    return f"data: {json.dumps(data)}\n\n"
