"""Where can one go from here? Pages, integrations, tests and reports by name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from correlation.models import TestCase
from correlation.pages.rows import case_address
from integration_health.reports.channels import known_integrations
from qa_observability.admin_site import USE_ADMIN
from qa_observability.features import is_enabled
from qa_observability.lib.periods import DEFAULT_PERIOD
from qa_observability.roof.jobs.views import SEE_JOBS
from qa_observability.web.pages import render_page
from qa_observability.web.query import Parameter, free_text, read_query
from revenue.models import WeeklyReport
from revenue.pages.rights import shows_money

MOST_OF_A_KIND: Final = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Places of one kind that match; never empty."""

    title: str
    places: tuple[Place, ...]


@login_required
@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/go?q: everything one can open, narrowed by a part of its name."""
    query = read_query(request, Parameter("q", "", free_text))
    if query.redirect:
        return query.redirect
    asked = query.values["q"]
    context = {"asked": asked, "kinds": kinds_matching(request, asked), "section": "go"}
    return render_page(request, "go.html", context, now=timezone.now())


def kinds_matching(request: HttpRequest, asked: str) -> tuple[Kind, ...]:
    """Return the places whose names hold every word of ``asked``, in any case.

    Only what this reader may open: every page, at most eight of the rest. Four queries.
    """
    words = asked.casefold().split()
    found = (
        (_("Pages"), _named(_pages(request), words)),
        (_("Integrations"), islice(_named(_integrations(), words), MOST_OF_A_KIND)),
        (_("Tests"), _tests(words)),
        (
            _("Weekly reports"),
            islice(_named(_reports(request), words), MOST_OF_A_KIND),
        ),
    )
    kinds = (Kind(title, tuple(places)) for title, places in found)
    return tuple(kind for kind in kinds if kind.places)


def _pages(request: HttpRequest) -> Iterator[Place]:
    may = request.user.has_perm
    with_money = shows_money(request)
    shows_health = is_enabled("integration_health")
    pages = (
        (True, _("Overview"), "overview"),
        (shows_health, _("Incidents"), "incidents-page"),
        (shows_health, _("Alerts"), "alerts-page"),
        (with_money, _("Revenue impact"), "revenue-impact"),
        (with_money, _("Weekly reports"), "weekly-reports"),
        (is_enabled("correlation"), _("Tests and failures"), "tests-page"),
        (is_enabled("correlation"), _("Blind spots"), "blind-spots-page"),
        (shows_health, _("Data quality"), "data-quality-page"),
        (shows_health, _("Imports"), "imports-page"),
        (may(SEE_JOBS), _("Jobs"), "jobs-page"),
        (may(USE_ADMIN), _("Components"), "components-page"),
        (True, _("Preferences"), "preferences"),
        (True, _("API documentation"), "api-docs"),
        (admin.site.has_permission(request), _("Admin"), "admin:index"),
    )
    for is_open, name, route in pages:
        if is_open:
            yield Place(name, reverse(route))


def _integrations() -> Iterator[Place]:
    if is_enabled("integration_health"):
        for each in known_integrations():
            yield Place(each.name, reverse("integration-page", args=[each.slug]))


def _tests(words: list[str]) -> Iterator[Place]:
    if not is_enabled("correlation"):
        return
    found = TestCase.objects.order_by("name", "pk")
    for word in words:
        found = found.filter(name__icontains=word)
    for pk, name in found.values_list("pk", "name")[:MOST_OF_A_KIND]:
        yield Place(name, case_address(pk, DEFAULT_PERIOD))


def _reports(request: HttpRequest) -> Iterator[Place]:
    if not shows_money(request):
        return
    weeks = WeeklyReport.objects.order_by("-year", "-week")
    for year, week in weeks.values_list("year", "week").distinct()[:60]:
        name = f"{year}-W{week:02}"
        yield Place(name, reverse("weekly-report", args=[name]))


def _named(places: Iterable[Place], words: list[str]) -> Iterator[Place]:
    for place in places:
        name = place.name.casefold()
        if all(word in name for word in words):
            yield place
