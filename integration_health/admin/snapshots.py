"""How do people record checks? All channels on one page; single ones put right."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integration_health.admin.people import person
from integration_health.enums import Source, StatusSource
from integration_health.forms import HealthGrid, SnapshotForm
from integration_health.ingest.corrections import amend_snapshot, remove_snapshots
from integration_health.ingest.snapshots import record_snapshots
from integration_health.models import Integration, IntegrationHealth
from integration_health.reports.reasons import reason_of
from qa_observability.lib.errors import Conflict
from qa_observability.web.formats import exact_percent

RIGHT = "integration_health.record_health"
LIST = "admin:integration_health_integrationhealth_changelist"
_TEMPLATES = "admin/integration_health/integrationhealth"


@admin.register(IntegrationHealth)
class SnapshotAdmin(admin.ModelAdmin[IntegrationHealth]):
    """Checks as recorded; new ones come by the grid."""

    list_display = (
        "integration",
        "last_checked",
        "status",
        "why",
        "pricing_sync_status",
        "fees_sync_status",
        "error_rate_percent",
        "booking_loss_percent",
        "source",
        "actor",
    )
    list_filter = ("integration", "status", "source")
    list_select_related = ("integration",)
    search_fields = ("actor",)
    ordering = ("-last_checked", "integration")
    show_full_result_count = False
    form = SnapshotForm
    change_list_template = f"{_TEMPLATES}/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        enter = path(
            "enter/",
            self.admin_site.admin_view(self.enter_view),
            name="integration_health_integrationhealth_enter",
        )
        return [enter, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        offered = {"may_record": request.user.has_perm(RIGHT)}
        return super().changelist_view(request, (extra_context or {}) | offered)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return redirect("admin:integration_health_integrationhealth_enter")

    def enter_view(self, request: HttpRequest) -> HttpResponse:
        """Show the grid, or record what was sent."""
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        now = timezone.now()
        grid = HealthGrid.of(
            Integration.objects.enabled().in_order(),
            {each.integration_id: each for each in IntegrationHealth.objects.current()},
            now=now,
            data=request.POST or None,
        )
        if request.method == "POST" and self._recorded(request, grid):
            return redirect(LIST)
        context = self.admin_site.each_context(request) | {
            "title": _("Enter health"),
            "grid": grid,
            "now": now,
            "zone": timezone.get_current_timezone_name(),
        }
        return TemplateResponse(request, f"{_TEMPLATES}/enter.html", context)

    def _recorded(self, request: HttpRequest, grid: HealthGrid) -> bool:
        now = timezone.now()
        checks = grid.checks(now)
        if checks is None:
            return False
        try:
            results = record_snapshots(
                checks,
                source=Source.MANUAL,
                actor=request.user.get_username(),
                now=now,
            )
        except Conflict as conflict:
            grid.moment.add_error("checked_at", conflict.detail)
            return False
        for snapshot, _is_new in results:
            reason = reason_of(snapshot, snapshot.integration)
            self.message_user(request, f"{snapshot.integration}: {reason}.")
        return True

    def save_model(
        self, request: HttpRequest, obj: IntegrationHealth, form: Any, change: bool
    ) -> None:
        typed = form.cleaned_data["status"]
        obj.status_source = StatusSource.MANUAL if typed else StatusSource.COMPUTED
        amend_snapshot(obj, by=person(request), now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: IntegrationHealth) -> None:
        remove_snapshots([obj], by=person(request), now=timezone.now())

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[IntegrationHealth]
    ) -> None:
        gone = remove_snapshots(queryset, by=person(request), now=timezone.now())
        words = ngettext(
            "%(count)s check went; its days were added up again.",
            "%(count)s checks went; their days were added up again.",
            gone,
        )
        self.message_user(request, words % {"count": gone}, messages.INFO)

    @admin.display(description=gettext_lazy("why"))
    def why(self, snapshot: IntegrationHealth) -> str:
        return reason_of(snapshot, snapshot.integration)

    @admin.display(description=gettext_lazy("errors"), ordering="error_rate")
    def error_rate_percent(self, snapshot: IntegrationHealth) -> str:
        return (
            "-" if snapshot.error_rate is None else exact_percent(snapshot.error_rate)
        )

    @admin.display(
        description=gettext_lazy("bookings lost"), ordering="booking_loss_rate"
    )
    def booking_loss_percent(self, snapshot: IntegrationHealth) -> str:
        rate = snapshot.booking_loss_rate
        return "-" if rate is None else exact_percent(rate)
