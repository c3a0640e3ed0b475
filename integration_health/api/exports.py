"""The lists as CSV files, filtered alike, sent as they are read."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from integration_health.api.events import EVENT_FILTERS, filters_in
from integration_health.api.incidents import INCIDENT_FILTERS, incident_filters_in
from integration_health.api.parameters import PERIOD
from integration_health.exports import events_csv, incidents_csv, snapshots_csv
from integration_health.reports.detail import integration_named
from qa_observability.api.params import period_from, refuse_unknown
from qa_observability.lib.periods import Period

CSV = {(200, "text/csv"): OpenApiTypes.STR}


class EventsFileView(APIView):
    """GET integrations/health/<id>/events.csv."""

    @extend_schema(
        summary="Events of one integration, as CSV",
        parameters=[PERIOD, *EVENT_FILTERS],
        responses=CSV,
    )
    def get(self, request: Request, integration_id: str) -> StreamingHttpResponse:
        refuse_unknown(request, ("period", "type", "severity", "source", "text"))
        slug = integration_named(integration_id).slug
        period, now = period_from(request), timezone.now()
        lines = events_csv(
            slug, period.window(ending=now), now=now, filters=filters_in(request)
        )
        return csv_file(lines, f"events-{slug}", period)


class SnapshotsFileView(APIView):
    """GET integrations/health/<id>/history.csv."""

    @extend_schema(
        summary="Checks of one integration, as CSV",
        parameters=[PERIOD],
        responses=CSV,
    )
    def get(self, request: Request, integration_id: str) -> StreamingHttpResponse:
        refuse_unknown(request, ("period",))
        integration = integration_named(integration_id)
        period = period_from(request)
        lines = snapshots_csv(integration, period.window(ending=timezone.now()))
        return csv_file(lines, f"health-{integration.slug}", period)


class IncidentsFileView(APIView):
    """GET integrations/incidents.csv."""

    @extend_schema(
        summary="Incidents, as CSV",
        parameters=[PERIOD, *INCIDENT_FILTERS],
        responses=CSV,
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        refuse_unknown(request, ("period", "integration", "state", "severity"))
        period = period_from(request)
        window = period.window(ending=timezone.now())
        lines = incidents_csv(window, incident_filters_in(request))
        return csv_file(lines, "incidents", period)


def csv_file(lines: Iterator[str], page: str, period: Period) -> StreamingHttpResponse:
    """Return a download that is sent as its lines come."""
    name = f"qa-{page}-{period}-{timezone.now():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        (line.encode() for line in lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
