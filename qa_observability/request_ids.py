"""Which request is being answered? One id in every log line and answer."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-ID"

_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_log = structlog.get_logger("qa_observability.requests")


def current_request_id() -> str:
    """Return the id of the request being answered; empty outside one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


class RequestIdMiddleware:
    """Bind the id to the log, send it back, and log one line per request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        structlog.contextvars.clear_contextvars()
        request_id = request_id_of(request)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        request.request_id = request_id  # type: ignore[attr-defined]  # pages print it
        started = time.perf_counter()
        response = self.get_response(request)
        response[HEADER] = request_id
        _log.info(
            "request",
            method=request.method,
            path=request.path,  # without its query, which may name people
            status=response.status_code,
            duration_ms=round((time.perf_counter() - started) * 1000, 1),
        )
        structlog.contextvars.clear_contextvars()
        return response


def request_id_of(request: HttpRequest) -> str:
    """Return the caller's id if it is short and plain, else a new one."""
    given = request.headers.get(HEADER, "")
    return given if _ACCEPTABLE.fullmatch(given) else uuid4().hex
