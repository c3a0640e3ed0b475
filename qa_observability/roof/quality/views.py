"""The page of data quality: parse, ask, render."""

from datetime import datetime

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from qa_observability.lib.periods import Period
from qa_observability.roof.quality.export import quality_export
from qa_observability.roof.quality.findings import doors
from qa_observability.roof.quality.page import QualityPage, quality_page
from qa_observability.web.downloads import csv_download
from qa_observability.web.pages import render_page
from qa_observability.web.query import period_parameter, read_query
from revenue.pages.rights import shows_money


@login_required
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/data-quality?period."""
    query = read_query(request, period_parameter())
    if query.redirect:
        return query.redirect
    now, period = timezone.now(), query.period
    page = _page(request, period, now)
    context = {"page": page, "section": "data-quality", "refreshable": True}
    return render_page(request, "quality.html", context, now=now, period=period)


@login_required
@require_safe
def export_quality(request: HttpRequest) -> HttpResponseBase:
    """GET /dashboard/data-quality/export/csv?period."""
    query = read_query(request, period_parameter())
    if query.redirect:
        return query.redirect
    now, period = timezone.now(), query.period
    page = _page(request, period, now)
    return csv_download(quality_export(request, page, period, now), now)


def _page(request: HttpRequest, period: Period, now: datetime) -> QualityPage:
    may = request.user.has_perm
    opens = admin.site.has_permission(request)
    return quality_page(
        period=period,
        now=now,
        doors=doors(
            may_import=opens and may("integration_health.import_files"),
            may_record=opens and may("integration_health.record_health"),
        ),
        with_money=shows_money(request),
    )
