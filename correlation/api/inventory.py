"""GET correlation/tests: which tests are there, and how do they stand?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from correlation.models import TestSource
from correlation.reports.inventory import (
    InventoryFilter,
    InventoryItem,
    inventory_report,
)
from integration_health.models import Integration
from qa_observability.api.pagination import cursor_from, cut_page
from qa_observability.api.params import (
    choice_from,
    flag_from,
    integration_from,
    limit_from,
    period_from,
    refuse_unknown,
    text_from,
)
from qa_observability.lib.periods import Period

MONEY = "revenue.view_money"
PARAMETERS = ("period", "integration", "source", "test", "unmapped", "limit", "cursor")


@dataclass(frozen=True, slots=True)
class InventoryPage:
    """A page of tests, last run first; ``total`` and ``unmapped`` count all tests.

    A test has ``guard_value`` as well for those who may see money: what its links cover.
    """

    tests: Sequence[InventoryItem]
    total: int
    unmapped: int
    flaky_definition: str
    next_cursor: str | None


class InventoryView(APIView):
    """Every test with its last results, its channel, and whether it is flaky."""

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "period",
                enum=[period.value for period in Period],
                default="30d",
                description="What money the guard value counts.",
            ),
            OpenApiParameter("integration", description="Declared for this channel."),
            OpenApiParameter("source", description="Of one source."),
            OpenApiParameter("test", description="An id, or a part of a name."),
            OpenApiParameter("unmapped", bool, description="Only without a channel."),
            OpenApiParameter("limit", int, description="1 to 1000, default 100."),
            OpenApiParameter("cursor"),
        ],
        responses=InventoryPage,
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request, PARAMETERS)
        limit = limit_from(request)
        report = inventory_report(
            InventoryFilter(
                integration_id=integration_from(request, Integration.objects.all()),
                source=choice_from(
                    request,
                    "source",
                    TestSource.objects.order_by("pk").values_list("pk", flat=True),
                ),
                text=text_from(request, "test"),
                unmapped=flag_from(request, "unmapped"),
            ),
            period=period_from(request),
            now=timezone.now(),
            limit=limit + 1,
            after=cursor_from(request, datetime, str),
            with_money=request.user.has_perm(MONEY),
        )
        tests, next_cursor = cut_page(
            report.tests, limit, lambda test: (test.last_run_at, test.test_case_id)
        )
        return Response(
            InventoryPage(
                tests,
                report.total,
                report.unmapped,
                report.flaky_definition,
                next_cursor,
            )
        )
