"""What did this system find and tell? Read-only: incidents, status changes, alerts."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from integration_health.incidents.actions import acknowledge, resolve
from integration_health.models import (
    Alert,
    Incident,
    IncidentEntry,
    IncidentTicket,
    StatusTransition,
)
from qa_observability.lib.errors import Conflict

ACT = "integration_health.act_on_incidents"


class ReadOnly:
    """Written by this system; people look."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EntryInline(ReadOnly, admin.TabularInline[IncidentEntry, Incident]):
    """An incident's timeline."""

    model = IncidentEntry
    fields = ("at", "actor", "action", "text")
    readonly_fields = fields
    extra = 0


class TicketInline(ReadOnly, admin.TabularInline[IncidentTicket, Incident]):
    """An incident's tickets."""

    model = IncidentTicket
    fields = ("key", "url", "added_by")
    readonly_fields = fields
    extra = 0


@admin.register(Incident)
class IncidentAdmin(ReadOnly, admin.ModelAdmin[Incident]):
    """Incidents as the search found them; people act, they do not edit."""

    list_display = (
        "integration",
        "started_at",
        "ended_at",
        "severity",
        "state",
        "occurrences",
        "detected_by",
        "acknowledged_by",
        "resolved_by",
    )
    list_filter = ("state", "severity", "integration", "origin")
    list_select_related = ("integration",)
    search_fields = ("tickets__key", "entries__text")
    ordering = ("-started_at",)
    show_full_result_count = False
    inlines = (EntryInline, TicketInline)
    actions = ("acknowledge_chosen", "resolve_chosen")

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ACT)

    @admin.action(description=gettext_lazy("Acknowledge"), permissions=["act"])
    def acknowledge_chosen(
        self, request: HttpRequest, queryset: QuerySet[Incident]
    ) -> None:
        """Look after the chosen ones; those that are over are told."""
        self._act(request, queryset, acknowledge)

    @admin.action(description=gettext_lazy("Resolve"), permissions=["act"])
    def resolve_chosen(
        self, request: HttpRequest, queryset: QuerySet[Incident]
    ) -> None:
        """Say that the chosen ones are over."""
        self._act(request, queryset, resolve)

    def _act(
        self, request: HttpRequest, queryset: QuerySet[Incident], deed: Any
    ) -> None:
        by = request.user.get_username()
        for incident in queryset:
            try:
                deed(incident.pk, by=by, now=timezone.now())
            except Conflict as conflict:
                self.message_user(request, f"{incident}: {conflict.detail}", "warning")


@admin.register(StatusTransition)
class StatusTransitionAdmin(ReadOnly, admin.ModelAdmin[StatusTransition]):
    """When which status became which, and why."""

    list_display = ("at", "integration", "from_status", "to_status", "reason")
    list_filter = ("integration", "to_status")
    list_select_related = ("integration",)
    ordering = ("-at", "-id")
    show_full_result_count = False


@admin.register(Alert)
class AlertAdmin(ReadOnly, admin.ModelAdmin[Alert]):
    """Every alert there ever was."""

    list_display = (
        "raised_at",
        "severity",
        "title",
        "integration",
        "closed_at",
        "read_by",
        "dismissed_by",
        "snoozed_until",
    )
    list_filter = ("kind", "severity", "integration")
    list_select_related = ("integration",)
    search_fields = ("title", "body")
    ordering = ("-raised_at", "-id")
    show_full_result_count = False
