"""The pages of alerts and of imports, and what people do there: parse, ask, render."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from integration_health.alert_forms import SnoozeForm
from integration_health.alerts import dismiss, mark_read, snooze
from integration_health.alerts import undo as undo_deed
from integration_health.enums import BatchState, Severity
from integration_health.imports import undo_import
from integration_health.models import Alert
from integration_health.pages.alerts import alerts_list
from integration_health.pages.alerts_export import alerts_export
from integration_health.pages.import_detail import import_page
from integration_health.pages.imports import imports_list
from integration_health.pages.imports_export import imports_export
from integration_health.reports.alerts import AlertFilters, AlertState
from integration_health.reports.channels import known_integrations
from qa_observability.lib.errors import ApplicationError, Conflict, InvalidField
from qa_observability.models import AuditEntry
from qa_observability.web.downloads import csv_download
from qa_observability.web.keyset import key_parameter, read_key
from qa_observability.web.pages import render_page
from qa_observability.web.query import PageQuery, Parameter, one_of, read_query
from qa_observability.web.rights import needs

ACT: Final = "integration_health.act_on_incidents"
IMPORT: Final = "integration_health.import_files"
IMPORT_STATE: Final = Parameter("state", "", one_of(BatchState.values))
SNOOZES: Final = {
    "1h": timedelta(hours=1),
    "8h": timedelta(hours=8),
    "3d": timedelta(days=3),
}


@login_required
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/alerts?state&integration&severity: the unread unless asked for."""
    query = _alerts_query(request)
    if query.redirect:
        return query.redirect
    now = timezone.now()
    context = {
        "page": alerts_list(_alerts_asked(query), now=now),
        "section": "alerts",
        "refreshable": True,
    }
    return render_page(request, "integration_health/alerts.html", context, now=now)


@login_required
@require_safe
def export_alerts(request: HttpRequest) -> HttpResponseBase:
    """GET /dashboard/alerts/export/csv?state&integration&severity."""
    query = _alerts_query(request)
    if query.redirect:
        return query.redirect
    now = timezone.now()
    return csv_download(alerts_export(request, _alerts_asked(query), now), now)


def _alerts_query(request: HttpRequest) -> PageQuery:
    states = [state.value for state in AlertState]
    known = [each.slug for each in known_integrations()]
    return read_query(
        request,
        Parameter("state", AlertState.UNREAD.value, one_of(states)),
        Parameter("integration", "", one_of(known)),
        Parameter("severity", "", one_of(Severity.values)),
    )


def _alerts_asked(query: PageQuery) -> AlertFilters:
    state, values = AlertState(query.values["state"]), query.values
    return AlertFilters(state, values["integration"], values["severity"])


@login_required
@needs(ACT)
@require_POST
def act_on_alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """POST /dashboard/alerts/<id>: investigate, dismiss, or snooze for a while."""
    alert = get_object_or_404(Alert, pk=alert_id)
    who, now = request.user, timezone.now()
    action = request.POST.get("action", "")
    try:
        if action == "investigate":
            mark_read(alert, by=who.get_username(), now=now)
            return HttpResponseRedirect(alert.url or "/dashboard")
        if action == "dismiss":
            deed = dismiss(alert, by=who, now=now)
            _say(request, _("Dismissed. It stays under Dismissed."), deed)
        elif action in SNOOZES:
            until = now + SNOOZES[action]
            deed = snooze(alert, until=until, by=who, reason="", now=now)
            _say(request, _("Snoozed."), deed)
    except ApplicationError as refused:
        messages.error(request, refused.detail)
    return redirect("alerts-page")


@login_required
@needs(ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def snooze_alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """GET, POST /dashboard/alerts/<id>/snooze: until a moment of one's choice, and why."""
    alert, now = get_object_or_404(Alert, pk=alert_id), timezone.now()
    form = SnoozeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deed = snooze(alert, **form.cleaned_data, by=request.user, now=now)
        except InvalidField as refused:
            form.add_error("until", refused.errors[0].detail)
        except Conflict as refused:
            messages.error(request, refused.detail)
            return redirect("alerts-page")
        else:
            _say(request, _("Snoozed."), deed)
            return redirect("alerts-page")
    context = {"alert": alert, "form": form, "section": "alerts"}
    page = render_page(request, "integration_health/snooze.html", context, now=now)
    page.status_code = 422 if form.is_bound else 200
    return page


@login_required
@needs(ACT)
@require_POST
def undo_alert_deed(
    request: HttpRequest, alert_id: UUID, deed_id: UUID
) -> HttpResponse:
    """POST /dashboard/alerts/<id>/undo/<deed>: take back a dismissal or a snooze."""
    try:
        undo_deed(alert_id, deed_id, by=request.user)
    except Conflict as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, _("Undone: the alert is back as it was."))
    return redirect("alerts-page")


def _say(request: HttpRequest, words: str, deed: AuditEntry | None) -> None:
    """Say what was done to an alert, with its undo unless it was done already."""
    undo_at = reverse("undo-alert-deed", args=[deed.target_id, deed.pk]) if deed else ""
    messages.success(request, words, extra_tags=undo_at)


@login_required
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """GET /dashboard/imports?state&page_key."""
    query = read_query(request, IMPORT_STATE, key_parameter())
    if query.redirect:
        return query.redirect
    now = timezone.now()
    page = imports_list(
        _state_in(query), after=read_key(query.values["page_key"]), now=now
    )
    context = {"page": page, "section": "imports", "refreshable": True}
    return render_page(request, "integration_health/imports.html", context, now=now)


@login_required
@require_safe
def export_imports(request: HttpRequest) -> HttpResponseBase:
    """GET /dashboard/imports/export/csv?state."""
    query = read_query(request, IMPORT_STATE)
    if query.redirect:
        return query.redirect
    now = timezone.now()
    return csv_download(imports_export(request, _state_in(query), now), now)


def _state_in(query: PageQuery) -> BatchState | None:
    state = query.text("state")
    return BatchState(state) if state else None


@login_required
@require_safe
def one_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """GET /dashboard/imports/<id>."""
    query = read_query(request)
    if query.redirect:
        return query.redirect
    now = timezone.now()
    page = import_page(import_id, now=now)
    context = {"page": page, "section": "imports", "refreshable": True}
    return render_page(request, "integration_health/import.html", context, now=now)


@login_required
@needs(IMPORT)
@require_POST
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """POST /dashboard/imports/<id>/undo: take an import back, or say why not."""
    try:
        undo_import(import_id, by=request.user, now=timezone.now())
    except Conflict as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(
            request, _("The import was taken back, with all that followed from it.")
        )
    return redirect("import-page", import_id)
