"""Whose clock and language do pages follow, and how do they say what a reader can fix?"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from qa_observability.lib.errors import ApplicationError
from qa_observability.request_ids import current_request_id
from qa_observability.web.preferences import Reading, reading_of

_NO_READER = ("/api/", "/static/", "/healthz", "/readyz", "/metrics")


class ReaderRequest(HttpRequest):
    """A request that knows how its reader likes pages."""

    reading: Reading


def reader_preferences(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[ReaderRequest], HttpResponse]:
    """Set ``request.reading``, activate the reader's zone and language; machines have none.

    A language once chosen holds in every browser, before the one that browser asks for.
    """

    def middleware(request: ReaderRequest) -> HttpResponse:
        if request.path.startswith(_NO_READER):
            request.reading = Reading()
            return get_response(request)
        request.reading = reading_of(request.user, request)
        _speak(request.reading.language)
        with timezone.override(request.reading.zone):
            return get_response(request)

    return middleware


def _speak(language: str) -> None:
    """Follow a chosen language that is still offered; the next request starts afresh."""
    if language in dict(settings.LANGUAGES):
        translation.activate(language)


class RefusalMiddleware:
    """Answer an error the reader can fix with a page that says how; the API has its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Return the page of an ``ApplicationError``; None leaves others alone."""
        if not isinstance(exception, ApplicationError):
            return None
        context = {"problem": exception, "request_id": current_request_id()}
        return render(request, "problem.html", context, status=exception.status)
