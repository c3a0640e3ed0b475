"""Events by API: sent in bulk, read by page."""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integration_health.api.bodies import (
    EventLinesParser,
    EventsBody,
    EventsJSONParser,
)
from integration_health.api.parameters import CURSOR, LIMIT, PERIOD
from integration_health.enums import Severity, Source
from integration_health.ingest.event_bodies import BODY_LIMIT
from integration_health.ingest.event_rows import LONGEST_KEY, EventInput
from integration_health.ingest.events import (
    REJECTED,
    IngestResult,
    LineResult,
    ingest_events,
)
from integration_health.reports.detail import integration_named
from integration_health.reports.events import EventFilters, EventItem, events_page
from qa_observability.api.names import camel
from qa_observability.api.pagination import cursor_from, encode_cursor
from qa_observability.api.params import (
    choice_from,
    limit_from,
    period_from,
    refuse_unknown,
    text_from,
)
from qa_observability.lib.errors import FieldError, InvalidField, InvalidInput, TooLarge
from qa_observability.lib.periods import Window

IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The same key and body again add nothing, even events without dedupKey.",
)
EVENT_FILTERS = [
    OpenApiParameter("type", str, description="An event type."),
    OpenApiParameter("severity", enum=Severity.values),
    OpenApiParameter("source", enum=Source.values),
    OpenApiParameter("text", str, description="Sought in messages."),
]
EXAMPLE = {
    "integrationId": "airbnb",
    "eventType": "pricing_sync_error",
    "severity": "high",
    "message": "Rate push refused",
    "metadata": {"httpStatus": 503},
}
EXAMPLE_OF_PAST = EXAMPLE | {
    "occurredAt": "2026-01-10T10:30:00Z",
    "dedupKey": "push-4711",
}


@dataclass(frozen=True, slots=True)
class Events:
    """A page of events, newest first. ``approximate_total`` is null where unknown."""

    events: list[EventItem]
    next_cursor: str | None
    approximate_total: int | None
    window: Window


class EventsView(APIView):
    """POST integrations/events: one event, an array, or JSON lines as they stream in."""

    permissions_by_method = {"POST": "integration_health.ingest_events"}
    scopes_by_method = {"POST": "ingest"}
    parser_classes = [EventsJSONParser, EventLinesParser]

    @extend_schema(
        summary="Send events",
        description=(
            "Every line has its own fate: accepted, duplicate (same dedupKey, channel and "
            "UTC day, or same content) or rejected with field and reason. A single event "
            "that is wrong answers 422. Up to 64 MB."
        ),
        parameters=[IDEMPOTENCY],
        request={
            "application/json": EventInput,
            "application/x-ndjson": OpenApiTypes.STR,
        },
        examples=[
            OpenApiExample("One event, of now", value=EXAMPLE, request_only=True),
            OpenApiExample("One of the past", value=EXAMPLE_OF_PAST, request_only=True),
        ],
        responses={200: IngestResult, 201: IngestResult},
    )
    def post(self, request: Request) -> Response:
        refuse_unknown(request, ())
        body = _body_of(request)
        result = ingest_events(
            body.events,
            source=Source.API,
            actor=request.user.get_username(),
            now=timezone.now(),
            idempotency_key=_idempotency_key(request),
        )
        if body.is_single:
            _refuse_single(result)
        status = HTTPStatus.CREATED if result.accepted else HTTPStatus.OK
        return Response(replace(result, results=_on_the_wire(result.results)), status)


class IntegrationEventsView(APIView):
    """GET integrations/health/<id>/events: newest first, by keyset pages."""

    @extend_schema(
        summary="Events of one integration",
        parameters=[
            PERIOD,
            *EVENT_FILTERS,
            CURSOR,
            LIMIT,
        ],
        responses=Events,
    )
    def get(self, request: Request, integration_id: str) -> Response:
        refuse_unknown(
            request,
            ("period", "type", "severity", "source", "text", "cursor", "limit"),
        )
        integration = integration_named(integration_id)
        now = timezone.now()
        window = period_from(request).window(ending=now)
        page = events_page(
            integration.slug,
            window,
            now=now,
            filters=filters_in(request),
            after=cursor_from(request, datetime, UUID),
            limit=limit_from(request),
        )
        return Response(
            Events(
                page.events,
                encode_cursor(page.next_key) if page.next_key else None,
                page.approximate_total,
                window,
            )
        )


def _body_of(request: Request) -> EventsBody:
    """Return the unread body. Raises: ``TooLarge``, ``InvalidInput`` when there is none."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_LIMIT:
        raise TooLarge(
            _("A request takes %(limit)s MB. Send the events in smaller parts.")
            % {"limit": BODY_LIMIT // 2**20}
        )
    body = request.data
    if not isinstance(body, EventsBody):
        raise InvalidInput(
            _("The body is empty. Send an event, an array or JSON lines."),
            code="empty_body",
        )
    return body


def _idempotency_key(request: Request) -> str:
    key = str(request.headers.get("Idempotency-Key", ""))
    if len(key) > LONGEST_KEY or "\0" in key:
        raise InvalidInput(
            _("Idempotency-Key has at most %(longest)s characters.")
            % {"longest": LONGEST_KEY},
            code="invalid_idempotency_key",
        )
    return key


def _refuse_single(result: IngestResult) -> None:
    """Raise what is wrong with the only event: nobody should have to look for it."""
    [line] = result.results
    if line.outcome == REJECTED:
        code, _colon, detail = (line.reason or "").partition(": ")
        field = line.field or "body"
        raise InvalidField(
            f"{camel(field)}: {detail}", errors=[FieldError(field, code, detail)]
        )


def _on_the_wire(results: list[LineResult]) -> list[LineResult]:
    return [
        replace(each, field=camel(each.field)) if each.field else each
        for each in results
    ]


def filters_in(request: Request) -> EventFilters:
    """Return what the query keeps of the events."""
    return EventFilters(
        event_type=text_from(request, "type") or "",
        severity=choice_from(request, "severity", Severity.values) or "",
        source=choice_from(request, "source", Source.values) or "",
        text=text_from(request, "text") or "",
    )
