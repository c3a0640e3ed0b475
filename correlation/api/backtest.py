"""GET correlation/backtest: what the links would have been worth."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from correlation.reports import BacktestReport, backtest_report
from qa_observability.api.params import refuse_unknown


class BacktestView(APIView):
    """The newest rolling-origin backtest, per window and lowest score."""

    @extend_schema(responses=BacktestReport)
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ())
        return Response(backtest_report())
