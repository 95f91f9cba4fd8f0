"""The addresses that take a recording: conversion and recognition."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Annotated

import numpy as np
from fastapi import FastAPI, File, Form, Request, UploadFile
from fastapi.responses import Response

from emotts.audio.constants import SAMPLE_RATE
from emotts.audio.provenance import provenance_tags
from emotts.errors import EmottsError
from emotts.serve.answers import audio_answer, unless_gone
from emotts.serve.bodies import ConvertForm, HeardBody
from emotts.serve.catalogue import asked_voice
from emotts.serve.engine import Engine
from emotts.serve.errors import Refused
from emotts.serve.formats import encoded, encoder
from emotts.serve.uploads import decode_upload
from emotts.synthesis.conversion_reading import open_recording

CONVERT, RECOGNIZE = "/v1/convert", "/v1/recognize"
SOME_SECONDS = 0.1


class ConvertUpload(ConvertForm):
    """A recording, and what is to become of it."""

    file: UploadFile


def add_recordings(app: FastAPI, engine: Engine, audio_answers: dict) -> None:
    """Add both addresses to an app."""

    @app.post(CONVERT, response_class=Response, responses=audio_answers)
    async def convert(
        form: Annotated[ConvertUpload, Form(media_type="multipart/form-data")], request: Request
    ) -> Response:
        """Say a recording's words with another emotion, in another voice, or both."""
        begun, metrics = time.monotonic(), engine.metrics
        if engine.converter is None:
            raise EmottsError("the checkpoints of this server cannot convert speech")
        samples = await _samples(engine, form.file)
        engine.refresh()
        pieces = engine.steps(
            lambda: converted_bytes(form, engine, samples, metrics.audio.labels(CONVERT).inc)
        )
        return await audio_answer(
            request, pieces, form.response_format, "stream" if form.stream else "whole",
            lambda: metrics.first.labels(CONVERT).observe(time.monotonic() - begun),
        )  # fmt: skip

    @app.post(RECOGNIZE)
    async def recognize(
        request: Request,
        file: Annotated[UploadFile, File(description="A recording of speech.")],
        neutral: Annotated[
            UploadFile | None, File(description="The same speaker, speaking neutrally.")
        ] = None,
    ) -> HeardBody:
        """Tell the emotion of a recording, relative to neutral."""
        recognizer = engine.recognizer
        if recognizer is None:
            raise EmottsError("the checkpoints of this server cannot recognise emotions")
        samples = await _samples(engine, file)
        plain = None if neutral is None else await _samples(engine, neutral)
        heard = await unless_gone(request, engine.run(recognizer.recognize, samples, plain))
        return HeardBody(
            emotion=heard.emotion, intensity=heard.intensity, affect=heard.affect,
            probabilities=heard.probabilities, seconds=len(samples) / SAMPLE_RATE,
        )  # fmt: skip


async def _samples(engine: Engine, upload: UploadFile) -> np.ndarray:
    """What was uploaded, decoded; its name plays no part."""
    settings = engine.settings
    if (upload.size or 0) > settings.max_upload_bytes:
        raise Refused(
            413, f"the uploaded file is larger than {settings.max_upload_bytes} bytes",
            code="request_too_large",
        )  # fmt: skip
    return await engine.read(decode_upload, await upload.read(), settings.max_upload_seconds)


def converted_bytes(
    form: ConvertForm, engine: Engine, samples: np.ndarray, count
) -> Iterator[bytes]:
    """Chunks of the file that a request asks for, one window each; see `speech_bytes`."""
    converter, voice = engine.converter, form.voice or None
    if voice is not None:
        voice = asked_voice(converter.voices, voice)
    with open_recording(samples) as recorded:
        if not recorded.speech(SOME_SECONDS):
            raise EmottsError("nobody speaks in the uploaded recording; send one of speech")
        converted = converter.stream(
            recorded, form.emotion or None, form.intensity, voice, **form.options()
        )

    def pieces() -> Iterator[np.ndarray]:
        for piece in converted.pieces:
            count(len(piece) / SAMPLE_RATE)
            yield piece

    tags = provenance_tags(converted.provenance | {"converted": "an upload"})
    return encoded(pieces(), lambda: encoder(form.response_format, tags, not form.stream))
