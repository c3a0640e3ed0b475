"""How long did a request take, and how many queries?"""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from qa_observability.metrics.families import QUERIES, REQUESTS
from qa_observability.metrics.store import shared_store

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOWHERE = "(none)"  # one label for every address that leads nowhere


class QueryCounter:
    """Counts what passes through to the database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: Any,
    ) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


class MetricsMiddleware:
    """Observe each request under its route's pattern, of which there are finitely many."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        queries = QueryCounter()
        started = time.perf_counter()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        seconds = time.perf_counter() - started
        method = request.method if request.method in METHODS else "OTHER"
        route = route_of(request)
        status = str(response.status_code)
        shared_store().add(
            [
                *REQUESTS.observed(str(method), route, status, value=seconds),
                *QUERIES.observed(str(method), route, value=queries.count),
            ]
        )
        return response


def route_of(request: HttpRequest) -> str:
    """Return the pattern that was matched, never the address itself."""
    match = request.resolver_match
    return f"/{match.route}" if match else NOWHERE
