"""Where administrators write reports, choose who gets them and see what did not arrive."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qa_observability.audit import record
from qa_observability.lib.errors import ApplicationError
from qa_observability.roof.weekly.write import write_report
from revenue.models import ReportDelivery, ReportRecipient, WeeklyReport
from revenue.reports.weekly import week_named
from revenue.weekly.deliver import send_again

RIGHT = "revenue.send_reports"
LIST = "admin:revenue_weeklyreport_changelist"


class _Kept:
    """What is kept as it was: seen by those who may send reports, changed by nobody."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(RIGHT)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(WeeklyReport)
class WeeklyReportAdmin(_Kept, admin.ModelAdmin[WeeklyReport]):
    """Reports are read here and on their page; a button writes the next."""

    change_list_template = "admin/revenue/weeklyreport/change_list.html"
    list_display = (
        "__str__",
        "is_scheduled",
        "created_at",
        "created_by",
        "sent",
        "waiting",
        "failed",
        "sample",
    )
    list_filter = ("is_scheduled", "sample")
    show_full_result_count = False
    fields = ("year", "week", "version", "start", "end", "created_at", "created_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WeeklyReport]:
        kept = WeeklyReport.objects.newest_first().with_deliveries()
        return kept.defer("html", "pdf", "content")

    @admin.display(description=gettext_lazy("mails sent"))
    def sent(self, row: Any) -> int:
        return int(row.sent)

    @admin.display(description=gettext_lazy("waiting"))
    def waiting(self, row: Any) -> int:
        return int(row.waiting)

    @admin.display(description=gettext_lazy("failed"))
    def failed(self, row: Any) -> int:
        return int(row.failed)

    def view_on_site(self, obj: WeeklyReport) -> str:
        """Return the report's page in the archive."""
        address = reverse("weekly-report", args=[str(obj.iso_week)])
        return f"{address}?version={obj.version}"

    def get_urls(self) -> list[URLPattern]:
        write = self.admin_site.admin_view(require_POST(self.write))
        return [
            path("write", write, name="revenue_weeklyreport_write"),
            *super().get_urls(),
        ]

    def write(self, request: HttpRequest) -> HttpResponse:
        """POST: write the week's report now and, when asked, let its mails wait."""
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        typed, send = request.POST.get("week", "").strip(), "send" in request.POST
        try:
            report = write_report(
                week_named(typed) if typed else None,
                actor=request.user,
                now=timezone.now(),
                send=send,
            )
        except ApplicationError as refused:
            messages.error(request, refused.detail)
            return redirect(LIST)
        mails = report.deliveries.count()
        messages.success(
            request,
            _("Written: %(report)s. Mails that leave within a minute: %(mails)d.")
            % {"report": report, "mails": mails},
        )
        return redirect(self.view_on_site(report))


@admin.register(ReportRecipient)
class ReportRecipientAdmin(admin.ModelAdmin[ReportRecipient]):
    """Who gets the report by mail. They see money without an account: it is recorded."""

    list_display = ("email", "added_by", "added_at")
    search_fields = ("email",)
    readonly_fields = ("added_by", "added_at")

    def has_change_permission(
        self, request: HttpRequest, obj: ReportRecipient | None = None
    ) -> bool:
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: ReportRecipient | None = None
    ) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()

    def save_model(
        self, request: HttpRequest, obj: ReportRecipient, form: Any, change: bool
    ) -> None:
        obj.added_by, obj.added_at = request.user.get_username(), timezone.now()
        super().save_model(request, obj, form, change)
        record(request.user, "report_recipient.added", obj, after={"email": obj.email})

    def delete_model(self, request: HttpRequest, obj: ReportRecipient) -> None:
        record(
            request.user, "report_recipient.removed", obj, before={"email": obj.email}
        )
        super().delete_model(request, obj)

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[ReportRecipient]
    ) -> None:
        for recipient in queryset:
            self.delete_model(request, recipient)


@admin.register(ReportDelivery)
class ReportDeliveryAdmin(_Kept, admin.ModelAdmin[ReportDelivery]):
    """Mails and their attempts; one that was given up can be sent again."""

    list_display = (
        "report",
        "email",
        "state",
        "attempts",
        "last_error",
        "next_attempt_at",
        "sent_at",
    )
    list_filter = ("state",)
    list_select_related = ("report",)
    search_fields = ("email",)
    ordering = ("-report__created_at", "email")
    show_full_result_count = False
    actions = ("again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReportDelivery]:
        heavy = ("report__html", "report__pdf", "report__content")
        return super().get_queryset(request).defer(*heavy)

    @admin.action(description=gettext_lazy("Send again"), permissions=["view"])
    def again(self, request: HttpRequest, queryset: QuerySet[ReportDelivery]) -> None:
        now, user = timezone.now(), request.user
        unsent = queryset.exclude(state=ReportDelivery.State.SENT)
        for delivery in unsent:
            send_again(delivery, now)
            by = user if isinstance(user, User) else None
            record(by, "report_delivery.sent_again", delivery)
        messages.success(
            request, _("Mails that leave within a minute: %d.") % len(unsent)
        )
