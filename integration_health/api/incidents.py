"""Incidents by API: the inbox, one incident, and what people do about it."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import msgspec
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integration_health.api.parameters import CURSOR, INTEGRATION, LIMIT, PERIOD
from integration_health.enums import IncidentState, Severity
from integration_health.incidents.actions import (
    acknowledge,
    add_note,
    assign,
    link_ticket,
    resolve,
)
from integration_health.models import Integration
from integration_health.reports.incident_filters import IncidentFilters
from integration_health.reports.incident_times import IncidentTimes
from integration_health.reports.incidents import (
    IncidentDetail,
    IncidentItem,
    incident_detail,
    incidents_page,
)
from qa_observability.api.bodies import body_as
from qa_observability.api.pagination import cursor_from, encode_cursor
from qa_observability.api.params import (
    choice_from,
    integration_from,
    limit_from,
    period_from,
    refuse_unknown,
)
from qa_observability.lib.errors import InvalidField
from qa_observability.lib.periods import Window

Note = Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
Reason = Annotated[str, msgspec.Meta(max_length=4000)]
TicketKey = Annotated[str, msgspec.Meta(min_length=1, max_length=50)]
Address = Annotated[str, msgspec.Meta(pattern="^https?://", max_length=500)]


INCIDENT_FILTERS = [
    INTEGRATION,
    OpenApiParameter("state", enum=IncidentState.values),
    OpenApiParameter("severity", enum=["high", "critical"]),
]
RESOLUTION = OpenApiExample(
    "Why", value={"text": "The partner's API answers again."}, request_only=True
)
NOBODY = OpenApiExample("To nobody", value={"username": None}, request_only=True)
NOTE = OpenApiExample(
    "A note", value={"text": "Asked the partner at 10:30."}, request_only=True
)
TICKET = OpenApiExample(
    "A ticket",
    value={"key": "QA-4711", "url": "https://tickets.example/browse/QA-4711"},
    request_only=True,
)


@dataclass(frozen=True, slots=True)
class Incidents:
    """A page of incidents, most urgent first, with the times of the whole window."""

    incidents: list[IncidentItem]
    next_cursor: str | None
    times: IncidentTimes
    window: Window


class NoteBody(msgspec.Struct, forbid_unknown_fields=True):
    """A note for the timeline."""

    text: Note


class ResolveBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why it is over, if there is something to say."""

    text: Reason = ""


class AssignBody(msgspec.Struct, forbid_unknown_fields=True):
    """The user name of who looks after it; null for nobody."""

    username: str | None


class TicketBody(msgspec.Struct, forbid_unknown_fields=True):
    """A ticket elsewhere."""

    key: TicketKey
    url: Address


class IncidentsView(APIView):
    """GET integrations/incidents: open first, by severity and start."""

    @extend_schema(
        summary="Incidents",
        parameters=[
            PERIOD,
            *INCIDENT_FILTERS,
            CURSOR,
            LIMIT,
        ],
        responses=Incidents,
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(
            request, ("period", "integration", "state", "severity", "cursor", "limit")
        )
        page = incidents_page(
            period_from(request).window(ending=timezone.now()),
            filters=incident_filters_in(request),
            after=cursor_from(request, int, datetime, UUID),
            limit=limit_from(request),
        )
        cursor = encode_cursor(page.next_key) if page.next_key else None
        return Response(Incidents(page.incidents, cursor, page.times, page.window))


class IncidentView(APIView):
    """GET integrations/incidents/<id>: with its timeline, tickets and recurrences."""

    @extend_schema(summary="One incident", responses=IncidentDetail)
    def get(self, request: Request, incident_id: UUID) -> Response:
        refuse_unknown(request, ())
        return Response(incident_detail(incident_id))


class IncidentActionView(APIView):
    """What all deeds on an incident need: the right, and an answer that shows it."""

    permissions_by_method = {"POST": "integration_health.act_on_incidents"}
    scopes_by_method = {"POST": "ingest"}


class AcknowledgeView(IncidentActionView):
    """POST integrations/incidents/<id>/acknowledge."""

    @extend_schema(summary="Look after it", request=None, responses=IncidentDetail)
    def post(self, request: Request, incident_id: UUID) -> Response:
        acknowledge(incident_id, by=request.user.get_username(), now=timezone.now())
        return Response(incident_detail(incident_id))


class ResolveView(IncidentActionView):
    """POST integrations/incidents/<id>/resolve."""

    @extend_schema(
        summary="Say it is over",
        request=ResolveBody,
        examples=[RESOLUTION],
        responses=IncidentDetail,
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        body = body_as(request.data, ResolveBody)
        actor = request.user.get_username()
        resolve(incident_id, by=actor, now=timezone.now(), text=body.text)
        return Response(incident_detail(incident_id))


class AssignView(IncidentActionView):
    """POST integrations/incidents/<id>/assign."""

    @extend_schema(
        summary="Give it to someone",
        request=AssignBody,
        examples=[NOBODY],
        responses=IncidentDetail,
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        body = body_as(request.data, AssignBody)
        person = None if body.username is None else _person(body.username)
        actor = request.user.get_username()
        assign(incident_id, to=person, by=actor, now=timezone.now())
        return Response(incident_detail(incident_id))


class NotesView(IncidentActionView):
    """POST integrations/incidents/<id>/notes."""

    @extend_schema(
        summary="Add a note",
        request=NoteBody,
        examples=[NOTE],
        responses={201: IncidentDetail},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        body = body_as(request.data, NoteBody)
        actor = request.user.get_username()
        add_note(incident_id, text=body.text, by=actor, now=timezone.now())
        return Response(incident_detail(incident_id), HTTPStatus.CREATED)


class TicketsView(IncidentActionView):
    """POST integrations/incidents/<id>/tickets."""

    @extend_schema(
        summary="Link a ticket",
        request=TicketBody,
        examples=[TICKET],
        responses={200: IncidentDetail, 201: IncidentDetail},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        body = body_as(request.data, TicketBody)
        _ticket, is_new = link_ticket(
            incident_id,
            key=body.key,
            url=body.url,
            by=request.user.get_username(),
            now=timezone.now(),
        )
        status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
        return Response(incident_detail(incident_id), status)


def incident_filters_in(request: Request) -> IncidentFilters:
    """Return what the query keeps of the incidents."""
    return IncidentFilters(
        integration_id=integration_from(request, Integration.objects.all()) or "",
        state=choice_from(request, "state", IncidentState.values) or "",
        severity=choice_from(request, "severity", Severity.values) or "",
    )


def _person(username: str) -> User:
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise InvalidField.named(
            "username", _("There is no such user."), code="unknown_user"
        )
    return person
