"""What does a caller see when something breaks? Plain words, in the form they expect."""

import sys
from collections.abc import Callable

import psycopg
import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from qa_observability.api.encoding import encode_json
from qa_observability.api.problems import MEDIA_TYPE, problem, problem_response
from qa_observability.request_ids import current_request_id

API = "/api/"
RETRY_AFTER_SECONDS = 5
AWAY = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,  # a COPY that breaks tells it in the driver's own words
    psycopg.InterfaceError,
    RedisError,
)
CODES = {
    400: "invalid",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    500: "internal_error",
}

_log = structlog.get_logger(__name__)


class FaultsMiddleware:
    """Answer in place of views when a server is away, and in problem documents in the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and is_bare_api_error(request, response):
            status = response.status_code
            body = problem(status, CODES.get(status, "error"), _detail(status))
            response.content = encode_json(body)  # other middleware's headers stay
            response["Content-Type"] = MEDIA_TYPE
            response["Content-Length"] = str(len(response.content))
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Answer 503 when the database or broker is away; leave everything else."""
        return unavailable(request, exception) if isinstance(exception, AWAY) else None


def is_bare_api_error(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Return whether an API error was answered by Django itself, as a page or bare.

    REST framework's own answers carry the renderer they chose.
    """
    return (
        request.path.startswith(API)
        and response.status_code >= 400  # noqa: PLR2004  where HTTP's errors begin
        and not hasattr(response, "accepted_renderer")
        and not response.headers.get("Content-Type", "").endswith("problem+json")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: faults outside views, such as while saving the session."""
    exception = sys.exc_info()[1]
    if isinstance(exception, AWAY):
        return unavailable(request, exception)
    page = render_to_string("500.html", {"request_id": current_request_id()})
    return HttpResponse(page, status=500)


def unavailable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return a 503 that says which server is away and when to try again."""
    _log.warning("server away", reason=type(exception).__name__, path=request.path)
    if request.path.startswith(API):
        response = problem_response(503, "service_unavailable", away_sentence())
    else:
        page = {"sentence": away_sentence(), "request_id": current_request_id()}
        response = HttpResponse(render_to_string("503.html", page), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def away_sentence() -> str:
    """Return the sentence for a database or broker that does not answer."""
    return _(
        "The database or the broker does not answer. What you sent was not stored; "
        "try again shortly."
    )


def _detail(status: int) -> str:
    details = {
        400: _("The request is malformed."),
        403: _("The request was refused."),
        404: _("There is no such address. See /api/docs."),
        405: _("This address does not take that method."),
        500: _("Something broke on our side. Quote the request id when reporting it."),
    }
    return details.get(status, _("The request failed."))
