"""The pages of tests and failures: parse, ask, render."""

from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from correlation.configure import give_feedback
from correlation.pages.blind_spots import (
    BlindSpotsPage,
    blind_spots_export,
    blind_spots_page,
)
from correlation.pages.case import case_page
from correlation.pages.export import links_export
from correlation.pages.links import Asked, LinksPage, links_page
from correlation.pages.rows import SORT_KEYS, case_address
from integration_health.reports.channels import known_integrations
from qa_observability.lib.errors import ApplicationError
from qa_observability.lib.periods import DEFAULT_PERIOD
from qa_observability.readings import one_reading
from qa_observability.web.downloads import csv_download
from qa_observability.web.pages import render_page
from qa_observability.web.query import (
    PageQuery,
    Parameter,
    free_text,
    one_of,
    period_parameter,
    ratio,
    read_query,
)
from qa_observability.web.rights import needs
from qa_observability.web.sorting import Order, sort_parameter
from revenue.errors import AssumptionUnreadable
from revenue.pages.rights import shows_money


class SignedInRequest(HttpRequest):
    """A request behind ``login_required``."""

    user: User


@login_required
@require_safe
@one_reading()
def links(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/correlation/test-integration?period&integration&test&min_score&sort."""
    query = _links_query(request)
    if query.redirect:
        return query.redirect
    now = timezone.now()
    page = _links_page(request, query, now)
    context = {
        "page": page,
        "order": page.asked.order,
        "section": "tests",
        "refreshable": True,
    }
    return render_page(
        request, "correlation/tests.html", context, now=now, period=query.period
    )


@login_required
@require_safe
@one_reading()
def case(request: HttpRequest, test_case_id: str) -> HttpResponse:
    """GET /dashboard/correlation/test-integration/<test id>?period&integration."""
    query = read_query(request, period_parameter(), _integration())
    if query.redirect:
        return query.redirect
    now = timezone.now()
    page = case_page(
        test_case_id,
        period=query.period,
        now=now,
        integration=query.values["integration"],
    )
    context = {"page": page, "section": "tests"}
    return render_page(
        request, "correlation/test.html", context, now=now, period=query.period
    )


@login_required
@needs("integration_health.act_on_incidents")
@require_POST
def feedback(request: SignedInRequest) -> HttpResponse:
    """POST /dashboard/correlation/feedback: confirm a link, or say that it is none."""
    test_case_id = request.POST.get("test", "")
    integration = request.POST.get("integration", "")
    try:
        give_feedback(
            test_case_id,
            integration,
            confirmed=request.POST.get("verdict") == "confirm",
            by=request.user,
        )
    except ApplicationError as refused:
        messages.error(request, refused.detail)
        return HttpResponseRedirect("/dashboard/correlation/test-integration")
    messages.success(request, _("Thank you, your word is kept beside the link."))
    return HttpResponseRedirect(case_address(test_case_id, DEFAULT_PERIOD, integration))


@login_required
@require_safe
@one_reading()
def blind_spots(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/correlation/blind-spots?period."""
    query = read_query(request, period_parameter())
    if query.redirect:
        return query.redirect
    now = timezone.now()
    page = _blind_spots_page(request, query, now)
    context = {"page": page, "section": "tests", "refreshable": True}
    return render_page(
        request, "correlation/blind_spots.html", context, now=now, period=query.period
    )


@login_required
@require_safe
@one_reading()
def export_blind_spots(request: HttpRequest) -> HttpResponseBase:
    """GET /dashboard/correlation/blind-spots/csv?period."""
    query = read_query(request, period_parameter())
    if query.redirect:
        return query.redirect
    now = timezone.now()
    page = _blind_spots_page(request, query, now)
    return csv_download(blind_spots_export(request, page, query.period, now), now)


def _blind_spots_page(
    request: HttpRequest, query: PageQuery, now: datetime
) -> BlindSpotsPage:
    with_money = shows_money(request)
    return blind_spots_page(period=query.period, now=now, with_money=with_money)


@login_required
@require_safe
@one_reading()
def export_links(request: HttpRequest) -> HttpResponseBase:
    """GET /dashboard/correlation/export/csv: the links page's rows, filtered alike."""
    query = _links_query(request)
    if query.redirect:
        return query.redirect
    now = timezone.now()
    page = _links_page(request, query, now)
    return csv_download(links_export(request, page, now), now)


def _links_query(request: HttpRequest) -> PageQuery:
    return read_query(
        request,
        period_parameter(),
        _integration(),
        Parameter("test", "", free_text),
        Parameter("min_score", "0.5", ratio),
        Parameter("preliminary", "", one_of(["hide"])),
        sort_parameter(SORT_KEYS, "-score"),
    )


def _links_page(request: HttpRequest, query: PageQuery, now: datetime) -> LinksPage:
    """Return the page; without money, and saying so, when assumptions do not open."""
    asked = _asked(request, query)
    try:
        return links_page(asked, now=now)
    except AssumptionUnreadable as unreadable:
        messages.error(request, unreadable.detail)
        return links_page(replace(asked, with_money=False), now=now)


def _integration() -> Parameter:
    known = [each.slug for each in known_integrations()]
    return Parameter("integration", "", one_of(known))


def _asked(request: HttpRequest, query: PageQuery) -> Asked:
    return Asked(
        period=query.period,
        integration=query.values["integration"],
        test=query.values["test"],
        min_score=query.values["min_score"],
        hides_preliminary=query.values["preliminary"] == "hide",
        with_money=shows_money(request),
        order=Order.read(query.values["sort"]),
    )
