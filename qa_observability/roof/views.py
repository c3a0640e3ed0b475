"""The pages that join the apps: parse, ask, render."""

import re

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from integration_health.enums import EVENT_TYPE_PATTERN, Severity, Source
from integration_health.reports.detail import integration_detail
from qa_observability.readings import one_reading
from qa_observability.roof.detail.explain import status_explanation
from qa_observability.roof.detail.page import detail_page, filters_in
from qa_observability.roof.exports import detail_export, overview_export
from qa_observability.roof.overview import overview_page
from qa_observability.roof.seen import seen_by
from qa_observability.web.downloads import csv_download
from qa_observability.web.keyset import key_parameter
from qa_observability.web.pages import render_page
from qa_observability.web.query import (
    Parameter,
    free_text,
    one_of,
    period_parameter,
    read_query,
)
from revenue.pages.rights import shows_money


def _event_type(raw: str) -> str | None:
    return raw if re.fullmatch(EVENT_TYPE_PATTERN, raw) else None


EVENT_FILTERS = (
    Parameter("type", "", _event_type),
    Parameter("severity", "", one_of(Severity.values)),
    Parameter("source", "", one_of(Source.values)),
    Parameter("text", "", free_text),
    key_parameter(),
)


@login_required
@require_safe
@one_reading()
def overview(request: HttpRequest) -> HttpResponse:
    """GET /dashboard?period."""
    query = read_query(request, period_parameter())
    if query.redirect:
        return query.redirect
    now = timezone.now()
    page = overview_page(period=query.period, now=now, with_money=shows_money(request))
    context = {"page": page, "section": "overview", "refreshable": True}
    return render_page(request, "overview.html", context, now=now, period=query.period)


@login_required
@require_safe
@one_reading()
def integration(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /dashboard/integrations/<id>?period&type&severity&source&text&page_key."""
    query = read_query(request, period_parameter(), *EVENT_FILTERS)
    if query.redirect:
        return query.redirect
    now = timezone.now()
    seen = seen_by(request, query)
    page = detail_page(slug, period=query.period, now=now, seen=seen)
    context = {"page": page, "section": slug, "refreshable": True}
    return render_page(
        request,
        "integration_health/detail.html",
        context,
        now=now,
        period=query.period,
    )


@login_required
@require_safe
@one_reading()
def export_overview(request: HttpRequest) -> HttpResponseBase:
    """GET /dashboard/export/csv?period."""
    query = read_query(request, period_parameter())
    if query.redirect:
        return query.redirect
    now, period = timezone.now(), query.period
    page = overview_page(period=period, now=now, with_money=shows_money(request))
    return csv_download(overview_export(request, page, period, now), now)


@login_required
@require_safe
@one_reading()
def export_integration(request: HttpRequest, slug: str) -> HttpResponseBase:
    """GET /dashboard/integrations/<id>/export/csv, filtered as the page."""
    query = read_query(request, period_parameter(), *EVENT_FILTERS)
    if query.redirect:
        return query.redirect
    now, period = timezone.now(), query.period
    seen = seen_by(request, query)
    page = detail_page(slug, period=period, now=now, seen=seen)
    filters = filters_in(query.values)
    return csv_download(detail_export(request, page, filters, period, now), now)


@login_required
@require_safe
def explain_status(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /dashboard/integrations/<id>/explain/status?period."""
    query = read_query(request, period_parameter())
    if query.redirect:
        return query.redirect
    now = timezone.now()
    detail = integration_detail(slug, period=query.period, now=now, with_history=False)
    context = {"page": status_explanation(detail), "section": slug}
    return render_page(request, "explanation.html", context, now=now)
