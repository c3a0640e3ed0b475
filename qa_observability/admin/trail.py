"""What did people and jobs do? Read and searched, never touched."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from qa_observability.models import AuditEntry, JobRun
from qa_observability.web.formats import number


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Records that the system writes: looked at, searched, never touched."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what to which record."""

    list_display = ["at", "actor_name", "action", "target_type", "target_id", "reason"]
    list_filter = ["action", "target_type", "at"]
    search_fields = ["actor_name", "action", "target_type", "target_id", "reason"]
    date_hierarchy = "at"


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    """When each job last ran, how long it took, what it did."""

    list_display = ["job", "started_at", "duration", "result", "counts", "error"]
    list_filter = ["job", "result", "started_at"]
    search_fields = ["job", "error", "task_id"]

    @admin.display(description=gettext_lazy("duration (s)"))
    def duration(self, run: JobRun) -> str:
        seconds = run.duration_seconds
        return "—" if seconds is None else number(seconds, 1)
