"""Health by API: all channels, one channel, and a check recorded."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus

import msgspec
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integration_health.api.parameters import PERIOD
from integration_health.enums import HealthStatus, Source
from integration_health.ingest.event_rows import Moment
from integration_health.ingest.snapshots import SnapshotInput, record_snapshot
from integration_health.models import IntegrationHealth
from integration_health.reports.detail import (
    IntegrationDetail,
    SnapshotItem,
    integration_detail,
    snapshot_item,
)
from integration_health.reports.explain import explained_status
from integration_health.reports.overview import (
    HealthItem,
    HealthOverview,
    health_overview,
)
from integration_health.reports.reasons import reason_of
from qa_observability.api.bodies import body_as
from qa_observability.api.params import flag_from, period_from, refuse_unknown
from qa_observability.lib.periods import Period, Window

EXPLAIN = OpenApiParameter(
    "explain", OpenApiTypes.BOOL, description="Add what the status stands on."
)
EXAMPLE = {
    "integrationId": "airbnb",
    "pricingSyncStatus": "ok",
    "feesSyncStatus": "ok",
    "bookingLossRate": 0.001,
    "errorRate": 0.02,
}


class HealthBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A check as it is sent. Rates are ratios from 0 to 1; what is left out is unknown.

    A status is computed from the signals unless one is given. Without ``last_checked``
    the check speaks for now.
    """

    integration_id: str
    status: str | None = None
    pricing_sync_status: str | None = None
    fees_sync_status: str | None = None
    booking_loss_rate: Decimal | None = None
    error_rate: Decimal | None = None
    last_checked: Moment | None = None


@dataclass(frozen=True, slots=True)
class RecordedCheck:
    """The check as it stands now, and why it has its status."""

    integration_id: str
    reason: str
    snapshot: SnapshotItem


@dataclass(frozen=True, slots=True)
class HealthList:
    """All enabled channels, in their order, and what they amount to.

    ``overall_health`` is null when nothing is known, or when the known are healthy and
    others are not known; ``driver`` is the channel that made it worse than healthy.
    """

    integrations: list[HealthItem]
    overall_health: HealthStatus | None
    overall_reason: str
    driver: str | None
    unknown_count: int
    period: Period
    window: Window
    generated_at: datetime


class HealthView(APIView):
    """GET integrations/health: every channel now. POST: record a check."""

    permissions_by_method = {"POST": "integration_health.record_health"}
    scopes_by_method = {"POST": "ingest"}

    @extend_schema(
        summary="Health of all integrations",
        parameters=[PERIOD],
        responses=HealthList,
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ("period",))
        overview = health_overview(period=period_from(request), now=timezone.now())
        return Response(_listed(overview))

    @extend_schema(
        summary="Record a check of one integration",
        description=(
            "201 when new, 200 when the identical check is there, 409 when a different "
            "one of the same moment is."
        ),
        request=HealthBody,
        examples=[OpenApiExample("A check", value=EXAMPLE, request_only=True)],
        responses={200: RecordedCheck, 201: RecordedCheck},
    )
    def post(self, request: Request) -> Response:
        refuse_unknown(request, ())
        body = body_as(request.data, HealthBody)
        snapshot, is_new = record_snapshot(
            SnapshotInput(**msgspec.structs.asdict(body)),
            source=Source.API,
            actor=request.user.get_username(),
            now=timezone.now(),
        )
        status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
        return Response(_recorded(snapshot), status)


class IntegrationHealthView(APIView):
    """GET integrations/health/<id>: one channel with its history."""

    @extend_schema(
        summary="Health of one integration, with its history",
        parameters=[PERIOD, EXPLAIN],
        responses=IntegrationDetail,
    )
    def get(self, request: Request, integration_id: str) -> Response:
        refuse_unknown(request, ("period", "explain"))
        period = period_from(request)
        detail = integration_detail(integration_id, period=period, now=timezone.now())
        if flag_from(request, "explain"):
            detail = replace(detail, explain=explained_status(detail))
        return Response(detail)


def _listed(overview: HealthOverview) -> HealthList:
    """Return the overview without the days, which the detail of a channel tells."""
    names = [each.name for each in fields(HealthItem)]
    items = [
        HealthItem(*(getattr(state, name) for name in names))
        for state in overview.integrations
    ]
    return HealthList(
        items,
        *(getattr(overview, each.name) for each in fields(HealthList)[1:]),
    )


def _recorded(snapshot: IntegrationHealth) -> RecordedCheck:
    return RecordedCheck(
        snapshot.integration_id,
        reason_of(snapshot, snapshot.integration),
        snapshot_item(snapshot),
    )
