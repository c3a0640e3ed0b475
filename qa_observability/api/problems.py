"""What does an error look like on the wire? One envelope, RFC 9457."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.http import HttpResponse

from qa_observability.api.encoding import encode_json
from qa_observability.api.names import camel_path
from qa_observability.lib.errors import FieldError
from qa_observability.lib.scrub import scrub_text
from qa_observability.request_ids import current_request_id

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """An error: its kind (``code`` is stable), what to do, which fields are wrong."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[FieldError, ...]
    request_id: str


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    title: str | None = None,
    errors: Iterable[FieldError] = (),
) -> Problem:
    """Return the envelope; ``errors`` come naming their fields in snake_case.

    What a sentence quotes of the request is masked: answers end in others' logs.
    ``title`` defaults to the status' own phrase. The request id is that of the request
    being answered, empty outside one.
    """
    return Problem(
        type=f"urn:qa-observability:problem:{code}",
        title=title or HTTPStatus(status).phrase,
        status=status,
        detail=scrub_text(detail),
        code=code,
        errors=tuple(map(_as_told, errors)),
        request_id=current_request_id(),
    )


def _as_told(error: FieldError) -> FieldError:
    return replace(
        error,
        field=scrub_text(camel_path(error.field)),
        detail=scrub_text(error.detail),
    )


def problem_response(status: int, code: str, detail: str) -> HttpResponse:
    """Return the envelope as a response, for errors outside REST framework's views."""
    return HttpResponse(
        encode_json(problem(status, code, detail)),
        status=status,
        content_type=MEDIA_TYPE,
    )
