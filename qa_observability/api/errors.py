"""What does a failing request answer? Every exception of a view, as a problem."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import psycopg
import structlog
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from qa_observability.api.names import camel_path
from qa_observability.api.problems import problem
from qa_observability.api.renderers import BrowsableRenderer, ProblemRenderer
from qa_observability.lib.errors import ApplicationError, FieldError

RETRY_AFTER_SECONDS = 5
DATABASE_AWAY: tuple[type[Exception], ...] = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,  # a COPY that breaks tells it in the driver's own words
    psycopg.InterfaceError,
)
WHOLE_BODY = "body"  # what is wrong with no single field

_log = structlog.get_logger(__name__)


class QueueUnavailable(exceptions.APIException):
    """The job queue does not answer (503)."""

    status_code = 503
    default_code = "service_unavailable"
    default_detail = _lazy("The job queue does not answer. Try again in a moment.")


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the problem document of ``exc``; None for what is our own bug (a 500)."""
    answer = _answer(exc)
    if answer is None:
        return None
    set_rollback()
    _answer_as_problem(context.get("request"))
    return answer


def _answer(exc: Exception) -> Response | None:
    if isinstance(exc, ApplicationError):
        return Response(
            problem(
                exc.status,
                exc.code,
                _on_the_wire(exc),
                title=exc.title,
                errors=exc.errors,
            ),
            status=exc.status,
        )
    if isinstance(exc, exceptions.ValidationError):
        return _invalid_fields(_flattened(exc.detail))
    if isinstance(exc, ModelValidationError):
        return _invalid_fields(_model_errors(exc))
    if isinstance(exc, DATABASE_AWAY):
        _log.warning("database unavailable", reason=type(exc).__name__)
        return _database_away()
    known = _as_api_exception(exc)
    return None if known is None else _api_exception(known)


def _on_the_wire(exc: ApplicationError) -> str:
    """Return the detail with the field it begins with named as the caller names it."""
    for error in exc.errors[:1]:
        if exc.detail.startswith(f"{error.field}: "):
            return camel_path(error.field) + exc.detail.removeprefix(error.field)
    return exc.detail


def _as_api_exception(exc: Exception) -> exceptions.APIException | None:
    """Return Django's own refusals in REST framework's terms."""
    if isinstance(exc, exceptions.APIException):
        return exc
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(exc, SuspiciousOperation):
        refused = exceptions.ParseError(_("The request is malformed."))
        if isinstance(exc, RequestDataTooBig):
            refused = exceptions.ParseError(_("The body is too large."), "too_large")
            refused.status_code = 413
        return refused
    return None


def _api_exception(exc: exceptions.APIException) -> Response:
    code = exc.get_codes()
    headers = {}
    if header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(wait)
    return Response(
        problem(
            exc.status_code,
            code if isinstance(code, str) else exc.default_code,
            str(exc.detail),
        ),
        status=exc.status_code,
        headers=headers,
    )


def _invalid_fields(errors: Iterable[FieldError]) -> Response:
    found = tuple(errors)
    detail = _("%(count)s field(s) are wrong; see errors.") % {"count": len(found)}
    return Response(
        problem(422, "invalid_field", detail, title="Invalid field", errors=found),
        status=422,
    )


def _database_away() -> Response:
    return Response(
        problem(
            503,
            "service_unavailable",
            _("The database does not answer. Nothing was stored; try again shortly."),
        ),
        status=503,
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def _flattened(detail: Any, path: str = "") -> Iterator[FieldError]:
    """Yield REST framework's nested errors as a flat list of paths."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _flattened(inner, ".".join(filter(None, (path, own))))
    elif isinstance(detail, list | tuple):
        for at, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _flattened(inner, f"{path}[{at}]" if nested else path)
    else:
        code = str(getattr(detail, "code", None) or "invalid")
        yield FieldError(path or WHOLE_BODY, code, str(detail))


def _model_errors(exc: ModelValidationError) -> Iterator[FieldError]:
    if not hasattr(exc, "error_dict"):
        for message in exc.messages:
            yield FieldError(WHOLE_BODY, exc.code or "invalid", message)
        return
    for name, failures in exc.error_dict.items():
        field = WHOLE_BODY if name == "__all__" else name
        for failure in failures:
            for message in failure.messages:
                yield FieldError(field, failure.code or "invalid", message)


def _answer_as_problem(request: Any) -> None:
    """Answer errors as problem documents, except on the page a person looks at."""
    if request is None:
        return
    if not isinstance(getattr(request, "accepted_renderer", None), BrowsableRenderer):
        request.accepted_renderer = ProblemRenderer()
        request.accepted_media_type = ProblemRenderer.media_type
