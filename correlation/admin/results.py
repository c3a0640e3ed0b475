"""Which results are stored, and how do people bring in files?"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from correlation.admin.paging import CappedPaginator
from correlation.forms import ResultFilesForm
from correlation.ingest.batches import BatchReport, import_one
from correlation.ingest.removal import remove_results
from correlation.models import TestCase, TestResult, TestSource
from qa_observability.audit import record

INGEST = "correlation.ingest_results"
MOST_TESTS_FOUND = 500  # tests whose results a search shows


class SourceFilter(admin.SimpleListFilter):
    """By the sources there are: asking a million results for theirs would take long."""

    title = gettext_lazy("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (name, name) for name in TestSource.objects.values_list("pk", flat=True)
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[TestResult]
    ) -> QuerySet[TestResult]:
        return queryset.filter(source=self.value()) if self.value() else queryset


@admin.register(TestResult)
class TestResultAdmin(admin.ModelAdmin[TestResult]):
    """Results are read, brought in as files, and taken away; never edited."""

    __test__ = False

    list_display = [
        "executed_at",
        "test_case",
        "status",
        "source",
        "run_id",
        "attempts",
        "duration",
        "time_basis",
    ]
    list_filter = ["status", SourceFilter, "time_basis", "sample"]
    list_select_related = ["test_case"]
    search_fields = ["test_case__name"]
    search_help_text = gettext_lazy("A test's id, or a part of its name.")
    ordering = ["-executed_at", "-id"]
    paginator = CappedPaginator
    show_full_result_count = False
    change_list_template = "admin/correlation/testresult/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("duration"), ordering="duration_ms")
    def duration(self, result: TestResult) -> str:
        if result.duration_ms is None:
            return "—"
        return _("%(seconds).3f s") % {"seconds": result.duration_ms / 1000}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[TestResult], search_term: str
    ) -> tuple[QuerySet[TestResult], bool]:
        """Find the tests first: theirs are few, and an index leads to their results."""
        if not search_term:
            return queryset, False
        tests = TestCase.objects.filter(name__icontains=search_term)
        found = [*tests.values_list("pk", flat=True)[:MOST_TESTS_FOUND], search_term]
        return queryset.filter(test_case__in=found), False

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        names = [str(result) for result in objs]
        forbidden = set() if self.has_delete_permission(request) else {_("result")}
        return names, {_("test results"): len(names)}, forbidden, []

    def delete_model(self, request: HttpRequest, obj: TestResult) -> None:
        remove_results(TestResult.objects.filter(pk=obj.pk))

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[TestResult]
    ) -> None:
        remove_results(queryset)

    def get_urls(self) -> list[URLPattern]:
        upload = path(
            "upload/",
            self.admin_site.admin_view(self.upload_view),
            name="correlation_testresult_upload",
        )
        return [upload, *super().get_urls()]

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take files in, and show what became of each."""
        if not request.user.has_perm(INGEST):
            raise PermissionDenied
        form = ResultFilesForm(request.POST or None, request.FILES or None)
        report = _imported(request, form) if form.is_valid() else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload test results"),
            "opts": self.opts,
            "form": form,
            "report": report,
        }
        return TemplateResponse(
            request, "admin/correlation/testresult/upload.html", context
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        offered = {"may_upload": request.user.has_perm(INGEST)}
        return super().changelist_view(request, (extra_context or {}) | offered)


def _imported(request: HttpRequest, form: ResultFilesForm) -> BatchReport:
    now = timezone.now()
    upload = form.upload()
    report = BatchReport.of(
        import_one(str(file.name), file, upload, now=now)
        for file in form.cleaned_data["file"]
    )
    record(
        request.user,
        "test_results.uploaded",
        "test_results",
        after={"accepted": report.accepted, "files": [f.file for f in report.files]},
    )
    return report
