"""GET correlation/test-integration/<id>: one test and every integration, case by case."""

from dataclasses import replace

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from correlation.api.correlations import MONEY, PERIOD
from correlation.reports import TestPairsReport, test_pairs_report
from correlation.reports.explain import explained_score
from qa_observability.api.params import flag_from, period_from, refuse_unknown

EXPLAIN = OpenApiParameter(
    "explain", OpenApiTypes.BOOL, description="Add the terms of each score."
)


class TestPairsView(APIView):
    """All integrations, linked or not, with the alarms behind each answer."""

    __test__ = False

    @extend_schema(parameters=[PERIOD, EXPLAIN], responses=TestPairsReport)
    def get(self, request: Request, test_case_id: str) -> Response:
        refuse_unknown(request, {"period", "explain"})
        report = test_pairs_report(
            test_case_id,
            period=period_from(request),
            now=timezone.now(),
            with_money=request.user.has_perm(MONEY),
        )
        if flag_from(request, "explain"):
            terms = tuple(explained_score(pair) for pair in report.correlations)
            report = replace(report, explain=terms)
        return Response(report)
