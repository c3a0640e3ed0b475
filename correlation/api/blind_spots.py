"""GET correlation/blind-spots: failures that no test watches for."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from correlation.api.correlations import MONEY, PERIOD
from correlation.reports import BlindSpotsReport, blind_spots_report
from qa_observability.api.params import period_from, refuse_unknown


class BlindSpotsView(APIView):
    """Integrations and event types; cells hold ``moneyAtRisk`` by right."""

    @extend_schema(parameters=[PERIOD], responses=BlindSpotsReport)
    def get(self, request: Request) -> Response:
        refuse_unknown(request, {"period"})
        return Response(
            blind_spots_report(
                period=period_from(request),
                now=timezone.now(),
                with_money=request.user.has_perm(MONEY),
            )
        )
