"""How does a chart stand on a page? With its title, its read-out and its table twin."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from qa_observability.web.charts.svg import element
from qa_observability.web.charts.trend import TrendChart
from qa_observability.web.charts.trend_svg import draw_trend

_MOST: Final = 64


def figure(chart: TrendChart) -> SafeString:
    """Return a chart as it stands on a page; one that was just drawn is not drawn again."""
    return _figure(chart, get_language())


@lru_cache(maxsize=_MOST)
def _figure(chart: TrendChart, _language: str | None) -> SafeString:
    return SafeString(render_to_string("components/chart.html", figure_parts(chart)))


def figure_parts(chart: TrendChart) -> dict[str, Any]:
    """Return what the template of a figure prints."""
    return {
        "chart": chart,
        "drawing": draw_trend(chart),
        "columns": [series.name for series in chart.drawn()],
        "rows": SafeString("".join(_rows(chart))),
    }


def _rows(chart: TrendChart) -> Iterator[SafeString]:
    """Yield the twin's rows: a year of days is too long for a template's loop."""
    drawn = chart.drawn()
    for n, bucket in enumerate(chart.buckets):
        cells = (element("td", chart.write(s.values[n]), class_="num") for s in drawn)
        yield element("tr", element("th", bucket.name, scope="row"), *cells)
