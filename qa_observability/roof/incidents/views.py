"""The pages of incidents: parse, ask, render; deeds are forms on an incident's page."""

from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from integration_health.enums import IncidentState
from integration_health.incidents.actions import undo
from integration_health.reports.channels import known_integrations
from integration_health.reports.incident_filters import IncidentFilters
from qa_observability.lib.errors import Conflict
from qa_observability.readings import one_reading
from qa_observability.roof.incidents.deeds import DEEDS, empty_forms, form_of
from qa_observability.roof.incidents.detail import incident_page
from qa_observability.roof.incidents.explain import cost_explanation
from qa_observability.roof.incidents.export import inbox_export
from qa_observability.roof.incidents.inbox import (
    BY_MONEY,
    BY_SEVERITY,
    MONEY_KEYS,
    SEVERITIES,
    SORT_KEYS,
    Asked,
    inbox_page,
)
from qa_observability.roof.seen import seen_by
from qa_observability.roof.views import EVENT_FILTERS
from qa_observability.web.downloads import csv_download
from qa_observability.web.keyset import key_parameter
from qa_observability.web.pages import render_page
from qa_observability.web.query import (
    PageQuery,
    Parameter,
    one_of,
    period_parameter,
    read_query,
)
from qa_observability.web.rights import needs, refusal
from qa_observability.web.sorting import Order, sort_parameter
from revenue.pages.rights import shows_money
from revenue.views import require_money

ACT: Final = "integration_health.act_on_incidents"


@login_required
@require_safe
@one_reading()
def incidents(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/incidents?period&state&integration&severity&sort&page_key."""
    query = _inbox_query(request)
    if query.redirect:
        return query.redirect
    now, asked = timezone.now(), _asked(request, query)
    context = {
        "page": inbox_page(asked, now=now),
        "order": asked.order,
        "section": "incidents",
        "refreshable": True,
    }
    return render_page(
        request, "incidents/inbox.html", context, now=now, period=query.period
    )


@login_required
@require_safe
@one_reading()
def export_incidents(request: HttpRequest) -> HttpResponseBase:
    """GET /dashboard/incidents/csv: the inbox's incidents, filtered alike."""
    query = _inbox_query(request)
    if query.redirect:
        return query.redirect
    now, asked = timezone.now(), _asked(request, query)
    page = inbox_page(asked, now=now)
    return csv_download(inbox_export(request, page, asked, now), now)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def incident(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """GET, POST /dashboard/incidents/<id>: look at one, or do something about it."""
    if request.method == "POST":
        return _act(request, incident_id)
    return _show(request, incident_id, {})


@login_required
@require_safe
def explain_cost(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """GET /dashboard/incidents/<id>/explain/cost."""
    require_money(request)
    now = timezone.now()
    context = {"page": cost_explanation(incident_id, now=now), "section": "incidents"}
    return render_page(request, "explanation.html", context, now=now)


def _act(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Do what the form asks and lead back; a wrong form is shown again, as filled in."""
    if not request.user.has_perm(ACT):
        raise PermissionDenied(refusal(ACT))
    name = request.POST.get("action", "")
    if name not in DEEDS:
        return redirect("incident-page", incident_id)
    form = form_of(name, request.POST)
    if not form.is_valid():
        response = _show(request, incident_id, {name: form})
        response.status_code = 422
        return response
    who, now = request.user.get_username(), timezone.now()
    try:
        done = DEEDS[name].do(incident_id, form.cleaned_data, who, now)
    except Conflict as refused:
        messages.error(request, refused.detail)
    else:
        say = messages.success if done.changed else messages.warning
        say(request, done.words, extra_tags=done.undo)
    return redirect("incident-page", incident_id)


@login_required
@needs(ACT)
@require_POST
def undo_deed(request: HttpRequest, incident_id: UUID, entry_id: UUID) -> HttpResponse:
    """POST /dashboard/incidents/<id>/undo/<entry>: take back what was just done."""
    who, now = request.user.get_username(), timezone.now()
    try:
        undo(incident_id, entry_id, by=who, now=now)
    except Conflict as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, _("Undone: the incident is back as it was."))
    return redirect("incident-page", incident_id)


@one_reading()
def _show(
    request: HttpRequest, incident_id: UUID, wrong: dict[str, forms.Form]
) -> HttpResponse:
    query = read_query(request, *EVENT_FILTERS)
    if query.redirect and not wrong:
        return query.redirect
    now = timezone.now()
    seen = seen_by(request, query)
    page = incident_page(incident_id, now=now, seen=seen)
    context = {"page": page, "section": "incidents"}
    if request.user.has_perm(ACT):
        context["forms"] = empty_forms(page.item.assigned_to) | wrong
        context["wrong"] = _first_wrong_field(wrong)
    return render_page(request, "incidents/incident.html", context, now=now)


def _first_wrong_field(wrong: dict[str, forms.Form]) -> str:
    """Return the id of the field to go to; empty when nothing is wrong."""
    fields = [
        f"{name}-{field}" for name, form in wrong.items() for field in form.errors
    ]
    return next(iter(fields), "")


def _asked(request: HttpRequest, query: PageQuery) -> Asked:
    values = query.values
    return Asked(
        period=query.period,
        order=Order.read(values["sort"]),
        filters=IncidentFilters(
            values["integration"], values["state"], values["severity"]
        ),
        query=values,
        with_money=shows_money(request),
    )


def _inbox_query(request: HttpRequest) -> PageQuery:
    with_money = shows_money(request)
    keys = SORT_KEYS.keys() - (set() if with_money else MONEY_KEYS)
    default = BY_MONEY if with_money else BY_SEVERITY
    known = [each.slug for each in known_integrations()]
    return read_query(
        request,
        period_parameter(),
        Parameter("state", "", one_of(IncidentState.values)),
        Parameter("integration", "", one_of(known)),
        Parameter("severity", "", one_of(SEVERITIES)),
        sort_parameter(keys, default.written),
        key_parameter(),
    )
