"""GET correlation/test-integration/<id>: one test and every integration, case by case."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from correlation.api.correlations import MONEY, PERIOD
from correlation.reports import TestPairsReport, test_pairs_report
from qa_observability.api.params import period_from, refuse_unknown


class TestPairsView(APIView):
    """All integrations, linked or not, with the alarms behind each answer."""

    __test__ = False

    @extend_schema(parameters=[PERIOD], responses=TestPairsReport)
    def get(self, request: Request, test_case_id: str) -> Response:
        refuse_unknown(request, {"period"})
        return Response(
            test_pairs_report(
                test_case_id,
                period=period_from(request),
                now=timezone.now(),
                with_money=request.user.has_perm(MONEY),
            )
        )
