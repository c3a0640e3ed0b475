"""Pages of the admin: erase a person, and see what is kept how long."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from qa_observability.api.encoding import encode_json
from qa_observability.lib.errors import InvalidField
from qa_observability.lib.subjects import LONGEST_TOKEN, SHORTEST_TOKEN
from qa_observability.roof.erasure import (
    SubjectReport,
    erase_subject,
    export_subject,
    find_subject,
)
from qa_observability.roof.retention import RULES

# Whoever may delete events and results one by one may do it for a person.
RIGHTS = (
    "integration_health.delete_integrationevent",
    "correlation.delete_testresult",
)


class SubjectForm(forms.Form):
    """What names the person, and why they are erased."""

    token = forms.CharField(
        label=gettext_lazy("What names the person"),
        min_length=SHORTEST_TOKEN,
        max_length=LONGEST_TOKEN,
        help_text=gettext_lazy(
            "An e-mail address, a number, a name: found whole, in any case of letters."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For the audit trail; the name itself is masked in it."),
    )


@require_http_methods(["GET", "POST"])
def erasure_page(request: HttpRequest) -> HttpResponse:
    """Show what is held about a person; erase it when that was seen and confirmed."""
    _require_rights(request)
    form = SubjectForm(request.POST or None)
    report: SubjectReport | None = None
    if form.is_valid():
        try:
            if "erase" in request.POST:
                return _erased(request, **form.cleaned_data)
            if "export" in request.POST:
                return _exported(request, form.cleaned_data["token"])
            report = find_subject(form.cleaned_data["token"])
        except InvalidField as refused:
            form.add_error("token", refused.detail)
    context = _frame(request, _("Erase a person"))
    return render(
        request,
        "admin/privacy/erasure.html",
        context | {"form": form, "report": report},
    )


@require_safe
def retention_page(request: HttpRequest) -> HttpResponse:
    """Show what is kept how long, and how old the oldest of it is."""
    rows = [(rule, rule.oldest()) for rule in RULES]
    context = _frame(request, _("What is kept how long"))
    return render(request, "admin/privacy/retention.html", context | {"rows": rows})


def _erased(request: HttpRequest, token: str, reason: str) -> HttpResponse:
    by = _person(request)
    report = erase_subject(token, by=by, now=timezone.now(), reason=reason)
    messages.success(
        request, _("Erased or masked: %(rows)s rows.") % {"rows": report.total}
    )
    return redirect("subject-erasure")


def _exported(request: HttpRequest, token: str) -> HttpResponse:
    """Return all that is held as a file; its name tells nothing."""
    report = export_subject(token, by=_person(request))
    return HttpResponse(
        encode_json(report, indent=2),
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="subject.json"'},
    )


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _require_rights(request: HttpRequest) -> None:
    if not request.user.has_perms(RIGHTS):
        raise PermissionDenied


def _frame(request: HttpRequest, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title}
