"""The revenue page and its explanations: parse, ask, render."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from integration_health.reports.channels import known_integrations
from qa_observability.readings import one_reading
from qa_observability.web.pages import render_page
from qa_observability.web.query import (
    PageQuery,
    Parameter,
    one_of,
    period_parameter,
    read_query,
)
from qa_observability.web.sorting import Order, sort_parameter
from revenue.exports import FORMATS
from revenue.exports.tables import impact_export
from revenue.pages.breakdown import LARGEST_FIRST, SORT_KEYS
from revenue.pages.explain import Explained, explanation_page
from revenue.pages.impact import impact_page
from revenue.pages.rights import VIEW_MONEY
from revenue.reports.explain import explained_impact


@login_required
@require_safe
@one_reading()
def impact(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/revenue/impact?period&integration&sort."""
    require_money(request)
    query = _query(request, sort_parameter(SORT_KEYS, LARGEST_FIRST.written))
    if query.redirect:
        return query.redirect
    now = timezone.now()
    order = Order.read(query.values["sort"])
    page = impact_page(
        period=query.period,
        now=now,
        integration_id=query.text("integration"),
        order=order,
    )
    context = {
        "page": page,
        "order": order,
        "section": "revenue",
        "refreshable": True,
    }
    return render_page(
        request, "revenue/impact.html", context, now=now, period=query.period
    )


@login_required
@require_safe
def explain(request: HttpRequest, which: Explained) -> HttpResponse:
    """GET /dashboard/revenue/impact/explain/at-risk (or protected)."""
    require_money(request)
    query = _query(request)
    if query.redirect:
        return query.redirect
    now = timezone.now()
    explained = explained_impact(
        period=query.period, now=now, integration_id=query.text("integration")
    )
    context = {"page": explanation_page(explained, which), "section": "revenue"}
    return render_page(request, "explanation.html", context, now=now)


@login_required
@require_safe
def export(request: HttpRequest, file_format: str) -> HttpResponse:
    """GET /dashboard/revenue/impact/export/csv (or xlsx, pdf)?period&integration."""
    require_money(request)
    query = _query(request)
    if query.redirect:
        return query.redirect
    found = impact_export(
        period=query.period,
        now=timezone.now(),
        integration_id=query.text("integration"),
        by=request.user.get_username(),
    )
    media_type, write = FORMATS[file_format]
    return HttpResponse(
        write(found),
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{found.name}.{file_format}"',
            "Cache-Control": "private, no-store",
        },
    )


def require_money(request: HttpRequest) -> None:
    """Let pass who may see money; ``PermissionDenied`` names who can give the right."""
    if not request.user.has_perm(VIEW_MONEY):
        raise PermissionDenied(
            _(
                "Revenue is shown to QA leads and administrators. An administrator can "
                "give you that role."
            )
        )


def _query(request: HttpRequest, *more: Parameter) -> PageQuery:
    known = [each.slug for each in known_integrations()]
    integration = Parameter("integration", "", one_of(known))
    return read_query(request, period_parameter(), integration, *more)
