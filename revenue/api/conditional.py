"""Has the answer changed since the client last asked? Weak ETags over its content."""

import hashlib
from dataclasses import replace
from typing import TypeVar

from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from qa_observability.api.encoding import encode_json
from qa_observability.lib.periods import Window, start_of_day
from revenue.reports.impact import ImpactReport
from revenue.reports.timeseries import TimeseriesReport

Report = TypeVar("Report", bound=ImpactReport | TimeseriesReport)


def answer_if_changed(
    request: Request, report: ImpactReport | TimeseriesReport
) -> HttpResponseBase:
    """Return the report, or 304 when ``If-None-Match`` names this very content.

    Weak, since the moment at which the window ends is left out of the comparison: it
    moves with every request, while the figures do not. Nothing is cached here: the tag
    is computed from figures just read, so it is never stale.
    """
    comparable = replace(report, window=_to_the_day(report.window))
    digest = hashlib.sha256(encode_json(comparable)).hexdigest()[:32]
    tag = f'W/"{digest}"'
    response: HttpResponseBase
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = Response(report)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
    return response


def _to_the_day(window: Window) -> Window:
    return Window(window.start, max(window.start, start_of_day(window.last_day)))
