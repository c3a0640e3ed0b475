"""Data quality by API: one report, as JSON and as CSV."""

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integration_health.api.exports import CSV, csv_file
from integration_health.api.parameters import PERIOD
from integration_health.exports import quality_csv
from integration_health.reports.quality import QualityReport, quality_report
from qa_observability.api.params import period_from, refuse_unknown


class QualityView(APIView):
    """GET integrations/data-quality."""

    @extend_schema(
        summary="How complete and fresh the data is",
        parameters=[PERIOD],
        responses=QualityReport,
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ("period",))
        return Response(quality_report(period=period_from(request), now=timezone.now()))


class QualityFileView(APIView):
    """GET integrations/data-quality.csv."""

    @extend_schema(
        summary="How complete and fresh the data is, as CSV",
        parameters=[PERIOD],
        responses=CSV,
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        refuse_unknown(request, ("period",))
        period = period_from(request)
        report = quality_report(period=period, now=timezone.now())
        return csv_file(quality_csv(report), "data-quality", period)
