"""The HTTP app: its addresses, each a thin call into the library."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

import emotts
from emotts.serve.answers import audio_answer
from emotts.serve.bodies import EmotionList, Health, ModelList, SpeechBody, VoiceList
from emotts.serve.catalogue import check_model, list_emotions, list_models, list_voices
from emotts.serve.engine import Engine
from emotts.serve.errors import ErrorBody, add_handlers
from emotts.serve.formats import MEDIA
from emotts.serve.gate import Gate
from emotts.serve.metrics import Metrics
from emotts.serve.recordings import CONVERT, RECOGNIZE, add_recordings
from emotts.serve.settings import Settings
from emotts.serve.speaking import check_text_length, speech_bytes

SPEECH = "/v1/audio/speech"
UPLOADS = {CONVERT: 1, RECOGNIZE: 2}  # files a request may have
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>emotts</title>
<h1>emotts</h1><p>This server speaks with emotion: POST to v1/audio/speech as to OpenAI.
<a href="openapi.json">openapi.json</a> tells all that can be asked.</p></html>"""
AUDIO_ANSWER: dict = {
    200: {
        "description": "Audio, while it is made.",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}}
                    for kind in (*MEDIA.values(), "text/event-stream")},
    }
}  # fmt: skip


def create_app(settings: Settings | None = None) -> FastAPI:
    """Load the models and return the app that serves them, to be run by any ASGI server.

    Raises EmottsError as `Synthesizer.from_pretrained` does.
    """
    settings = settings or Settings()
    metrics = Metrics()
    engine = Engine(settings, metrics)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        engine.close()

    app = FastAPI(
        title="emotts", version=emotts.__version__, docs_url=None, redoc_url=None,
        root_path=settings.root_path, lifespan=lifespan, redirect_slashes=False,
        responses={"4XX": {"model": ErrorBody, "description": "Refused, and why."}},
    )  # fmt: skip
    app.state.engine = engine
    add_handlers(app)
    _add_lists(app, engine)
    _add_speech(app, engine)
    add_recordings(app, engine, AUDIO_ANSWER)
    paths = [route.path for route in app.routes]
    app.add_middleware(Gate, settings=settings, metrics=metrics, paths=paths, uploads=UPLOADS)
    return app


def _add_lists(app: FastAPI, engine: Engine) -> None:
    @app.get("/", include_in_schema=False)
    async def home() -> HTMLResponse:
        return HTMLResponse(PAGE)

    @app.get("/healthz")
    async def health() -> Health:
        """Answers as soon as the models are loaded."""
        return Health(version=emotts.__version__)

    @app.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Counters for Prometheus."""
        return Response(engine.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/v1/models")
    async def models() -> ModelList:
        """Names that `model` may have."""
        return list_models()

    @app.get("/v1/voices")
    async def voices() -> VoiceList:
        """Who can speak."""
        engine.refresh()
        return list_voices(engine.synthesizer.voices)

    @app.get("/v1/emotions")
    async def emotions() -> EmotionList:
        """What can be felt."""
        engine.refresh()
        return list_emotions(engine.synthesizer.palette())


def _add_speech(app: FastAPI, engine: Engine) -> None:
    @app.post(SPEECH, response_class=Response, responses=AUDIO_ANSWER)
    async def speech(body: SpeechBody, request: Request) -> Response:
        """Say a text. The fields from `emotion` on are beside those of OpenAI."""
        begun, metrics = time.monotonic(), engine.metrics
        check_model(body)
        check_text_length(body.input, engine.settings)
        engine.refresh()
        how = "sse" if body.stream_format == "sse" else "stream" if body.stream else "whole"
        pieces = engine.steps(
            lambda: speech_bytes(
                body, engine.synthesizer, engine.settings, metrics.audio.labels(SPEECH).inc
            ),
            joins=True, streamed=how != "whole",
        )  # fmt: skip
        return await audio_answer(
            request, pieces, body.response_format, how,
            lambda: metrics.first.labels(SPEECH).observe(time.monotonic() - begun),
        )  # fmt: skip
