"""Alerts by API: the history, and what people do with them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integration_health.alerts import dismiss, mark_read, snooze
from integration_health.api.parameters import CURSOR, INTEGRATION, LIMIT
from integration_health.enums import Severity
from integration_health.ingest.event_rows import Moment
from integration_health.models import Alert, Integration
from integration_health.reports.alerts import (
    AlertFilters,
    AlertItem,
    AlertState,
    alert_item,
    alerts_page,
)
from qa_observability.api.bodies import body_as
from qa_observability.api.pagination import cursor_from, encode_cursor
from qa_observability.api.params import (
    choice_from,
    integration_from,
    limit_from,
    refuse_unknown,
)
from qa_observability.lib.errors import NotFound

STATES = [state.value for state in AlertState]
LATER = OpenApiExample(
    "Until then",
    value={"until": "2099-01-01T09:00:00Z", "reason": "The channel is closed."},
    request_only=True,
)


@dataclass(frozen=True, slots=True)
class Alerts:
    """A page of alerts, newest first; ``unread`` counts all that want reading."""

    alerts: list[AlertItem]
    next_cursor: str | None
    unread: int


class SnoozeBody(msgspec.Struct, forbid_unknown_fields=True):
    """Until when, and why."""

    until: Moment
    reason: Annotated[str, msgspec.Meta(max_length=300)] = ""


class AlertsView(APIView):
    """GET alerts: all that were ever raised, newest first."""

    @extend_schema(
        summary="Alerts",
        parameters=[
            OpenApiParameter("state", enum=STATES, default=AlertState.ALL.value),
            INTEGRATION,
            OpenApiParameter("severity", enum=Severity.values),
            CURSOR,
            LIMIT,
        ],
        responses=Alerts,
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ("state", "integration", "severity", "cursor", "limit"))
        page = alerts_page(
            now=timezone.now(),
            filters=AlertFilters(
                AlertState(choice_from(request, "state", STATES) or AlertState.ALL),
                integration_from(request, Integration.objects.all()) or "",
                choice_from(request, "severity", Severity.values) or "",
            ),
            after=cursor_from(request, datetime, UUID),
            limit=limit_from(request),
        )
        cursor = encode_cursor(page.next_key) if page.next_key else None
        return Response(Alerts(page.alerts, cursor, page.unread))


class AlertActionView(APIView):
    """What all deeds on an alert need: the right."""

    permissions_by_method = {"POST": "integration_health.act_on_incidents"}
    scopes_by_method = {"POST": "ingest"}


class ReadView(AlertActionView):
    """POST alerts/<id>/read."""

    @extend_schema(summary="Mark as read", request=None, responses=AlertItem)
    def post(self, request: Request, alert_id: UUID) -> Response:
        actor = request.user.get_username()
        alert = mark_read(_named(alert_id), by=actor, now=timezone.now())
        return Response(alert_item(alert))


class DismissView(AlertActionView):
    """POST alerts/<id>/dismiss."""

    @extend_schema(summary="Put away for good", request=None, responses=AlertItem)
    def post(self, request: Request, alert_id: UUID) -> Response:
        alert = _named(alert_id)
        dismiss(alert, by=request.user, now=timezone.now())
        return Response(alert_item(alert))


class SnoozeView(AlertActionView):
    """POST alerts/<id>/snooze."""

    @extend_schema(
        summary="Hide until later",
        request=SnoozeBody,
        examples=[LATER],
        responses=AlertItem,
    )
    def post(self, request: Request, alert_id: UUID) -> Response:
        body = body_as(request.data, SnoozeBody)
        alert = _named(alert_id)
        snooze(
            alert,
            until=body.until,
            by=request.user,
            reason=body.reason,
            now=timezone.now(),
        )
        return Response(alert_item(alert))


def _named(alert_id: UUID) -> Alert:
    alert = Alert.objects.filter(pk=alert_id).first()
    if alert is None:
        raise NotFound(_("There is no alert %(id)s.") % {"id": alert_id})
    return alert
