"""How do people bring in exports? Choose, look, commit; read what came of it; undo."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError as QueueAway

from integration_health.enums import BatchState
from integration_health.import_forms import ExportForm
from integration_health.imports.background import (
    abandon_start,
    is_long,
    start_upload,
)
from integration_health.imports.history import (
    import_named,
    rejected_lines,
    stored_summary,
)
from integration_health.imports.options import Overlap
from integration_health.imports.progress import rows_read_so_far
from integration_health.imports.tables import csv_lines
from integration_health.imports.undo import undo_import
from integration_health.imports.uploads import (
    commit_upload,
    discard_upload,
    keep_upload,
    kept_preview,
)
from integration_health.models import ImportBatch
from integration_health.tasks import import_upload
from qa_observability.lib.errors import ApplicationError, NotFound

IMPORT = "integration_health.import_files"
SHOWN_REFUSALS = 20

_TEMPLATES = "admin/integration_health/importbatch"


@admin.register(ImportBatch)
class ImportBatchAdmin(admin.ModelAdmin[ImportBatch]):
    """Imports are made from files and undone whole; never edited, never deleted."""

    list_display = [
        "file_name",
        "kind",
        "state",
        "window_start",
        "window_end",
        "rows_accepted",
        "rows_rejected",
        "actor",
        "created_at",
    ]
    list_filter = ["state", "kind", "source"]
    search_fields = ["file_name", "actor"]
    ordering = ["-created_at"]
    show_full_result_count = False
    change_list_template = f"{_TEMPLATES}/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(IMPORT) or super().has_view_permission(
            request, obj
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponseBase], str]] = [
            ("upload/", self.upload_view, "upload"),
            ("<uuid:batch_id>/commit/", require_POST(self.commit_view), "commit"),
            ("<uuid:batch_id>/discard/", require_POST(self.discard_view), "discard"),
            ("<uuid:batch_id>/undo/", require_POST(self.undo_view), "undo"),
            ("<uuid:batch_id>/rejected.csv", self.rejected_view, "rejected"),
        ]
        routes = [
            path(
                route,
                self.admin_site.admin_view(view),
                name=f"integration_health_importbatch_{name}",
            )
            for route, view, name in own
        ]
        return [*routes, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        offered = {"may_import": request.user.has_perm(IMPORT)}
        return super().changelist_view(request, (extra_context or {}) | offered)

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file and look at it; what is worth storing waits for commit."""
        _require_right(request)
        now = timezone.now()
        form = ExportForm(request.POST or None, request.FILES or None, now=now)
        preview = None
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                preview = keep_upload(
                    cast("BinaryIO", file.file),
                    form.options(),
                    name=file.name,
                    by=request.user,
                    now=now,
                )
            except ApplicationError as refused:
                form.add_refusal(refused)
        if preview is not None and preview.batch is not None:
            return _to(preview.batch.pk)
        return self._page(
            request,
            "upload",
            title=_("Import a Splunk export"),
            form=form,
            summary=preview.summary if preview else None,
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a preview that waits, or what came of an import."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            batch = import_named(UUID(object_id))
        except ValueError as unknown:
            raise Http404 from unknown
        except NotFound:
            return _to_list()  # discarded meanwhile, or all of it was known
        if batch.state == BatchState.WAITING:
            return self._preview_page(request, batch)
        if batch.state == BatchState.RUNNING:
            return self._page(
                request,
                "running",
                title=_("Importing"),
                batch=batch,
                rows=rows_read_so_far(batch.pk),
            )
        return self._page(
            request,
            "result",
            title=batch.file_name,
            batch=batch,
            summary=stored_summary(batch),
            may_undo=batch.state == BatchState.COMMITTED
            and request.user.has_perm(IMPORT),
        )

    def _preview_page(self, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
        preview = kept_preview(batch)
        return self._page(
            request,
            "preview",
            title=_("Look before you import"),
            batch=batch,
            summary=preview.summary,
            rows=preview.rows,
            overlaps=any(each.code == "overlap" for each in preview.summary.warnings),
        )

    def commit_view(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """Import a file that waits; a long one in the background."""
        _require_right(request)
        try:
            if is_long(batch_id):
                _start(request, batch_id)
            else:
                _commit(request, batch_id)
        except ApplicationError as refused:
            messages.error(request, refused.detail)
        except QueueAway:
            abandon_start(batch_id)
            messages.error(
                request, _("The job queue does not answer. Try again in a moment.")
            )
        return _to(batch_id)

    def discard_view(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """Forget a file that waits."""
        _require_right(request)
        try:
            discard_upload(batch_id)
        except ApplicationError as refused:
            messages.error(request, refused.detail)
        return _to_list()

    def undo_view(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """Take an import back."""
        _require_right(request)
        try:
            undo_import(batch_id, by=request.user, now=timezone.now())
        except ApplicationError as refused:
            messages.error(request, refused.detail)
        else:
            messages.success(
                request, _("The import was taken back, with all that followed from it.")
            )
        return _to(batch_id)

    def rejected_view(
        self, request: HttpRequest, batch_id: UUID
    ) -> StreamingHttpResponse:
        """Hand out the refused rows as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            batch = import_named(batch_id)
        except NotFound as unknown:
            raise Http404 from unknown
        return StreamingHttpResponse(
            csv_lines(rejected_lines(batch)),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": (
                    f'attachment; filename="qa-rejected-rows-{batch_id}.csv"'
                )
            },
        )

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        shown = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "shown_refusals": SHOWN_REFUSALS,
            **context,
        }
        return TemplateResponse(request, f"{_TEMPLATES}/{name}.html", shown)


def _commit(request: HttpRequest, batch_id: UUID) -> None:
    summary = commit_upload(
        batch_id, overlap=_overlap_in(request), by=request.user, now=timezone.now()
    )
    if summary.import_id == batch_id:
        messages.success(
            request, _("%(rows)s rows imported.") % {"rows": summary.accepted}
        )
    else:
        messages.warning(request, _("Nothing was stored: all of it is known."))


def _start(request: HttpRequest, batch_id: UUID) -> None:
    start_upload(batch_id)
    import_upload.delay(
        str(batch_id),
        replace=_overlap_in(request) is Overlap.REPLACE,
        user_id=cast("int", request.user.pk),
    )


def _overlap_in(request: HttpRequest) -> Overlap:
    return Overlap.REPLACE if "replace" in request.POST else Overlap.REFUSE


def _require_right(request: HttpRequest) -> None:
    if not request.user.has_perm(IMPORT):
        raise PermissionDenied


def _to(batch_id: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(
        reverse("admin:integration_health_importbatch_change", args=[batch_id])
    )


def _to_list() -> HttpResponseRedirect:
    return HttpResponseRedirect(
        reverse("admin:integration_health_importbatch_changelist")
    )
