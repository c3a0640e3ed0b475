"""The page of data quality: parse, ask, render."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qa_observability.roof.quality.findings import Doors, doors
from qa_observability.roof.quality.page import quality_page
from qa_observability.roof.views import shows_money
from qa_observability.web.pages import render_page
from qa_observability.web.query import period_parameter, read_query


@login_required
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/data-quality?period."""
    query = read_query(request, period_parameter())
    if query.redirect:
        return query.redirect
    now = timezone.now()
    page = quality_page(
        period=query.period,
        now=now,
        doors=_doors_of(request),
        with_money=shows_money(request),
    )
    context = {"page": page, "section": "data-quality", "refreshable": True}
    return render_page(request, "quality.html", context, now=now, period=query.period)


def _doors_of(request: HttpRequest) -> Doors:
    may = request.user.has_perm
    opens = admin.site.has_permission(request)
    return doors(
        may_import=opens and may("integration_health.import_files"),
        may_record=opens and may("integration_health.record_health"),
    )
