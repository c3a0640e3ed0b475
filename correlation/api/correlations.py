"""GET correlation/test-integration: which tests go with which channel failures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from correlation.reports import (
    Link,
    Recommendation,
    correlations_report,
)
from integration_health.models import Integration
from qa_observability.api.pagination import cursor_from, cut_page
from qa_observability.api.params import (
    integration_from,
    limit_from,
    number_from,
    period_from,
    refuse_unknown,
    text_from,
)
from qa_observability.lib.periods import Period, Window

PERIOD = OpenApiParameter(
    "period", enum=[period.value for period in Period], default="30d"
)
INTEGRATION = OpenApiParameter("integration", description="The id of one channel.")
MONEY = "revenue.view_money"


@dataclass(frozen=True, slots=True)
class CorrelationsPage:
    """A page of links; the recommendations are drawn from all of them.

    A recommendation has ``exposure``, ``money_at_risk`` and ``currency`` as well for
    those who may see money.
    """

    window: Window
    correlations: Sequence[Link]
    recommendations: Sequence[Recommendation]
    next_cursor: str | None


class CorrelationsView(APIView):
    """Links of tests and channels, highest score first, and what to do first."""

    @extend_schema(
        parameters=[
            PERIOD,
            INTEGRATION,
            OpenApiParameter("test", description="An id, or a part of a name."),
            OpenApiParameter(
                "minScore", {"type": "number", "minimum": 0, "maximum": 1, "default": 0}
            ),
            OpenApiParameter("limit", int, description="1 to 1000, default 100."),
            OpenApiParameter("cursor"),
        ],
        responses=CorrelationsPage,
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(
            request, {"period", "integration", "test", "min_score", "limit", "cursor"}
        )
        position = cursor_from(request, Decimal, str, str)
        report = correlations_report(
            period=period_from(request),
            now=timezone.now(),
            integration_id=integration_from(request, Integration.objects.all()),
            test=text_from(request, "test"),
            min_score=number_from(request, "min_score", low=0, high=1) or Decimal(0),
            with_money=request.user.has_perm(MONEY),
        )
        limit = limit_from(request)
        behind = [
            link
            for link in report.correlations
            if position is None or _place(link) > _place_at(*position)
        ]
        page, next_cursor = cut_page(behind, limit, _keys)
        return Response(
            CorrelationsPage(report.window, page, report.recommendations, next_cursor)
        )


def _keys(link: Link) -> tuple[Decimal, str, str]:
    return link.correlation_score, link.test_case_id, link.integration_id


def _place(link: Link) -> tuple[Decimal, str, str]:
    """Return what the list ascends by."""
    return _place_at(*_keys(link))


def _place_at(
    score: Decimal, test_case_id: str, integration_id: str
) -> tuple[Decimal, str, str]:
    return -score, test_case_id, integration_id
