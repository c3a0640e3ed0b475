"""How are assumptions read and set by hand? Effect first, then a new version."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_observability.lib.errors import ApplicationError
from qa_observability.lib.periods import utc_day
from qa_observability.web.formats import exact_money, number, percent
from qa_observability.web.percents import typed_percent
from revenue.configure import (
    Authorship,
    check_day,
    open_configuration,
    record_opening,
    set_assumption,
)
from revenue.domain.assumptions import AssumptionValues
from revenue.forms import METHODS, AssumptionForm
from revenue.models import RevenueAssumption
from revenue.reports.effect import Effect, assumption_effect

RIGHT = "revenue.configure_revenue"
LIST = "admin:revenue_revenueassumption_changelist"
FORM = "admin/revenue/revenueassumption/set_assumption.html"


@admin.register(RevenueAssumption)
class RevenueAssumptionAdmin(admin.ModelAdmin[RevenueAssumption]):
    """Versions are read and followed by new ones; none is edited or deleted.

    The list shows no values: opening one version is audited.
    """

    list_display = (
        "integration_or_default",
        "valid_from",
        "in_force",
        "currency",
        "actor",
        "reason",
        "created_at",
    )
    list_filter = ("integration", "sample")
    search_fields = ("actor", "reason")
    list_select_related = ("integration",)
    ordering = ("-valid_from", "-created_at", "-id")
    show_full_result_count = False
    fields = (
        "integration_or_default",
        "valid_from",
        "currency",
        "avg_booking_value",
        "leakage_percentage",
        "bookings_per_day",
        "method",
        "actor",
        "reason",
        "created_at",
        "superseded_at",
    )
    readonly_fields = fields

    def has_view_permission(
        self, request: HttpRequest, obj: RevenueAssumption | None = None
    ) -> bool:
        return request.user.has_perm(RIGHT)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT)

    def has_change_permission(
        self, request: HttpRequest, obj: RevenueAssumption | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: RevenueAssumption | None = None
    ) -> bool:
        return False

    @admin.display(description=gettext_lazy("integration"), ordering="integration")
    def integration_or_default(self, row: RevenueAssumption) -> str:
        return row.integration.name if row.integration else _("All (the default)")

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def in_force(self, row: RevenueAssumption) -> bool:
        return row.superseded_at is None

    @admin.display(description=gettext_lazy("average booking value"))
    def avg_booking_value(self, row: RevenueAssumption) -> str:
        return exact_money(row.values().avg_booking_value, row.currency)

    @admin.display(description=gettext_lazy("leakage"))
    def leakage_percentage(self, row: RevenueAssumption) -> str:
        return percent(row.values().leakage_percentage, 2)

    @admin.display(description=gettext_lazy("bookings per day"))
    def bookings_per_day(self, row: RevenueAssumption) -> str:
        return number(row.values().bookings_per_day, 2)

    @admin.display(description=gettext_lazy("method"))
    def method(self, row: RevenueAssumption) -> str:
        method = row.values().method
        return str(METHODS[method]) if method else _("From the default")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one version, or say why it does not open; the trail records either."""
        row = self.get_object(request, unquote(object_id))
        if row is not None and self.has_view_permission(request, row):
            record_opening(_person(request), f"admin {row.pk}")
            try:
                row.values()
            except ApplicationError as refusal:
                messages.error(request, refusal.detail)
                return redirect(reverse(LIST))
        return super().change_view(request, object_id, form_url, extra_context)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask, show what it would change, and only then write the version."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        now = timezone.now()
        if request.method != "POST":
            return self._page(request, AssumptionForm(initial=_initial(request, now)))
        form = AssumptionForm(request.POST)
        effect = _effect(form, now) if form.is_valid() else None
        confirmed = effect is not None and form.was_previewed()
        if confirmed and _saved(request, form, now):
            return redirect(reverse(LIST))
        return self._page(request, form, effect if form.is_valid() else None)

    def _page(
        self, request: HttpRequest, form: AssumptionForm, effect: Effect | None = None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Set revenue assumptions"),
            "form": form,
            "effect": effect,
            "previewed": form.seal() if effect else "",
        }
        return TemplateResponse(request, FORM, context)


def _initial(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Return what is in force for ``?integration=``; that it was opened is recorded."""
    slug = request.GET.get("integration") or None
    held = open_configuration(
        utc_day(now), actor=_person(request), purpose="admin form"
    )
    said = held.default if slug is None else held.integrations.get(slug)
    values = said or AssumptionValues()
    return {
        "integration": slug,
        "avg_booking_value": values.avg_booking_value,
        "leakage_percentage": typed_percent(values.leakage_percentage),
        "bookings_per_day": values.bookings_per_day,
        "method": values.method,
        "currency": held.currency,
        "valid_from": utc_day(now),
    }


def _effect(form: AssumptionForm, now: datetime) -> Effect | None:
    """Return what saving would change; ``None`` with the reason in the form."""
    wish = form.wish()
    try:
        check_day(wish.valid_from, utc_day(now))
        return assumption_effect(
            wish.integration_id, wish.values, wish.currency, wish.valid_from, now=now
        )
    except ApplicationError as refusal:
        form.refuse(refusal)
        return None


def _saved(request: HttpRequest, form: AssumptionForm, now: datetime) -> bool:
    wish = form.wish()
    authorship = Authorship(_person(request), wish.reason, now)
    try:
        row = set_assumption(
            wish.integration_id,
            wish.values,
            authorship,
            valid_from=None if wish.valid_from == utc_day(now) else wish.valid_from,
            currency=wish.currency,
            replace=wish.replace,
        )
    except ApplicationError as refusal:
        form.refuse(refusal)
        return False
    if row is None:
        messages.info(request, _("Nothing to change: these values already hold."))
    else:
        messages.success(request, _("Saved; the figures follow at once."))
    return True


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
