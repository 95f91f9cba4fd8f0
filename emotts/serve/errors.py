"""Errors as OpenAI's clients expect them: {"error": {"message", "type", "param", "code"}}."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from emotts.errors import EmottsError

_log = logging.getLogger("emotts.serve")
RETRY_SECONDS = 2


class ErrorDetail(BaseModel):
    """message: one sentence; param: the field it is about, if it is about one."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ErrorBody(BaseModel):
    """Any answer that is no success."""

    error: ErrorDetail


class Refused(HTTPException):
    """A request that is refused with a sentence."""

    def __init__(
        self, status: int, message: str, param: str | None = None, code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ):  # fmt: skip
        super().__init__(status, message, dict(headers or {}))
        self.param, self.code = param, code


class Busy(Refused):
    """More requests at once than are taken."""

    def __init__(self, most: int):
        said = f"the server has {most} requests under way and takes no more; try again in a moment"
        super().__init__(429, said, code="too_many_requests",
                         headers={"Retry-After": str(RETRY_SECONDS)})  # fmt: skip


def answer(
    status: int, message: str, param: str | None = None, code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:  # fmt: skip
    """The JSON answer of an error; the message becomes one line."""
    kinds = {401: "authentication_error", 429: "rate_limit_error"}
    kind = kinds.get(status, "server_error" if status >= 500 else "invalid_request_error")
    text = " ".join(message.split()).encode("utf-8", "replace").decode("utf-8")
    detail = ErrorDetail(message=text, type=kind, param=param, code=code)
    return JSONResponse(ErrorBody(error=detail).model_dump(), status, dict(headers or {}))


def add_handlers(app: FastAPI) -> None:
    """Give every error of an app this shape."""

    @app.exception_handler(EmottsError)
    async def _cannot(request: Request, error: EmottsError) -> JSONResponse:
        return answer(400, str(error))

    @app.exception_handler(HTTPException)
    async def _refused(request: Request, error: HTTPException) -> JSONResponse:
        if isinstance(error, Refused):
            return answer(error.status_code, error.detail, error.param, error.code, error.headers)
        return answer(error.status_code, _plain(request, error), headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        param, message = _first(error.errors())
        return answer(400, message, param)

    @app.exception_handler(Exception)
    async def _failed(request: Request, error: Exception) -> JSONResponse:
        _log.error("%s failed", request.url.path, exc_info=error)
        return answer(500, "the server failed at this request and has noted why in its log")


def _plain(request: Request, error: HTTPException) -> str:
    if error.status_code == 404:
        return f"there is nothing at {request.url.path[:200]}; /openapi.json tells what there is"
    if error.status_code == 405:
        return f"{request.url.path} takes no {request.method}; /openapi.json tells what it takes"
    return str(error.detail)


def _first(errors: Any) -> tuple[str | None, str]:
    """The field and the sentence of what is wrong with a request."""
    found = errors[0]
    place = [str(p)[:100] for p in found["loc"] if p not in ("body", "query", "path")]
    param, said = ".".join(place), str(found["msg"])
    if found["type"] == "json_invalid":
        reason = found.get("ctx", {}).get("error", "")
        return None, f"the body is no JSON: {reason or said}"
    if found["type"] == "extra_forbidden":
        return param, f"there is no field {param!r} here; /openapi.json tells which there are"
    if found["type"] == "missing":
        return param or None, f"{param or 'the body'} is missing"
    return (
        param or None,
        f"{param}: {said}" if param else f"the body is not what it should be: {said}",
    )
