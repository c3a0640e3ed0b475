"""Whose clock do pages show? The reader's, for the length of one request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from qa_observability.web.preferences import Reading, reading_of

_NO_READER = ("/api/", "/static/", "/healthz", "/readyz", "/metrics")


class ReaderRequest(HttpRequest):
    """A request that knows how its reader likes pages."""

    reading: Reading


def reader_preferences(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[ReaderRequest], HttpResponse]:
    """Set ``request.reading`` and activate the reader's zone; machines have neither."""

    def middleware(request: ReaderRequest) -> HttpResponse:
        if request.path.startswith(_NO_READER):
            request.reading = Reading()
            return get_response(request)
        request.reading = reading_of(request.user, request)
        with timezone.override(request.reading.zone):
            return get_response(request)

    return middleware
