"""What failures cost, over HTTP: parse, ask, answer."""

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integration_health.models import Integration
from qa_observability.api.params import (
    flag_from,
    integration_from,
    period_from,
    refuse_unknown,
)
from qa_observability.lib.periods import Period, utc_day
from qa_observability.models import Token
from revenue.api.conditional import answer_if_changed
from revenue.api.documents import ConfigurationDocument, ImpactAnswer, impact_answer
from revenue.configure import check_day
from revenue.domain.document import read_change
from revenue.reports import (
    TimeseriesReport,
    WhatIfReport,
    explained_impact,
    impact_report,
    timeseries_report,
    what_if_report,
)
from revenue.reports.what_if import drafts_of

PERIOD = OpenApiParameter(
    "period", enum=[period.value for period in Period], default=Period.MONTH.value
)
INTEGRATION = OpenApiParameter("integration", description="Only this integration.")
EXPLAIN = OpenApiParameter(
    "explain", OpenApiTypes.BOOL, description="Add the terms of both figures."
)
DRAFT = OpenApiExample(
    "Airbnb books for more",
    value={"revenue": {"integrations": {"airbnb": {"avgBookingValue": 320.00}}}},
    request_only=True,
)
MONEY = "revenue.view_money"


class ImpactView(APIView):
    """GET revenue/impact: at risk and protected against the period before."""

    permissions_by_method = {"GET": MONEY}

    @extend_schema(
        parameters=[PERIOD, INTEGRATION, EXPLAIN], responses={200: ImpactAnswer}
    )
    def get(self, request: Request) -> HttpResponseBase:
        """At risk, protected and their breakdown; the rows add up to the figure."""
        refuse_unknown(request, ["period", "integration", "explain"])
        period, slug = period_from(request), _integration(request)
        now = timezone.now()
        if flag_from(request, "explain"):
            explained = explained_impact(period=period, now=now, integration_id=slug)
            answer = impact_answer(explained.report, explained.explanation)
        else:
            answer = impact_answer(
                impact_report(period=period, now=now, integration_id=slug)
            )
        return answer_if_changed(request, answer)


class TimeseriesView(APIView):
    """GET revenue/timeseries: one point per UTC day, which add up to the figures."""

    permissions_by_method = {"GET": MONEY}

    @extend_schema(parameters=[PERIOD, INTEGRATION], responses={200: TimeseriesReport})
    def get(self, request: Request) -> HttpResponseBase:
        """At risk and protected of each day, and of the days before; gaps are null."""
        refuse_unknown(request, ["period", "integration"])
        report = timeseries_report(
            period=period_from(request),
            integration_id=_integration(request),
            now=timezone.now(),
        )
        return answer_if_changed(request, report)


class WhatIfView(APIView):
    """POST revenue/what-if: what a draft of assumptions would change; stores nothing."""

    permissions_by_method = {"POST": MONEY}
    scopes_by_method = {"POST": Token.Scope.READ}

    @extend_schema(
        parameters=[PERIOD],
        request=ConfigurationDocument,
        examples=[DRAFT],
        responses={200: WhatIfReport},
    )
    def post(self, request: Request) -> Response:
        """Before and after per integration, of one period or, unasked, of all.

        A draft speaks only of what it names. Without `validFrom` it is taken to have
        held all along.
        """
        refuse_unknown(request, ["period"])
        change, now = read_change(request.data), timezone.now()
        if change.valid_from is not None:
            check_day(change.valid_from, utc_day(now))
        asked = "period" in request.query_params
        report = what_if_report(
            drafts_of(change, now=now),
            now=now,
            valid_from=change.valid_from,
            periods=[period_from(request)] if asked else tuple(Period),
        )
        return Response(report)


def _integration(request: Request) -> str | None:
    return integration_from(request, Integration.objects.all())
