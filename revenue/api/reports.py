"""The archive of weekly reports over HTTP: parse, ask, answer."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from qa_observability.api.pagination import cursor_from, cut_page
from qa_observability.api.params import limit_from, number_from, refuse_unknown
from qa_observability.lib.errors import FieldError, InvalidInput
from revenue.reports.weekly import (
    ArchivedReport,
    archived,
    archived_report,
    archived_reports,
    week_named,
)

MONEY = "revenue.view_money"
HIGHEST_VERSION = 32767
LIMIT = OpenApiParameter("limit", OpenApiTypes.INT, default=100)
CURSOR = OpenApiParameter("cursor", description="`nextCursor` of the page before.")
VERSION = OpenApiParameter(
    "version", OpenApiTypes.INT, description="The newest when left out."
)


@dataclass(frozen=True, slots=True)
class ReportsAnswer:
    """A page of the archive, newest week and version first."""

    reports: tuple[ArchivedReport, ...]
    next_cursor: str | None


class ReportsView(APIView):
    """GET revenue/reports: what was reported, as it was sent."""

    permissions_by_method = {"GET": MONEY}

    @extend_schema(parameters=[LIMIT, CURSOR], responses={200: ReportsAnswer})
    def get(self, request: Request) -> Response:
        """Every weekly report with its content and how many mails carried it."""
        refuse_unknown(request, ["limit", "cursor"])
        limit = limit_from(request)
        found = archived_reports(
            limit=limit + 1, before=cursor_from(request, int, int, int)
        )
        page, next_cursor = cut_page(
            found, limit, lambda row: (row.year, row.week, row.version)
        )
        return Response(
            ReportsAnswer(tuple(archived(row) for row in page), next_cursor)
        )


class ReportView(APIView):
    """GET revenue/reports/<week>: one week's report."""

    permissions_by_method = {"GET": MONEY}

    @extend_schema(parameters=[VERSION], responses={200: ArchivedReport})
    def get(self, request: Request, week: str) -> Response:
        """The report of an ISO week such as `2026-W47`: the newest version, or one."""
        refuse_unknown(request, ["version"])
        found = archived_report(week_named(week), _version(request))
        return Response(archived(found))


def _version(request: Request) -> int | None:
    asked = number_from(request, "version", low=1, high=HIGHEST_VERSION)
    if asked is not None and asked != asked.to_integral_value():
        detail = _("must be a whole number.")
        raise InvalidInput(
            f"version {detail}",
            code="invalid_parameter",
            errors=[FieldError("version", "invalid", detail)],
        )
    return None if asked is None else int(asked)
