"""How are channels, planned outages and marks set up by hand?"""

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integration_health.admin.people import person
from integration_health.configure import (
    annotate,
    cancel_maintenance,
    plan_maintenance,
    remove,
    save_integration,
)
from integration_health.models import (
    Annotation,
    Integration,
    MaintenanceWindow,
)
from integration_health.storage.zones import known_zones
from integration_health.tasks import mark_maintenance_later
from qa_observability.lib.periods import Window


@admin.register(Integration)
class IntegrationAdmin(admin.ModelAdmin[Integration]):
    """Channels; one that is no longer wanted is switched off, so its history stays."""

    list_display = (
        "name",
        "slug",
        "enabled",
        "position",
        "expected_interval",
        "error_rate_warning",
        "error_rate_critical",
        "booking_loss_warning",
        "booking_loss_critical",
    )
    list_filter = ("enabled",)
    search_fields = ("name", "slug")
    ordering = ("position", "slug")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Integration | None = None
    ) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def has_delete_permission(
        self, request: HttpRequest, obj: Integration | None = None
    ) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Integration, form: Any, change: bool
    ) -> None:
        save_integration(obj, by=person(request), now=timezone.now())


class MaintenanceForm(forms.ModelForm[MaintenanceWindow]):
    """A planned outage; its moments are read and shown by the clocks of its own zone."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone) for zone in known_zones()],
        initial="UTC",
        help_text=_(
            "The times here are of this zone, and repetitions keep to its clocks: Sunday "
            "02:00 in Europe/Lisbon stays 02:00 there in summer and in winter."
        ),
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for name in ("starts_at", "ends_at", "repeats_until"):
            if moment := getattr(self.instance, name):
                self.initial[name] = _by_own_clock(self.instance, moment)

    def full_clean(self) -> None:
        """Read the moments in the zone named beside them; in UTC when it is unknown."""
        named = self.data.get(self.add_prefix("time_zone"))
        with timezone.override(ZoneInfo(named if named in known_zones() else "UTC")):
            super().full_clean()


@admin.register(MaintenanceWindow)
class MaintenanceWindowAdmin(admin.ModelAdmin[MaintenanceWindow]):
    """Planned outages, by the clocks of their zones; events inside follow."""

    form = MaintenanceForm
    list_display = (
        "title",
        "integration",
        "starts",
        "ends",
        "time_zone",
        "recurrence",
        "until",
        "created_by",
    )
    list_filter = ("integration", "recurrence")
    list_select_related = ("integration",)
    search_fields = ("title",)
    exclude = ("created_by",)

    @admin.display(description=_("starts at"), ordering="starts_at")
    def starts(self, window: MaintenanceWindow) -> datetime:
        return _by_own_clock(window, window.starts_at)

    @admin.display(description=_("ends at"), ordering="ends_at")
    def ends(self, window: MaintenanceWindow) -> datetime:
        return _by_own_clock(window, window.ends_at)

    @admin.display(description=_("repeats until"), ordering="repeats_until")
    def until(self, window: MaintenanceWindow) -> datetime | None:
        moment = window.repeats_until
        return _by_own_clock(window, moment) if moment else None

    def save_model(
        self, request: HttpRequest, obj: MaintenanceWindow, form: Any, change: bool
    ) -> None:
        plan_maintenance(
            obj,
            by=person(request),
            now=timezone.now(),
            later=partial(self._later, request),
        )

    def delete_model(self, request: HttpRequest, obj: MaintenanceWindow) -> None:
        self._cancel(request, obj)

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[MaintenanceWindow]
    ) -> None:
        for window in queryset:
            self._cancel(request, window)

    def _cancel(self, request: HttpRequest, window: MaintenanceWindow) -> None:
        cancel_maintenance(
            window,
            by=person(request),
            now=timezone.now(),
            later=partial(self._later, request),
        )

    def _later(self, request: HttpRequest, slug: str | None, reach: Window) -> None:
        mark_maintenance_later(slug, reach)
        self.message_user(
            request,
            gettext(
                "It reaches back more than a week: its events are being marked in the "
                "background. The page of jobs says when that is done."
            ),
        )


@admin.register(Annotation)
class AnnotationAdmin(admin.ModelAdmin[Annotation]):
    """Deploys and configuration changes, as charts mark them."""

    list_display = ("at", "integration", "kind", "text", "created_by")
    list_filter = ("kind", "integration")
    list_select_related = ("integration",)
    search_fields = ("text",)
    exclude = ("created_by",)

    def save_model(
        self, request: HttpRequest, obj: Annotation, form: Any, change: bool
    ) -> None:
        annotate(obj, by=person(request))

    def delete_model(self, request: HttpRequest, obj: Annotation) -> None:
        remove(obj, by=person(request))

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[Annotation]
    ) -> None:
        for annotation in queryset:
            remove(annotation, by=person(request))


def _by_own_clock(window: MaintenanceWindow, moment: datetime) -> datetime:
    """Return a moment as the clocks of the window's zone show it, for people to read."""
    return timezone.make_naive(moment, ZoneInfo(window.time_zone))
