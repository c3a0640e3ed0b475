"""GET correlation/protected-by-tests: warnings after which nothing failed."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from correlation.api.correlations import MONEY, PERIOD
from correlation.reports import ProtectionReport, protection_report
from qa_observability.api.params import period_from, refuse_unknown


class ProtectionView(APIView):
    """Cases by test and channel; ``amount`` and ``currency`` by right."""

    @extend_schema(parameters=[PERIOD], responses=ProtectionReport)
    def get(self, request: Request) -> Response:
        refuse_unknown(request, {"period"})
        return Response(
            protection_report(
                period=period_from(request),
                now=timezone.now(),
                with_money=request.user.has_perm(MONEY),
            )
        )
